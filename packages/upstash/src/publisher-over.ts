import { assertPublishable, CallScope, checkedMaxBytes, EpochFloor, textHash } from '@clarity/flags-core/adapter-kit';
import { type FlagPublisher, isStoreError, type PublishedRevision } from '@clarity/flags-core/ports';
import {
  parseRedisPublishReply,
  REDIS_PUBLISH_SCRIPT,
  redisPublishArguments,
  type RedisPublication,
} from '@clarity/flags-redis-protocol';
import { RestCommands } from './rest-commands.ts';
import type { MakeRestRedis } from './rest-redis.ts';
import { upstashError } from './upstash-error.ts';
import type { DocumentOptions, UpstashOptions } from './upstash-options.ts';
import { MOST_BYTES, resolveUpstash } from './resolve-upstash.ts';

export type UpstashPublisherOptions = UpstashOptions &
  DocumentOptions & {
    /** Accept a document without flags. Default false: it is nearly always an accident. */
    readonly allowEmpty?: boolean;
  };

/** The publisher over one entry of the library. */
export function publisherOver(make: MakeRestRedis, options: UpstashPublisherOptions): FlagPublisher {
  const place = resolveUpstash(options);
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const { allowEmpty = false } = options;
  const { name, layout } = place;
  const commands = new RestCommands(make, place);
  const scope = new CallScope(`the Upstash publisher ${name}`);
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
      scope: { namespace: layout.namespace },
      text,
      hash: await textHash(text),
      expected,
      id: crypto.randomUUID(),
      wallMs,
      floorEpoch: floor.epoch,
    };
    try {
      const published = await sendTwice(publication, signal);
      floor.told(published, wallMs);
      return published;
    } catch (error) {
      if (isStoreError(error)) floor.told(error.revision, wallMs);
      throw error;
    }
  }

  async function sendTwice(publication: RedisPublication, signal: AbortSignal): Promise<PublishedRevision> {
    try {
      return await send(publication, signal);
    } catch (error) {
      // The answer may have got lost on its way back. Sent again with its id, the script tells what became of it.
      if (!isStoreError(error) || error.reason !== 'unavailable' || signal.aborted) throw error;
      return send(publication, signal);
    }
  }

  async function send(publication: RedisPublication, signal: AbortSignal): Promise<PublishedRevision> {
    const { keys, args } = redisPublishArguments(publication);
    let reply: unknown;
    try {
      reply = await commands.run(signal, (redis) => redis.eval(REDIS_PUBLISH_SCRIPT, keys, args));
    } catch (error) {
      throw upstashError(error, `publish to ${layout.key}`);
    }
    return parseRedisPublishReply(reply, publication);
  }

  return {
    name,
    guarantee: 'compare-and-set',
    publish: (text, expected, signal) =>
      scope.run(`publish to ${layout.key}`, signal, (ending) => write(text, expected, ending)),
    restore: (text, signal) => scope.run(`restore ${layout.key}`, signal, (ending) => write(text, 'any', ending)),
    close: async () => scope.close(),
  };
}
