import {
  CallScope,
  compareRevisions,
  type FlagSource,
  parseRedisRecord,
  type ReadDocument,
  type ReadResult,
  REDIS_DOCUMENT_FIELDS,
  REDIS_REVISION_FIELDS,
  type RedisLayout,
  type RedisRecord,
  redisWrongType,
  type Revision,
  StoreError,
} from '@clarity/flags-core/ports';
import type { Cluster, Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { commandClient } from './command-client.ts';
import { codeOf } from './redis-error.ts';
import { type DocumentOptions, type RedisOptions, resolveMaxBytes, resolveRedis } from './redis-options.ts';

export type RedisSourceOptions = RedisOptions & DocumentOptions;

type Present = Extract<RedisRecord, { kind: 'present' }>;

/** The text is not the one that the hash was made of. */
interface Mismatch {
  readonly kind: 'mismatch';
  readonly revision: Revision;
}

/**
 * The document in Redis as a source. A check costs one `HMGET` of five short fields; the document is read only when its
 * revision is another (or a notice has just said so: then at once), at one moment with its hash, which is verified. The revision is `{ epoch, version, hash }`.
 *
 * `read` rejects with `not-found`, `invalid` (a key of another type, unreadable fields, a text that does not match its hash, a
 * wrong database), `too-large`, `unauthorized`, `unavailable`, `throttled` or `timeout` (also the caller's signal).
 *
 * @throws StoreError `invalid` for an address that is none
 * @throws TypeError or RangeError for any other bad option
 */
export function redisSource(options: RedisSourceOptions): FlagSource {
  const resolved = resolveRedis(options);
  const { name, layout } = resolved;
  const maxBytes = resolveMaxBytes(options.maxBytes);
  const attempt = `read ${layout.key}`;
  const client = commandClient(resolved, attempt);
  const scope = new CallScope(`the Redis source ${name}`);

  return {
    name,
    read: (known, signal, announced) =>
      scope.run(attempt, signal, (ending) =>
        client.run((redis) => read(redis, layout, maxBytes, known, announced, ending), ending),
      ),
    close: () => {
      scope.close();
      return client.close();
    },
  };
}

async function read(
  redis: Redis | Cluster,
  layout: RedisLayout,
  maxBytes: number,
  known: Revision | undefined,
  announced: Revision | undefined,
  signal: AbortSignal,
): Promise<ReadResult> {
  if (announced === undefined) {
    const { revision, publishedAtMs, bytes } = present(layout, parseRedisRecord(await fields(redis, layout)));
    if (known !== undefined && compareRevisions(revision, known) === 'same') {
      return { kind: 'unchanged', revision, publishedAtMs };
    }
    refuseTooLarge(layout, bytes, maxBytes, revision);
    signal.throwIfAborted();
  }
  // A text that does not match its hash is read once more: a writer of another kind may be half way.
  const first = await readDocument(redis, layout, maxBytes);
  const reading = first.kind === 'mismatch' ? await readDocument(redis, layout, maxBytes) : first;
  if (reading.kind !== 'mismatch') return reading;
  throw new StoreError(
    'invalid',
    `the text in ${layout.key} does not match its hash: somebody changed it without publishing; publish or restore a document`,
    { revision: reading.revision },
  );
}

/** The document with its revision of the same moment. */
async function readDocument(
  redis: Redis | Cluster,
  layout: RedisLayout,
  maxBytes: number,
): Promise<ReadDocument | Mismatch> {
  const reply = await ofHash(layout, redis.hmgetBuffer(layout.key, ...REDIS_DOCUMENT_FIELDS));
  const texts = reply.slice(0, REDIS_REVISION_FIELDS.length).map((field) => field?.toString('latin1'));
  const { revision, publishedAtMs } = present(layout, parseRedisRecord(texts));
  const bytes = reply.at(-1) ?? new Uint8Array();
  refuseTooLarge(layout, bytes.length, maxBytes, revision);
  if (createHash('sha256').update(bytes).digest('hex') !== revision.hash) return { kind: 'mismatch', revision };
  return { kind: 'document', text: decodeUtf8(bytes, layout, revision), revision, publishedAtMs };
}

function fields(redis: Redis | Cluster, layout: RedisLayout): Promise<readonly (string | null)[]> {
  return ofHash(layout, redis.hmget(layout.key, ...REDIS_REVISION_FIELDS));
}

async function ofHash<T>(layout: RedisLayout, reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    throw codeOf(error) === 'WRONGTYPE' ? redisWrongType(layout) : error;
  }
}

function present({ key }: RedisLayout, record: RedisRecord): Present {
  switch (record.kind) {
    case 'present':
      return record;
    case 'absent':
      throw new StoreError(
        'not-found',
        `there is no document at ${key}; publish one, or correct namespace and database`,
      );
    case 'unreadable':
      throw new StoreError(
        'invalid',
        `the hash ${key} is ${record.problem}: no publisher of flags wrote it; restore a document over it, or choose another namespace`,
      );
  }
}

function refuseTooLarge({ key }: RedisLayout, bytes: number, maxBytes: number, revision: Revision): void {
  if (bytes <= maxBytes) return;
  throw new StoreError(
    'too-large',
    `the document at ${key} has ${bytes} bytes and at most ${maxBytes} are allowed; remove flags, or raise maxBytes`,
    { revision },
  );
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
