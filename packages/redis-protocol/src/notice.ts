/** The message that announces a change in Redis. It names a revision and never holds the document. */
import type { Notice } from '@clarity/flags-core/ports';
import { sha256, wholeNumber } from './layout.ts';

/** Whose document changed: channels are shared by all namespaces and databases of a server. */
export interface RedisNoticeScope {
  readonly namespace: string;
  /** Number of the database, where the adapter knows it. */
  readonly database?: number;
}

/** Raised when an older version would misread the message. */
const FORMAT = 1;
/** Ours are far shorter; a longer one is not parsed. */
const MOST_CHARACTERS = 1_024;

/**
 * The message up to its revision, which the publishing script appends: only there is it known. `revision` and `hash`
 * close it.
 */
export function redisNoticeHead({ namespace, database }: RedisNoticeScope): string {
  const scope = JSON.stringify({ clarity: FORMAT, namespace, ...(database !== undefined && { database }) });
  return `${scope.slice(0, -1)},`;
}

/**
 * What a message on the channel means to a reader of `scope`. Never throws. Anything that no publisher of ours sent
 * (the word `refresh` from another language, a document, a later format) means "look again": nothing of it is used.
 */
export function parseRedisNotice(message: string, scope: RedisNoticeScope): Notice {
  const changed: Notice = { kind: 'changed' };
  if (message.length > MOST_CHARACTERS || !message.startsWith('{')) return changed;
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    return changed;
  }
  if (typeof parsed !== 'object' || parsed === null) return changed;
  const member = (name: string): unknown =>
    Object.hasOwn(parsed, name) ? (parsed as Record<string, unknown>)[name] : undefined;
  if (typeof member('clarity') !== 'number' || typeof member('namespace') !== 'string') return changed;
  if (member('namespace') !== scope.namespace) return { kind: 'foreign' };
  const database = member('database');
  if (typeof database === 'number' && scope.database !== undefined && database !== scope.database)
    return { kind: 'foreign' };
  if (member('clarity') !== FORMAT) return changed;
  const epoch = wholeNumber(member('epoch'));
  const version = wholeNumber(member('version'));
  const hash = sha256(member('hash'));
  if (epoch === undefined || version === undefined || hash === undefined) return changed;
  return { kind: 'changed', revision: { epoch, version, hash } };
}
