import { BUCKETS, isRanged, rangesOf } from '@clarity/flags-core/definition';
import type { FlagDocument, FlagValue, Serve } from '@clarity/flags-core/document';
import { same } from '../diff/same.ts';

/** What a place of a flag serves. */
export interface PlaceOfFlag {
  readonly serve: Serve;
  /** The flag's own, which counts where a split has none. */
  readonly salt: string;
  /** What a variant answers; null is the caller's fallback. */
  readonly answerOf: (variant: string | null) => FlagValue | null;
  /** Whose layers and holdouts let units in. */
  readonly document: FlagDocument;
}

export interface ChangedShare {
  /** Of hash space, 0 to 100. */
  readonly percent: number;
  /** Units are dealt by another salt, attribute or hash: the share is what is to be expected. */
  readonly dealtAnew: boolean;
  /** Some units go on to the next rule, before or after: they are counted as if they got another answer there. */
  readonly goesOn: boolean;
}

/** The share of hash space that gets another answer in a place; undefined where layers or holdouts let others in. */
export function changedShare(before: PlaceOfFlag, after: PlaceOfFlag, atMs: number): ChangedShare | undefined {
  if (!same(entranceOf(before), entranceOf(after))) return undefined;
  const [old, one] = [cut(before, atMs), cut(after, atMs)];
  const all = old.of * one.of;
  const isMoved = (was: Piece, is: Piece): boolean =>
    was.goesOn !== is.goesOn || (!was.goesOn && !same(was.answer, is.answer));
  const dealtAnew = old.dealing !== undefined && one.dealing !== undefined && !same(old.dealing, one.dealing);
  let [parts, goesOn] = [0, false];
  for (const was of old.pieces) {
    for (const is of one.pieces) {
      if (!isMoved(was, is)) continue;
      // Counted in parts so small that the buckets of both are whole numbers of them.
      const common = dealtAnew
        ? (was.to - was.from) * (is.to - is.from)
        : Math.max(0, Math.min(was.to * one.of, is.to * old.of) - Math.max(was.from * one.of, is.from * old.of));
      parts += common;
      goesOn ||= common > 0 && (was.goesOn || is.goesOn);
    }
  }
  return { percent: (parts * 100) / all, dealtAnew, goesOn };
}

/** Some buckets that get one answer. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly answer: FlagValue | null;
  readonly goesOn: boolean;
}

interface Cut {
  readonly of: number;
  readonly pieces: readonly Piece[];
  /** How units come into buckets; undefined where all get one answer. */
  readonly dealing: unknown;
}

function cut({ serve, salt, answerOf }: PlaceOfFlag, atMs: number): Cut {
  if (typeof serve !== 'object' || serve === null) {
    return { of: 1, pieces: [{ from: 0, to: 1, answer: answerOf(serve), goesOn: false }], dealing: undefined };
  }
  const { by = 'targetingKey', hash = 'murmur3' } = serve;
  const of = serve.kind === 'split' && isRanged(serve) ? (serve.of ?? BUCKETS) : BUCKETS;
  const pieces: Piece[] = [];
  let reached = 0;
  const gapTo = (from: number): void => {
    if (from > reached) pieces.push({ from: reached, to: from, answer: null, goesOn: true });
  };
  for (const { variant, from, to } of rangesOf(serve, atMs)) {
    if (from === to) continue;
    gapTo(from);
    pieces.push({ from, to, answer: answerOf(variant), goesOn: false });
    reached = to;
  }
  gapTo(of);
  return { of, pieces, dealing: [[by].flat(), hash, serve.salt ?? salt] };
}

/** Who is let into a split at all. */
function entranceOf({ serve, document: { layers = {}, holdouts = {} } }: PlaceOfFlag): unknown {
  if (typeof serve !== 'object' || serve?.kind !== 'split' || !isRanged(serve)) return [];
  const { layer, holdout, experiment } = serve;
  return [
    ...(layer === undefined ? [] : [layer, layers[layer], experiment?.id]),
    ...(holdout === undefined ? [] : [holdout, holdouts[holdout]]),
  ];
}
