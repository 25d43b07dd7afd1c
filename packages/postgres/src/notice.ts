/** What is announced with a publication. It names a revision and never holds the document. */
import type { CountedRevision, Notice } from '@clarity/flags-core/ports';
import type { PostgresLayout } from './layout.ts';

/** Raised when an older version would misread the message. */
const FORMAT = 1;
/** Ours are far shorter; a longer one is not parsed. */
const MOST_CHARACTERS = 1_024;

/** As in Redis, with the schema for the number of the database: a channel is shared by all schemas of a database. */
export function noticeText({ namespace, schema }: PostgresLayout, revision: CountedRevision): string {
  const { epoch, version, hash } = revision;
  return JSON.stringify({ clarity: FORMAT, namespace, schema, epoch, version, hash });
}

/**
 * What a message on the channel means to a reader of `layout`. Never throws. Anything that no publisher of ours sent
 * (the word `refresh` from a trigger, a document, a later format) means "look again": nothing of it is used.
 */
export function parseNotice(message: string, { namespace, schema }: PostgresLayout): Notice {
  const changed: Notice = { kind: 'changed' };
  if (message.length > MOST_CHARACTERS || !message.startsWith('{')) return changed;
  let parsed: Readonly<Record<string, unknown>>;
  try {
    parsed = { ...(JSON.parse(message) as object) };
  } catch {
    return changed;
  }
  const { clarity, epoch, version, hash } = parsed;
  if (typeof clarity !== 'number' || typeof parsed['namespace'] !== 'string') return changed;
  if (parsed['namespace'] !== namespace) return { kind: 'foreign' };
  if (typeof parsed['schema'] === 'string' && parsed['schema'] !== schema) return { kind: 'foreign' };
  if (clarity !== FORMAT || !isCount(epoch) || !isCount(version)) return changed;
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return changed;
  return { kind: 'changed', revision: { epoch, version, hash } };
}

function isCount(number: unknown): number is number {
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0;
}
