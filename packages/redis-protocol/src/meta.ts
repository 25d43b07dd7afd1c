/**
 * The field `meta` of the hash in Redis: JSON that the publishing script writes beside the document.
 *
 * `{ id, server, base, recent, writer, auditSeq, auditHash }`: `id` repeats the field `id`, and only then is the rest
 * to be believed, since a publisher that does not know this field leaves it behind as it was. `server` is the
 * replication id of the server (empty where it does not tell), `base` the revision that was replaced
 * (`"epoch.version"`, or null), `recent` the last publications that this one stands on, newest first. `writer`,
 * `auditSeq` and `auditHash` have no use yet and are null; the script carries them over.
 */
import { compareRevisions, type CountedRevision } from '@clarity/flags-core/ports';
import { wholeNumber } from './layout.ts';

/** Ours have below 1,500; a longer one is not parsed. The script looks at the same bound. */
const MOST_CHARACTERS = 8_192;
/** The script writes 32. */
const MOST_ANCESTORS = 64;

/**
 * The publications that `revision` stands on, newest first, or `undefined` where nothing is noted that can be believed.
 * Never throws: `id` and `meta` are the fields as they were read, and anybody may have written them.
 */
export function redisAncestors(
  id: unknown,
  meta: unknown,
  revision: CountedRevision,
): readonly CountedRevision[] | undefined {
  const recent = memberOf(id, meta, 'recent');
  if (!Array.isArray(recent) || recent.length > MOST_ANCESTORS) return undefined;
  const ancestors: CountedRevision[] = [];
  for (const text of recent) {
    const ancestor = ancestorOf(text);
    if (ancestor === undefined) return undefined;
    ancestors.push(ancestor);
  }
  // A hand that put back earlier fields, and not these: they belong to what was there before.
  const [newest] = ancestors;
  return newest === undefined || compareRevisions(newest, revision) === 'older' ? ancestors : undefined;
}

/** The replication id of the server that took the last publication, where its publisher could note that. */
export function redisServerNoted(id: unknown, meta: unknown): string | undefined {
  const server = memberOf(id, meta, 'server');
  return typeof server === 'string' && server !== '' ? server : undefined;
}

/** A member of what is noted beside the publication `id`. */
function memberOf(id: unknown, meta: unknown, name: string): unknown {
  if (typeof id !== 'string' || typeof meta !== 'string' || meta.length > MOST_CHARACTERS) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(meta);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const member = (key: string): unknown =>
    Object.hasOwn(parsed, key) ? (parsed as Readonly<Record<string, unknown>>)[key] : undefined;
  return member('id') === id ? member(name) : undefined;
}

/** `"epoch.version"` as a revision. */
export function ancestorOf(text: unknown): CountedRevision | undefined {
  if (typeof text !== 'string') return undefined;
  const [epoch, version, ...others] = text.split('.').map(wholeNumber);
  if (epoch === undefined || version === undefined || others.length > 0) return undefined;
  return { epoch, version };
}
