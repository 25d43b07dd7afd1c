import type { Revision } from '@clarity/flags-core/ports';
import { redisPublisher } from '@clarity/flags-redis';
import { Redis } from 'ioredis';
import { RAW } from './follower.ts';

export interface Publishing {
  publish(text: string): Promise<void>;
  close(): Promise<void>;
}

const never = new AbortController().signal;

/** By compare-and-set on top of what was published last; checked, hashed and announced. */
export async function publishWithOurs(url: string, text: string): Promise<Publishing> {
  const publisher = redisPublisher({ url });
  let revision: Revision = await publisher.restore(text, never);
  return {
    publish: async (next) => {
      revision = await publisher.publish(next, revision, never);
    },
    close: () => publisher.close(),
  };
}

/** SET and PUBLISH in one packet. */
export async function publishByHand(url: string): Promise<Publishing> {
  const redis = new Redis(url);
  return {
    publish: async (text) => {
      await redis.pipeline().set(RAW.key, text).publish(RAW.channel, 'changed').exec();
    },
    close: async () => redis.disconnect(),
  };
}
