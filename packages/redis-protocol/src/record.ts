import type { CountedRevision } from '@clarity/flags-core/ports';
import { REDIS_REVISION_FIELDS, sha256, wholeNumber } from './layout.ts';
import { StoreError } from '@clarity/flags-core/ports';

/** What the revision fields say. */
export interface RedisRecord {
  readonly revision: CountedRevision & { readonly hash: string };
  /** Unix milliseconds, by the server's clock. */
  readonly publishedAtMs: number;
  readonly bytes: number;
}

/**
 * Reads the reply of `HMGET` for `REDIS_REVISION_FIELDS` or `REDIS_DOCUMENT_FIELDS`: texts, and null for a missing
 * field.
 *
 * @throws StoreError `not-found` when all are missing; `invalid` for what no publisher of ours wrote, with the names of
 * the fields and nothing of what is in them
 */
export function redisRecord(key: string, reply: readonly unknown[]): RedisRecord {
  const [epoch, version, publishedAtMs, bytes] = [0, 1, 3, 4].map((index) => wholeNumber(reply[index]));
  const hash = sha256(reply[2]);
  const read = [epoch, version, hash, publishedAtMs, bytes];
  const lacking = REDIS_REVISION_FIELDS.filter((_, index) => read[index] === undefined);
  if (lacking.length === 0) return { revision: { epoch, version, hash }, publishedAtMs, bytes } as RedisRecord;
  // Null and undefined join as nothing.
  if (reply.join('') === '') {
    throw new StoreError('not-found', `there is no document at ${key}; publish one, or correct namespace and database`);
  }
  throw new StoreError(
    'invalid',
    `the key ${key} is without a readable ${lacking.join(', ')}, so no publisher wrote it; restore a document over it, or choose another namespace`,
  );
}
