import { CallScope, checkedMaxBytes } from '@clarity/flags-core/adapter-kit';
import { type FlagSource, isStoreError, type Revision, StoreError } from '@clarity/flags-core/ports';
import { readRedisDocument, type RedisLayout, type RedisReader, type RedisText } from '@clarity/flags-redis-protocol';
import { createHash } from 'node:crypto';
import { type CommandClient, commandClient } from './command-client.ts';
import type { DocumentOptions, RedisOptions } from './redis-options.ts';
import { MOST_BYTES, resolveRedis } from './resolve-redis.ts';

/** The other fields of a reply, and what else may come in one piece with its end, in bytes. */
const AROUND_THE_DOCUMENT = 128 * 1024;

export type RedisSourceOptions = RedisOptions & DocumentOptions;

/**
 * The document in Redis as a source. A check costs one `HMGET` of five short fields; the document is read only when its
 * revision is another (or a notice has just said so: then at once), at one moment with its hash, which is verified. The
 * revision is `{ epoch, version, hash }`.
 *
 * `read` rejects with `not-found`, `invalid` (a key of another type, unreadable fields, a text that does not match its
 * hash, a wrong database), `too-large`, `unauthorized`, `unavailable`, `throttled` or `timeout` (also the caller's
 * signal).
 *
 * @throws StoreError `invalid` for an address that is not one of Redis
 * @throws TypeError or RangeError for any other bad option
 */
export function redisSource(options: RedisSourceOptions): FlagSource {
  const resolved = resolveRedis(options);
  const { name, layout } = resolved;
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const attempt = `read ${layout.key}`;
  const client = commandClient(resolved, attempt, maxBytes + AROUND_THE_DOCUMENT);
  const scope = new CallScope(`the Redis source ${name}`);

  return {
    name,
    read: (known, signal, announced) =>
      scope.run(attempt, signal, (ending) =>
        readRedisDocument(
          readerOf(client, layout, ending),
          { layout, maxBytes, atOnce: announced !== undefined },
          known,
        ),
      ),
    close: () => {
      scope.close();
      return client.close();
    },
  };
}

/** How one read asks, over whichever connection there is. */
function readerOf(client: CommandClient, layout: RedisLayout, signal: AbortSignal): RedisReader {
  return {
    check: (fields) => client.run((redis) => redis.hmget(layout.key, ...fields), signal),
    download: async (fields) => {
      try {
        const reply = await client.run((redis) => redis.hmgetBuffer(layout.key, ...fields), signal);
        return textOf(reply, layout);
      } catch (error) {
        if (isStoreError(error) && error.reason === 'too-large') return undefined;
        throw error;
      }
    },
  };
}

function textOf(reply: readonly (Buffer | null)[], layout: RedisLayout): RedisText {
  const bytes = reply.at(-1) ?? new Uint8Array();
  return {
    fields: reply.slice(0, -1).map((field) => field?.toString('latin1')),
    bytes: bytes.length,
    hash: () => createHash('sha256').update(bytes).digest('hex'),
    text: (revision) => decodeUtf8(bytes, layout, revision),
  };
}

/** Strict: a replacement character could end up in a flag key. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array, { key }: RedisLayout, revision: Revision): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new StoreError('invalid', `the text at ${key} is not UTF-8; publish a document as UTF-8`, {
      cause,
      revision,
    });
  }
}
