import { type CountedRevision, isCounted } from '../../../../packages/core/src/document/revision.ts';
import { EpochFloor, nextEpoch } from '../../../../packages/core/src/adapter-kit/epoch-rule.ts';
import type { Held, Publisher } from './held.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Publications that are noted beside a document. */
const REMEMBERED = 32;

export interface Clocks {
  /** Of the store. */
  readonly storeMs: number;
  /** Of the publisher, which is right. */
  readonly wallMs: number;
}

/** What a publisher writes beside the text. */
export type Written = Pick<Held, 'id' | 'meta' | 'leastEpoch' | 'by'> & { readonly revision: CountedRevision };

/** Those who publish to one store, by the rules of the real ones. */
export class SimulatedPublishers {
  readonly #floor = new EpochFloor();
  /** The same by another hand, so that a mistake in the one is seen by the other. */
  #told = 0;
  #publications = 0;

  /** What is published on top of what is held, or undefined where that is refused. */
  publish(by: Publisher, held: Held | undefined, clocks: Clocks): Written | undefined {
    if (held?.poisoned === true) return undefined;
    const counts = heldCounts(held);
    const version = (counts?.version ?? 0) + 1;
    if (by !== 'old') return this.#byTheRule(by, held, version, clocks, false);
    const written = { id: this.#id(), by, meta: held?.meta, leastEpoch: undefined };
    if (counts !== undefined && counts.epoch > clocks.storeMs + DAY_MS) return undefined;
    return { ...written, revision: { epoch: counts?.epoch ?? Math.trunc(clocks.storeMs), version } };
  }

  /**
   * Replaces any document, at a version that says nothing about earlier ones. An old publisher does so too, above what
   * is held.
   */
  restore(by: Publisher, held: Held | undefined, clocks: Clocks): Written {
    const version = 1 + (this.#publications % 3);
    const written = this.#byTheRule(by === 'old' ? 'forgetful' : by, held, version, clocks, true);
    if (written === undefined) throw new Error('a restore was refused');
    return by === 'old' ? { ...written, by, meta: held?.meta, leastEpoch: undefined } : written;
  }

  #byTheRule(
    by: 'remembering' | 'forgetful',
    held: Held | undefined,
    version: number,
    { storeMs, wallMs }: Clocks,
    whatever: boolean,
  ): Written | undefined {
    const heldEpoch = heldCounts(held)?.epoch;
    const floor = by === 'remembering' ? this.#floor : new EpochFloor();
    const { epoch, poisoned } = nextEpoch({ storeMs, wallMs, heldEpoch, floorEpoch: floor.epoch });
    if (poisoned && !whatever) return undefined;
    const revision = { epoch, version };
    const leastEpoch = leastEpochOf({ storeMs, wallMs }, heldEpoch, by === 'remembering' ? this.#told : 0);
    floor.told(revision, wallMs);
    if (by === 'remembering') this.#told = Math.max(this.#told, epoch);
    const id = this.#id();
    return { revision, id, by, leastEpoch, meta: metaOf(id, held) };
  }

  #id(): string {
    this.#publications += 1;
    return `publication ${this.#publications}`;
  }
}

/** The revision that is held, where it is one that can be read. */
function heldCounts(held: Held | undefined): CountedRevision | undefined {
  return held !== undefined && !held.poisoned && isCounted(held.revision) ? held.revision : undefined;
}

/** Above the clock that is believed, what is held and what was told, unless these were adopted by nobody. */
function leastEpochOf({ storeMs, wallMs }: Clocks, heldEpoch = 0, told = 0): number {
  const clockMs = Math.trunc(storeMs - wallMs > DAY_MS / 2 ? wallMs : storeMs);
  let least = clockMs;
  for (const known of [heldEpoch, told]) if (known <= clockMs + DAY_MS && known >= least) least = known + 1;
  return least;
}

/** What the publishing script notes: the publications that this one stands on, as far as what is held says so. */
function metaOf(id: string, held: Held | undefined): string {
  const counts = heldCounts(held);
  const recent = held === undefined ? ['0.0'] : counts === undefined ? [] : [`${counts.epoch}.${counts.version}`];
  const before: unknown = held?.meta === undefined || counts === undefined ? undefined : JSON.parse(held.meta);
  const noted = before as { readonly id: string; readonly recent: readonly string[] } | undefined;
  if (noted !== undefined && noted.id === held?.id) recent.push(...noted.recent.slice(0, REMEMBERED - 1));
  return JSON.stringify({ id, server: '', base: recent[0] ?? null, recent });
}
