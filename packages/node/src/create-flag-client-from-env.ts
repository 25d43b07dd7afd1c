import { describeOption, requireOptions } from '@clarity/flags-core/adapter-kit';
import { createFlagClient, type FlagClient, type FlagClientOptions } from '@clarity/flags-core';
import { connect } from './connect.ts';
import { environmentVariables } from './environment-variables.ts';

/** Options that stand above the variables. `source` and `feed` come from the variables unless they are given. */
export interface FromEnvOptions extends Partial<FlagClientOptions> {
  /** The file that is read when no variable names a store. Default `flags.json`. */
  readonly path?: string;
}

/**
 * A client from variables:
 *
 * - `FEATURE_FLAG_STORE_URL`, else `REDIS_URL`: the store; without either the file `flags.json`
 * - `REDIS_URL`: the feed of a source that does not announce for itself (flags in SSM or at an HTTPS address), and of
 *   one given in code
 * - `FEATURE_FLAG_PUBSUB_CHANNEL`: the feed's channel
 * - and every variable that `createFlagClient` reads
 *
 * @throws StoreAddressError, MissingAdapterError, InvalidOptionsError or TypeError before anything is connected
 */
export async function createFlagClientFromEnv(options: FromEnvOptions = {}): Promise<FlagClient> {
  requireOptions(options, 'createFlagClientFromEnv', '{ path }, the options of createFlagClient, or nothing');
  const { path = 'flags.json', ...given } = options;
  if (typeof path !== 'string') throw new TypeError(`path is ${describeOption(path)}; allowed is a text`);
  const variables = given.variables === false ? {} : (given.variables ?? environmentVariables());
  const text = (name: string): string | undefined => {
    const value: unknown = variables[name];
    if (value === undefined) return undefined;
    // Not shown: it may be an address with a password.
    if (typeof value !== 'string')
      throw new TypeError(`the variable ${name} is ${describeOption(value)}; allowed is a text`);
    return value.trim() || undefined;
  };
  const channel = text('FEATURE_FLAG_PUBSUB_CHANNEL');
  const redis = text('REDIS_URL');
  const address = text('FEATURE_FLAG_STORE_URL') ?? redis ?? `file:${path}`;
  const place = { variables, ...(channel === undefined ? {} : { channel }) };

  const { source, feed: own } =
    given.source === undefined ? await connect(address, place) : { source: given.source, feed: undefined };
  const feed = given.feed ?? own ?? (redis === undefined ? undefined : (await connect(redis, place)).feed);
  return createFlagClient({ ...given, source, ...(feed === undefined ? {} : { feed }) });
}
