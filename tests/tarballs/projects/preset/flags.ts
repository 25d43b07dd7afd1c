// A library that installed the preset alone, as its README says, and writes declarations of what it exports.
import { connect, createFlagClientFromEnv, getFlagClient, parseStoreAddress } from '@clarity/flags-node';

export const flags = createFlagClientFromEnv();
export const store = connect('file:flags.json');
export const address = parseStoreAddress('file:flags.json');
export const theOne = getFlagClient;

export async function lookedAt() {
  const client = await flags;
  return {
    client,
    health: client.health(),
    freshness: client.freshness(),
    details: client.details('new_checkout', { userId: 'u1' }, false),
    all: client.allDetails(),
    pinned: client.forContext({ userId: 'u1' }),
    refreshed: await client.refresh(),
    ask: client.flag('new_checkout'),
    source: (await store).source,
    feed: (await store).feed,
    publisher: (await store).publisher,
    inspector: (await store).inspector,
  };
}
