import { type CountedRevision, compareRevisions, isCounted, type Revision } from '../document/revision.ts';

/** A publication that a source had given, and that its store lost before the next one was made (F90). */
export interface LostWrites {
  /** Name of the source. */
  readonly source: string;
  /** The newest that it gave of what is lost; publications after that one may be lost with it. */
  readonly lost: CountedRevision;
  /** What it holds now, and does not stand on `lost`. */
  readonly adopted: Revision;
  /** Unix milliseconds of the adoption. */
  readonly atMs: number;
}

/**
 * The revision that a source gave before and whose document is not among what the present one stands on; undefined when
 * nothing is lost, or nobody can know. Of what is older than the oldest ancestor nothing is known.
 */
export function lostBefore(
  before: Revision | undefined,
  { revision, ancestors }: { readonly revision: Revision; readonly ancestors?: readonly CountedRevision[] | undefined },
): CountedRevision | undefined {
  const oldest = ancestors?.at(-1);
  if (before === undefined || ancestors === undefined || oldest === undefined || !isCounted(before)) return undefined;
  // It may be the same again, downloaded because another source's was served meanwhile.
  if (compareRevisions(before, revision) === 'same' || compareRevisions(before, oldest) !== 'newer') return undefined;
  return ancestors.some((ancestor) => compareRevisions(ancestor, before) === 'same') ? undefined : before;
}
