/** Reading a flag document out of Redis, however its commands travel: check, download, verify. */
import { compareRevisions, type Revision } from '@clarity/flags-core/ports';
import {
  REDIS_BARE_DOCUMENT_FIELDS,
  REDIS_DOCUMENT_FIELDS,
  REDIS_REVISION_FIELDS,
  type RedisLayout,
} from './layout.ts';
import { redisAncestors } from './meta.ts';
import { redisRecord, type RedisRecord } from './record.ts';
import type { ReadResult } from '@clarity/flags-core/ports';
import { StoreError } from '@clarity/flags-core/ports';

const [ID, META] = [REDIS_DOCUMENT_FIELDS.indexOf('id'), REDIS_DOCUMENT_FIELDS.indexOf('meta')] as const;

/** How one adapter asks. Each call is one command, and rejects with a `StoreError`. */
export interface RedisReader {
  /** `HMGET` of these fields: texts, and null for a missing one. */
  check(fields: readonly string[]): Promise<readonly unknown[]>;
  /**
   * The same with the document as the last field, at one moment. `undefined` when it was larger than allowed, and not
   * read to its end.
   */
  download(fields: readonly string[]): Promise<RedisText | undefined>;
}

export interface RedisText {
  /** The reply as texts; what follows the revision's fields is not looked at. */
  readonly fields: readonly unknown[];
  /** Of the document, in UTF-8. */
  readonly bytes: number;
  /** SHA-256 of the document as it is stored, lower-case hex. */
  hash(): string | Promise<string>;
  /** The document. @throws StoreError when it is not text */
  text(revision: Revision): string;
}

export interface RedisReadOptions {
  readonly layout: RedisLayout;
  readonly maxBytes: number;
  /** Download at once, without a check before it: there is a new document for sure. */
  readonly atOnce: boolean;
}

/**
 * The document, or that it is still the one at `known`. What does not match its hash is read once more: a writer of
 * another kind may be half way (F17).
 *
 * @throws StoreError
 */
export async function readRedisDocument(
  reader: RedisReader,
  { layout, maxBytes, atOnce }: RedisReadOptions,
  known: Revision | undefined,
): Promise<ReadResult> {
  const { key } = layout;
  let record: RedisRecord | undefined;
  const tooLarge = (bytes: number | string): StoreError =>
    new StoreError(
      'too-large',
      `the document at ${key} has ${bytes} bytes and at most ${maxBytes} are allowed; remove flags, or raise maxBytes`,
      record,
    );
  if (!atOnce) {
    record = redisRecord(key, await reader.check(REDIS_REVISION_FIELDS));
    const { revision, publishedAtMs, bytes } = record;
    if (known !== undefined && compareRevisions(revision, known) === 'same') {
      return { kind: 'unchanged', revision, publishedAtMs };
    }
    if (bytes > maxBytes) throw tooLarge(bytes);
  }
  for (let reading = 1; reading <= 2; reading += 1) {
    let stored = await reader.download(REDIS_DOCUMENT_FIELDS);
    // Worth asking now which revision that is: it is refused once then, and not at each notice.
    if (stored === undefined && atOnce) return readRedisDocument(reader, { layout, maxBytes, atOnce: false }, known);
    // The document itself is not larger than allowed: what somebody else put beside it may be.
    stored ??= await reader.download(REDIS_BARE_DOCUMENT_FIELDS);
    if (stored === undefined) throw tooLarge(`over ${maxBytes}`);
    record = redisRecord(key, stored.fields);
    if (stored.bytes > maxBytes) throw tooLarge(stored.bytes);
    const { revision, publishedAtMs } = record;
    if ((await stored.hash()) === revision.hash) {
      const ancestors = redisAncestors(stored.fields[ID], stored.fields[META], revision);
      return {
        kind: 'document',
        complete: true,
        text: stored.text(revision),
        revision,
        publishedAtMs,
        ...(ancestors !== undefined && { ancestors }),
      };
    }
  }
  throw new StoreError('invalid', `the text in ${key} does not match its hash; publish or restore another`, record);
}
