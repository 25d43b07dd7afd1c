import { assertPublishable, CallScope, checkedMaxBytes, EpochFloor } from '@clarity/flags-core/adapter-kit';
import { type FlagPublisher, isStoreError, type PublishedRevision } from '@clarity/flags-core/ports';
import {
  parseRedisPublishReply,
  REDIS_PUBLISH_SCRIPT,
  redisPublishArguments,
  type RedisPublication,
} from '@clarity/flags-redis-protocol';
import { createHash, randomUUID } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { commandClient } from './command-client.ts';
import { withFailoverPatience } from './failover-patience.ts';
import type { DocumentOptions, RedisOptions } from './redis-options.ts';
import { MOST_BYTES, resolveRedis } from './resolve-redis.ts';

export type RedisPublisherOptions = RedisOptions &
  DocumentOptions & {
    /** Accept a document without flags. Default false: it is nearly always an accident. */
    readonly allowEmpty?: boolean;
  };

/**
 * Publishes by compare-and-set: one script compares the revision, announces the change and writes, so of several
 * publishers one wins and readers see the old document or the new one. Each takes a new epoch, from the server's clock
 * and above every one that this publisher was told, so that clients adopt it also after the server lost what it held
 * (F90). What it notices of such a loss comes back as `warnings` of the revision.
 *
 * While a failover is under way it tries again for some seconds: a replica refuses writes, and so does a primary that
 * has lost its replicas.
 *
 * Rejects with `conflict`, `invalid` (not a flag document; a key that holds something else), `too-large`,
 * `unauthorized`, `unavailable` or `timeout`. After the last two, or an abort, the document may have been written: read
 * before trying again.
 *
 * @throws StoreError `invalid` for an address that is not one of Redis
 * @throws TypeError or RangeError for any other bad option
 */
export function redisPublisher(options: RedisPublisherOptions): FlagPublisher {
  const resolved = resolveRedis(options);
  const { name, layout, database, access } = resolved;
  const { allowEmpty = false } = options;
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const attempt = `publish to ${layout.key}`;
  const client = commandClient(resolved, attempt);
  const scope = new CallScope(`the Redis publisher ${name}`);
  const floor = new EpochFloor();

  async function write(
    text: string,
    expected: RedisPublication['expected'],
    signal: AbortSignal,
  ): Promise<PublishedRevision> {
    assertPublishable(text, layout.key, expected, { maxBytes, allowEmpty });
    const wallMs = Date.now();
    floor.told(expected, wallMs);
    const publication: RedisPublication = {
      layout,
      scope: { namespace: layout.namespace, database },
      text,
      hash: createHash('sha256').update(text).digest('hex'),
      expected,
      id: randomUUID(),
      wallMs,
      floorEpoch: floor.epoch,
      sharded: access.kind === 'cluster',
    };
    const { keys, args } = redisPublishArguments(publication);
    try {
      const send = async (redis: Redis | Cluster, note: (error: unknown) => void): Promise<unknown> => {
        try {
          return await redis.eval(REDIS_PUBLISH_SCRIPT, 1, ...keys, ...args);
        } catch (error) {
          note(error);
          throw error;
        }
      };
      const reply = await withFailoverPatience((note) => client.run((redis) => send(redis, note), signal), signal);
      const published = parseRedisPublishReply(reply, publication);
      floor.told(published, wallMs);
      return published;
    } catch (error) {
      if (isStoreError(error)) floor.told(error.revision, wallMs);
      throw error;
    }
  }

  return {
    name,
    guarantee: 'compare-and-set',
    publish: (text, expected, signal) => scope.run(attempt, signal, (ending) => write(text, expected, ending)),
    restore: (text, signal) => scope.run(`restore ${layout.key}`, signal, (ending) => write(text, 'any', ending)),
    close: () => {
      scope.close();
      return client.close();
    },
  };
}
