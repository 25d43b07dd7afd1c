/**
 * The column `meta`: JSON that the publisher writes beside the document, laid out as in Redis.
 *
 * `{ id, server, base, recent, writer, auditSeq, auditHash }`: `id` repeats the column `id`, and only then is the rest
 * to be believed. `server` names the server and its timeline (empty where it does not tell), `base` the revision that
 * was replaced (`"epoch.version"`, or null), `recent` the last publications that this one stands on, newest first.
 * `writer`, `auditSeq` and `auditHash` have no use yet and are null; what is there is carried over.
 */
import { compareRevisions, type CountedRevision, formatRevision } from '@clarity/flags-core/ports';
import { wholeNumber } from './record.ts';

/** How many are written, and how many are believed. */
const ANCESTORS = 32;
const MOST_ANCESTORS = 64;
/** Ours have below 1,500; a longer one is not parsed. */
const MOST_CHARACTERS = 8_192;

export interface Noted {
  readonly server: string;
  readonly recent: readonly CountedRevision[];
  readonly later: Later;
}

interface Later {
  readonly writer: unknown;
  readonly auditSeq: unknown;
  readonly auditHash: unknown;
}

/**
 * What is noted beside the publication `id` of `revision`, or `undefined` where nothing is that can be believed. Never
 * throws: anybody may have written it.
 */
export function notedBeside(
  id: string | null | undefined,
  meta: string | null | undefined,
  revision: CountedRevision,
): Noted | undefined {
  if (typeof id !== 'string' || typeof meta !== 'string' || meta.length > MOST_CHARACTERS) return undefined;
  const parsed = parsedObject(meta);
  if (parsed === undefined || parsed['id'] !== id) return undefined;
  const { server, recent, writer = null, auditSeq = null, auditHash = null } = parsed;
  if (typeof server !== 'string' || !Array.isArray(recent) || recent.length > MOST_ANCESTORS) return undefined;
  const ancestors = recent.map(ancestorOf).filter((one) => one !== undefined);
  if (ancestors.length < recent.length) return undefined;
  // A hand that put back earlier columns, and not this one: it belongs to what was there before.
  const [newest] = ancestors;
  if (newest !== undefined && compareRevisions(newest, revision) !== 'older') return undefined;
  return { server, recent: ancestors, later: { writer, auditSeq, auditHash } };
}

export interface MetaFacts {
  readonly id: string;
  readonly server: string;
  /** What is replaced; undefined where nothing was held. */
  readonly base: CountedRevision | undefined;
  readonly before: Noted | undefined;
}

export function metaText({ id, server, base, before }: MetaFacts): string {
  const ancestors = [base ?? { epoch: 0, version: 0 }, ...(base === undefined ? [] : (before?.recent ?? []))];
  return JSON.stringify({
    id,
    server,
    base: base === undefined ? null : formatRevision(base),
    recent: ancestors.slice(0, ANCESTORS).map(formatRevision),
    ...(before?.later ?? { writer: null, auditSeq: null, auditHash: null }),
  });
}

function ancestorOf(text: unknown): CountedRevision | undefined {
  if (typeof text !== 'string') return undefined;
  const [epoch, version, ...others] = text.split('.').map(wholeNumber);
  return epoch === undefined || version === undefined || others.length > 0 ? undefined : { epoch, version };
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
