/**
 * Which document this is. A store that counts says `{ epoch, version }`; one that only holds text (a hand-edited file,
 * an HTTPS address) is known by the hash of that text.
 */
export type Revision = CountedRevision | HashRevision;

/**
 * A revision from a store that counts. `epoch` (Unix milliseconds) rises with every publication: it is the store's
 * clock, or one more than the epoch before. `version` rises by one with each publish and begins at 1 again with a
 * restore. Both are safe integers.
 */
export interface CountedRevision {
  readonly epoch: number;
  readonly version: number;
  /** SHA-256 of the document's UTF-8 text, lower-case hex, when the store keeps it. */
  readonly hash?: string;
}

/** A revision from a store that does not count: the content is its own name. */
export interface HashRevision {
  readonly hash: string;
}

/** How the revision `next` stands to `known`. Hashes have no order, so a different hash is only `different`. */
export type RevisionOrder = 'same' | 'newer' | 'older' | 'different';

/** Compares two revisions of one store. Revisions of two stores must never meet here. */
export function compareRevisions(next: Revision, known: Revision): RevisionOrder {
  if (isCounted(next) && isCounted(known)) {
    if (next.epoch !== known.epoch) return next.epoch > known.epoch ? 'newer' : 'older';
    if (next.version !== known.version) return next.version > known.version ? 'newer' : 'older';
    return next.hash === undefined || known.hash === undefined || next.hash === known.hash ? 'same' : 'different';
  }
  if (!isCounted(next) && !isCounted(known)) return next.hash === known.hash ? 'same' : 'different';
  return 'different';
}

export function isCounted(revision: Revision): revision is CountedRevision {
  return 'version' in revision;
}

/** A revision as people read it: `1763812800000.17` or the first twelve digits of the hash. */
export function formatRevision(revision: Revision): string {
  return isCounted(revision) ? `${revision.epoch}.${revision.version}` : revision.hash.slice(0, 12);
}

/** The same where there may be none: null then, as details and health have it. */
export function shownRevision(revision: Revision | undefined): string | null {
  return revision === undefined ? null : formatRevision(revision);
}

/** More than this ahead of our clock, an epoch is a poisoned one (F13): nothing is published a day in advance. */
const MAX_EPOCH_AHEAD_MS = 24 * 60 * 60 * 1000;

/**
 * What is wrong with a revision that a store gave, or `undefined` when it can be trusted. Numbers at or beyond 2^53
 * cannot be compared exactly and are refused (F54); so is an epoch more than a day ahead of `wallMs` (F13).
 */
export function revisionProblem(revision: Revision, wallMs: number): string | undefined {
  if (!isCounted(revision)) {
    return typeof revision.hash === 'string' && revision.hash !== '' ? undefined : 'the revision has an empty hash';
  }
  const { epoch, version } = revision;
  for (const [name, number] of Object.entries({ version, epoch })) {
    if (!Number.isSafeInteger(number) || number < 0)
      return `${name} ${String(number)} is not an integer from 0 to 2^53-1`;
  }
  if (epoch > wallMs + MAX_EPOCH_AHEAD_MS) {
    return `epoch ${epoch} lies more than a day ahead of the clock here (${Math.trunc(wallMs)}): restore under a present epoch, or set the clock`;
  }
  return undefined;
}
