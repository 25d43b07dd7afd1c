import { CallScope, checkedMaxBytes, textHash } from '@clarity/flags-core/adapter-kit';
import type { FlagSource } from '@clarity/flags-core/ports';
import { readRedisDocument, type RedisReader } from '@clarity/flags-redis-protocol';
import { RestCommands } from './rest-commands.ts';
import { type MakeRestRedis, ReplyTooLarge } from './rest-redis.ts';
import { notTheApi, upstashError } from './upstash-error.ts';
import type { DocumentOptions, UpstashOptions } from './upstash-options.ts';
import { MOST_BYTES, resolveUpstash } from './resolve-upstash.ts';

export type UpstashSourceOptions = UpstashOptions & DocumentOptions;

/**
 * How many bytes of JSON one byte of a document becomes at most, and the other fields of a reply, of which `meta` is
 * the longest.
 */
const ESCAPED = 6;
const OTHER_FIELDS_BYTES = 16_384;

/** The source over one entry of the library. */
export function sourceOver(make: MakeRestRedis, options: UpstashSourceOptions): FlagSource {
  const place = resolveUpstash(options);
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const { name, layout } = place;
  const commands = new RestCommands(make, place, maxBytes * ESCAPED + OTHER_FIELDS_BYTES);
  const scope = new CallScope(`the Upstash source ${name}`);
  const attempt = `read ${layout.key}`;

  /** One command. `onAge` hears how old the answer is. */
  async function hmget(
    fields: readonly string[],
    signal: AbortSignal,
    onAge: (ageMs: number) => void,
  ): Promise<readonly unknown[]> {
    const reply = await commands.run(signal, async (redis) => {
      const answer = await redis.hmget(layout.key, ...fields);
      onAge(redis.ageMs ?? 0);
      return answer;
    });
    if (Array.isArray(reply) && reply.length === fields.length) return reply;
    throw notTheApi(attempt);
  }

  const readerOf = (signal: AbortSignal, onAge: (ageMs: number) => void): RedisReader => ({
    check: async (fields) => {
      try {
        return await hmget(fields, signal, onAge);
      } catch (error) {
        throw upstashError(error, attempt);
      }
    },
    download: async (fields) => {
      let reply: readonly unknown[];
      try {
        reply = await hmget(fields, signal, onAge);
      } catch (error) {
        if (error instanceof ReplyTooLarge) return undefined;
        throw upstashError(error, attempt);
      }
      const last = reply.at(-1);
      const text = typeof last === 'string' ? last : '';
      const bytes = new TextEncoder().encode(text);
      return { fields: reply, bytes: bytes.length, hash: () => textHash(bytes), text: () => text };
    },
  });

  return {
    name,
    read: (known, signal, announced) =>
      scope.run(attempt, signal, async (ending) => {
        // Each command is billed: without a revision to compare with, a check would be one too many.
        const atOnce = known === undefined || announced !== undefined;
        let ageMs = 0;
        const reader = readerOf(ending, (ofAnswer) => {
          ageMs = Math.max(ageMs, ofAnswer);
        });
        const result = await readRedisDocument(reader, { layout, maxBytes, atOnce }, known);
        return ageMs === 0 ? result : { ...result, ageMs };
      }),
    close: async () => scope.close(),
  };
}
