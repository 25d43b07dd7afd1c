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
  textHash,
} from '@clarity/flags-core/ports';
import { RestCommands } from './rest-commands.ts';
import type { MakeRestRedis } from './rest-redis.ts';
import { isWrongType, notTheApi, upstashError } from './upstash-error.ts';
import { type DocumentOptions, resolveMaxBytes, resolveUpstash, type UpstashOptions } from './upstash-options.ts';

export type UpstashSourceOptions = UpstashOptions & DocumentOptions;

type Present = Extract<RedisRecord, { kind: 'present' }>;

/** What is stored is not what was published. */
interface Mismatch {
  readonly kind: 'mismatch';
  readonly revision: Revision;
}

/** The source over one entry of the library. */
export function sourceOver(make: MakeRestRedis, options: UpstashSourceOptions): FlagSource {
  const place = resolveUpstash(options);
  const maxBytes = resolveMaxBytes(options.maxBytes);
  const { name, layout } = place;
  const commands = new RestCommands(make, place);
  const scope = new CallScope(`the Upstash source ${name}`);
  const attempt = `read ${layout.key}`;

  /** One command. */
  async function fields(names: readonly string[], signal: AbortSignal): Promise<readonly unknown[]> {
    try {
      const reply = await commands.run(signal, (redis) => redis.hmget(layout.key, ...names));
      if (Array.isArray(reply) && reply.length === names.length) return reply;
    } catch (error) {
      throw isWrongType(error) ? redisWrongType(layout) : upstashError(error, attempt);
    }
    throw notTheApi(attempt);
  }

  async function read(
    known: Revision | undefined,
    announced: Revision | undefined,
    signal: AbortSignal,
  ): Promise<ReadResult> {
    if (known !== undefined && announced === undefined) {
      const { revision, publishedAtMs, bytes } = present(layout, await fields(REDIS_REVISION_FIELDS, signal));
      if (compareRevisions(revision, known) === 'same') return { kind: 'unchanged', revision, publishedAtMs };
      refuseTooLarge(layout, bytes, maxBytes, revision);
    }
    // F17: a text that does not match its hash is read once more.
    const first = await readDocument(signal);
    const reading = first.kind === 'mismatch' ? await readDocument(signal) : first;
    if (reading.kind !== 'mismatch') return reading;
    throw new StoreError(
      'invalid',
      `the text in ${layout.key} does not match its hash: somebody changed it without publishing; publish or restore a document`,
      { revision: reading.revision },
    );
  }

  /** The document with its revision of the same moment. One command. */
  async function readDocument(signal: AbortSignal): Promise<ReadDocument | Mismatch> {
    const reply = await fields(REDIS_DOCUMENT_FIELDS, signal);
    const { revision, publishedAtMs, bytes } = present(layout, reply);
    refuseTooLarge(layout, bytes, maxBytes, revision);
    const text = reply.at(-1);
    if (typeof text !== 'string' || (await textHash(text)) !== revision.hash) return { kind: 'mismatch', revision };
    return { kind: 'document', text, revision, publishedAtMs };
  }

  return {
    name,
    read: (known, signal, announced) => scope.run(attempt, signal, (ending) => read(known, announced, ending)),
    close: async () => scope.close(),
  };
}

function present({ key }: RedisLayout, reply: readonly unknown[]): Present {
  const record = parseRedisRecord(reply);
  switch (record.kind) {
    case 'present':
      return record;
    case 'absent':
      throw new StoreError('not-found', `there is no document at ${key}; publish one, or correct the namespace`);
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
