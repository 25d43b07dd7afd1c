// The two followers: our client, and what one would write by hand with ioredis. Each says when it has seen a change.
import { createFlagClient } from '@clarity/flags-core';
import type { FlagFeed, FlagSource } from '@clarity/flags-core/ports';
import { redisFeed, redisSource } from '@clarity/flags-redis';
import { Redis } from 'ioredis';
import { WATCHED } from './document.ts';

export const RAW = { key: 'raw:document', channel: 'raw:changed' } as const;

export interface Follower {
  /** Called each time that the flag's answer is another. */
  onFlip: (on: boolean) => void;
  close(): Promise<void>;
}

export const followWithOurs = (url: string): Promise<Follower> =>
  followStore({ source: redisSource({ url }), feed: redisFeed({ url }) });

/** Ready and subscribed. */
export async function followStore(store: { readonly source: FlagSource; readonly feed: FlagFeed }): Promise<Follower> {
  const client = createFlagClient({
    ...store,
    refreshMode: 'both',
    refreshIntervalMs: 60_000,
    staleAfterMs: 300_000,
    variables: false,
    logLevel: 'error',
  });
  const up = new Promise<void>((resolve) => void client.on('feed', ({ state }) => state === 'up' && resolve()));
  await client.ready();
  if (client.health().feed !== 'up') await up;
  const follower: Follower = { onFlip: () => undefined, close: () => client.close() };
  client.on('changed', () => follower.onFlip(client.isEnabled(WATCHED)));
  return follower;
}

interface Parsed {
  readonly flags: Readonly<Record<string, { readonly status: string }>>;
}

/**
 * Subscribes, and at each message gets, parses and keeps the flags. It checks nothing and never catches up on a missed
 * message.
 */
export async function followByHand(url: string): Promise<Follower> {
  const [subscriber, reader] = [new Redis(url), new Redis(url)];
  const follower: Follower = {
    onFlip: () => undefined,
    close: async () => {
      subscriber.disconnect();
      reader.disconnect();
    },
  };
  // An application answers from it until the next change.
  let served: Parsed | undefined;
  const refresh = async (): Promise<void> => {
    served = JSON.parse((await reader.get(RAW.key)) ?? '{}') as Parsed;
    follower.onFlip(served.flags[WATCHED]?.status === 'enabled');
  };
  subscriber.on('message', () => void refresh());
  await reader.ping();
  await subscriber.subscribe(RAW.channel);
  return follower;
}
