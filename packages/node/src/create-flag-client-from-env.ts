import { createFlagClient, type FlagClient, type FlagClientOptions } from '@clarity/flags-core';
import type { FlagFeed } from '@clarity/flags-core/ports';
import { connect } from './connect.ts';
import { environmentVariables } from './environment-variables.ts';

/** Options that stand above the variables. `source` and `feed` come from these unless they are given. */
export interface FromEnvOptions extends Partial<FlagClientOptions> {
  /** The file that is read when no variable names a store. Default `flags.json`. */
  readonly path?: string;
}

/**
 * A client from variables:
 *
 * - `FEATURE_FLAG_STORE_URL`, else `REDIS_URL`: the store; without either the file `flags.json`
 * - `REDIS_URL`: the feed, also when the store is another one (flags in SSM, changes announced by Redis)
 * - `FEATURE_FLAG_PUBSUB_CHANNEL`: the feed's channel
 * - and every variable that `createFlagClient` reads
 *
 * @throws StoreAddressError, MissingAdapterError or InvalidOptionsError before anything is connected
 */
export async function createFlagClientFromEnv(options: FromEnvOptions = {}): Promise<FlagClient> {
  const { path = 'flags.json', ...given } = options;
  const variables = given.variables === false ? {} : (given.variables ?? environmentVariables());
  const text = (name: string): string | undefined => variables[name]?.trim() || undefined;
  const channel = text('FEATURE_FLAG_PUBSUB_CHANNEL');
  const redis = text('REDIS_URL');
  const address = text('FEATURE_FLAG_STORE_URL') ?? redis ?? `file:${path}`;
  const place = { variables, ...(channel === undefined ? {} : { channel }) };

  const { source, feed: own } =
    given.source === undefined ? await connect(address, place) : { source: given.source, feed: undefined };
  const feed = given.feed ?? (await feedFor(address, redis, own, place));
  return createFlagClient({ ...given, source, ...(feed === undefined ? {} : { feed }) });
}

/** Redis announces where it is named; a store without it announces for itself, if it can. */
async function feedFor(
  address: string,
  redis: string | undefined,
  own: FlagFeed | undefined,
  place: Parameters<typeof connect>[1],
): Promise<FlagFeed | undefined> {
  if (redis === undefined || redis === address) return own;
  return (await connect(redis, place)).feed;
}
