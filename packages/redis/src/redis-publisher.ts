import {
  assertPublishable,
  CallScope,
  type FlagPublisher,
  parseRedisPublishReply,
  REDIS_PUBLISH_SCRIPT,
  redisPublishArguments,
  type RedisPublication,
  type Revision,
} from '@clarity/flags-core/ports';
import { createHash, randomUUID } from 'node:crypto';
import { commandClient } from './command-client.ts';
import { type DocumentOptions, type RedisOptions, resolveMaxBytes, resolveRedis } from './redis-options.ts';

export type RedisPublisherOptions = RedisOptions &
  DocumentOptions & {
    /** Accept a document without flags. Default false: it is nearly always an accident. */
    readonly allowEmpty?: boolean;
  };

/**
 * Publishes by compare-and-set: one script compares the revision, announces the change and writes, so of several
 * publishers one wins and readers see the old document or the new one. The first publish into an empty store and each
 * restore take a new epoch, from the server's clock.
 *
 * Rejects with `conflict`, `invalid` (not a flag document; a key that holds something else), `too-large`,
 * `unauthorized`, `unavailable` or `timeout`. After the last two, or an abort, the document may have been written: read before trying again.
 *
 * @throws StoreError `invalid` for an address that is none
 * @throws TypeError or RangeError for any other bad option
 */
export function redisPublisher(options: RedisPublisherOptions): FlagPublisher {
  const resolved = resolveRedis(options);
  const { name, layout, database, access } = resolved;
  const { allowEmpty = false } = options;
  const maxBytes = resolveMaxBytes(options.maxBytes);
  const attempt = `publish to ${layout.key}`;
  const client = commandClient(resolved, attempt);
  const scope = new CallScope(`the Redis publisher ${name}`);

  async function write(text: string, expected: RedisPublication['expected'], signal: AbortSignal): Promise<Revision> {
    assertPublishable(text, layout.key, expected, { maxBytes, allowEmpty });
    const publication: RedisPublication = {
      layout,
      scope: { namespace: layout.namespace, database },
      text,
      hash: createHash('sha256').update(text).digest('hex'),
      expected,
      id: randomUUID(),
      wallMs: Date.now(),
      sharded: access.kind === 'cluster',
    };
    const { keys, args } = redisPublishArguments(publication);
    return client.run(
      async (redis) => parseRedisPublishReply(await redis.eval(REDIS_PUBLISH_SCRIPT, 1, ...keys, ...args), publication),
      signal,
    );
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
