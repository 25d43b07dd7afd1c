import { flagStore } from '@clarity/flags-core/adapter-kit';
import type { FlagStore } from '@clarity/flags-core/ports';
import { fileStore } from '@clarity/flags-file';
import { fetchAdapter, postgresAdapter, redisAdapter, ssmAdapter, upstashAdapter } from './adapters.ts';
import { environmentVariables } from './environment-variables.ts';
import { parseStoreAddress, type StoreAddress, StoreAddressError } from './store-address.ts';

export interface ConnectOptions {
  /** Where changes are announced, for stores that announce. */
  readonly channel?: string;
  /** Variables to look credentials up in. Default: the process's own. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/**
 * The store at an address. What it stands for is loaded when it is asked for, and nothing is connected yet: that
 * happens with the first read.
 *
 * @throws StoreAddressError for an address that stands for no store
 * @throws MissingAdapterError when its adapter is not installed, with the command that installs it
 */
export async function connect(address: string, options: ConnectOptions = {}): Promise<FlagStore> {
  const parsed = parseStoreAddress(address);
  switch (parsed.kind) {
    case 'file':
      return fileStore({ path: parsed.path });
    case 'https': {
      const { fetchSource } = await fetchAdapter();
      return flagStore({ source: fetchSource({ url: parsed.url }), feed: undefined, publisher: undefined });
    }
    case 'redis': {
      const { redisStore } = await redisAdapter();
      return redisStore({ url: parsed.url, ...placeOf(parsed.namespace, options.channel) });
    }
    case 'postgres': {
      const { postgresStore } = await postgresAdapter();
      const { url, schema, namespace } = parsed;
      return postgresStore({ url, ...(schema !== undefined && { schema }), ...placeOf(namespace, options.channel) });
    }
    case 'ssm':
      return connectSsm(parsed);
    case 'upstash':
      return connectUpstash(parsed, options);
  }
}

async function connectSsm({ path, layout, region, label }: Extract<StoreAddress, { kind: 'ssm' }>): Promise<FlagStore> {
  const { ssmPublisher, ssmSource } = await ssmAdapter();
  const connection = { path, ...(region === undefined ? {} : { region }) };
  const source = ssmSource({ ...connection, layout, ...(label === undefined ? {} : { label }) });
  // AWS writes by path only: what another account shares is read by its ARN.
  const isReadOnly = layout === 'per-flag' || path.startsWith('arn:');
  const publisher = isReadOnly ? undefined : ssmPublisher({ ...connection, layout });
  return flagStore({ source, feed: undefined, publisher });
}

async function connectUpstash(
  { url, token, namespace }: Extract<StoreAddress, { kind: 'upstash' }>,
  { channel, variables = environmentVariables() }: ConnectOptions,
): Promise<FlagStore> {
  const given = token ?? (variables['UPSTASH_REDIS_REST_TOKEN'] || variables['KV_REST_API_TOKEN']);
  if (given === undefined || given === '') {
    throw new StoreAddressError(
      'upstash: without a token',
      'a token in UPSTASH_REDIS_REST_TOKEN or KV_REST_API_TOKEN, or in the address, between : and @',
    );
  }
  const { upstashStore } = await upstashAdapter();
  return upstashStore({ url, token: given, ...placeOf(namespace, channel) });
}

function placeOf(
  namespace: string | undefined,
  channel: string | undefined,
): { readonly namespace?: string; readonly channel?: string } {
  return { ...(namespace === undefined ? {} : { namespace }), ...(channel === undefined ? {} : { channel }) };
}
