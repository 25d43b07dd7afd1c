/**
 * Which epoch a publication takes, so that every client adopts it, also after the store lost its last writes (F90): the
 * store's clock, but always above the epoch that the store holds and above each that this publisher was told. Epochs
 * then rise along every chain of publications that survives, so a replica that lags takes nobody back; and what is
 * published after a loss is newer than what was lost as soon as the clock has passed that, or at once where its
 * publisher is asked again. In Redis the publishing script says the same in Lua.
 */
import { compareRevisions, isCounted, type Revision } from '../document/revision.ts';

/** An epoch further ahead than this is adopted by no client (F13). */
const MOST_AHEAD_MS = 24 * 60 * 60 * 1000;
/** A store's clock that is further ahead of the publisher's than this is not believed: its epochs might be refused. */
const MOST_TRUSTED_AHEAD_MS = 12 * 60 * 60 * 1000;

export interface EpochQuestion {
  /** The store's clock, Unix milliseconds; the publisher's where the store does not tell. */
  readonly storeMs: number;
  /** The publisher's clock, Unix milliseconds. */
  readonly wallMs: number;
  /** What the store holds; undefined for nothing that counts. */
  readonly heldEpoch: number | undefined;
  /** The highest epoch that the publisher was told, or 0. */
  readonly floorEpoch: number;
}

/**
 * `poisoned`: the store holds an epoch that no client adopts. Nothing can be published upon that; a restore is not
 * bound by it.
 */
export interface NextEpoch {
  readonly epoch: number;
  readonly poisoned: boolean;
}

export function nextEpoch({ storeMs, wallMs, heldEpoch = 0, floorEpoch }: EpochQuestion): NextEpoch {
  const clockMs = Math.trunc(storeMs > wallMs + MOST_TRUSTED_AHEAD_MS ? wallMs : storeMs);
  const latest = clockMs + MOST_AHEAD_MS;
  const above = [heldEpoch, floorEpoch].filter((epoch) => epoch > 0 && epoch <= latest).map((epoch) => epoch + 1);
  return { epoch: Math.max(clockMs, ...above), poisoned: heldEpoch > latest };
}

/**
 * The highest epoch that one publisher was told of its store: by what it published, by conflicts, and by what it was to
 * publish upon.
 */
export class EpochFloor {
  #epoch = 0;

  get epoch(): number {
    return this.#epoch;
  }

  /** One more than a day ahead of `wallMs` counts for nothing: it was never adopted, and nothing need be above it. */
  told(revision: Revision | 'absent' | 'any' | undefined, wallMs: number): void {
    if (typeof revision !== 'object' || !isCounted(revision)) return;
    const { epoch } = revision;
    if (Number.isSafeInteger(epoch) && epoch <= wallMs + MOST_AHEAD_MS) this.#epoch = Math.max(this.#epoch, epoch);
  }
}

/**
 * Whether a store that holds `held` must have lost `expected`, which somebody read there: its revisions only rise, but
 * for a restore over an epoch more than a day ahead of `wallMs`.
 */
export function isLost(expected: Revision | 'absent' | 'any', held: Revision | undefined, wallMs: number): boolean {
  if (typeof expected === 'string' || held === undefined || !isCounted(expected) || !isCounted(held)) return false;
  return expected.epoch <= wallMs + MOST_AHEAD_MS && compareRevisions(expected, held) === 'newer';
}

/** Completes the message of such a conflict: what to do. */
export const LOST_WRITES_REMEDY =
  'which is older: the store lost what was published since. Look at what it holds now, and publish on top of that, or restore: every client will adopt it';
