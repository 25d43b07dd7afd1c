import { outsideRequests } from '../../adapter-kit/outside-requests.ts';
import { unref } from '../../adapter-kit/unref.ts';
import type { FlagValue } from '../../document/types.ts';
import { attributeOf, type EvaluationContext, unitOf } from '../../evaluation/context.ts';
import type { EvaluationDetails } from '../../evaluation/details.ts';
import type { ExperimentPart } from '../../evaluation/experiment-part.ts';
import { beginWork, endWork, MAX_WORK } from '../../evaluation/work.ts';
import type { Moment } from '../../refresh/moment.ts';
import type { Isolate } from '../events/listeners.ts';

/** Somebody was served a variant. */
export interface Exposure {
  readonly flagKey: string;
  /**
   * The unit that ranges or several attributes dealt; of any other answer the targeting key. Personal data, which goes
   * to nobody but this sink.
   */
  readonly unit: string;
  /** The attribute that holds it, where it was dealt so: somebody who logs in may be two units. */
  readonly unitKind?: string;
  /** The experiment that decided. Who takes no part was exposed to the variant all the same. */
  readonly experiment?: ExperimentPart;
  readonly variant: string;
  readonly value: FlagValue;
  readonly reason: EvaluationDetails['reason'];
  /** The served revision as text, or null. */
  readonly revision: string | null;
  /** Unix milliseconds. */
  readonly atMs: number;
}

export interface ExposureOptions {
  /** Told in batches, after the evaluation and never during it. What it throws or rejects is isolated and counted. */
  readonly sink: (exposures: readonly Exposure[]) => void;
  /**
   * The same flag, unit, variant and phase is told again only after this time, 1 to 2^31-1 ms. Default 10 min.
   */
  readonly windowMs?: number;
  /** How many (flag, unit, variant) are remembered, 1 to 1,000,000; the oldest is forgotten first. Default 10,000. */
  readonly remembered?: number;
}

/** What became of the exposures so far. */
export interface ExposureCounts {
  readonly told: number;
  /** Told before, within the window. */
  readonly repeated: number;
  /** Without a unit there is nobody who was exposed. */
  readonly withoutUnit: number;
  /** More than could wait for a batch. */
  readonly dropped: number;
}

export const DEFAULT_WINDOW_MS = 600_000;
export const DEFAULT_REMEMBERED = 10_000;

/** Evaluations that may wait for a batch. */
const LONGEST_QUEUE = 1_000;

/** Notes who was served what, once in a window, in bounded memory. */
export class Exposures {
  readonly #sink: ExposureOptions['sink'];
  readonly #windowMs: number;
  readonly #remembered: number;
  readonly #isolate: Isolate;
  readonly #now: () => Pick<Moment, 'monotonicMs' | 'wallMs'>;
  readonly #defer: (deliver: () => void) => void;
  /**
   * When each was told last, oldest first. Monotonic: a wall clock that is set neither ends a window nor holds it open.
   */
  readonly #toldAtMs = new Map<string, number>();
  #queue: Exposure[] = [];
  #counts = { told: 0, repeated: 0, withoutUnit: 0, dropped: 0 };

  constructor(
    { sink, windowMs = DEFAULT_WINDOW_MS, remembered = DEFAULT_REMEMBERED }: ExposureOptions,
    isolate: Isolate,
    now: () => Pick<Moment, 'monotonicMs' | 'wallMs'>,
    defer: (deliver: () => void) => void = deferBriefly,
  ) {
    this.#sink = sink;
    this.#windowMs = windowMs;
    this.#remembered = remembered;
    this.#isolate = isolate;
    this.#now = now;
    this.#defer = defer;
  }

  get counts(): ExposureCounts {
    return { ...this.#counts };
  }

  note(details: EvaluationDetails<FlagValue | null>, context: EvaluationContext, revision: string | null): void {
    const { flagKey, variant, value, reason, unitKind, experiment } = details;
    // The caller's own fallback is no variant of anybody.
    if (variant === undefined || value === null) return;
    const unit = unitIn(context, unitKind);
    if (unit === undefined) {
      this.#counts.withoutUnit += 1;
      return;
    }
    const { monotonicMs, wallMs: atMs } = this.#now();
    const key = JSON.stringify([flagKey, unitKind ?? '', unit, variant, experiment?.phase ?? 0]);
    const before = this.#toldAtMs.get(key);
    if (before !== undefined && monotonicMs - before < this.#windowMs) {
      this.#counts.repeated += 1;
      return;
    }
    if (this.#queue.length >= LONGEST_QUEUE) {
      this.#counts.dropped += 1;
      return;
    }
    this.#toldAtMs.delete(key);
    this.#toldAtMs.set(key, monotonicMs);
    if (this.#toldAtMs.size > this.#remembered) this.#forgetOldest();
    this.#queue.push({
      flagKey,
      unit,
      ...(unitKind !== undefined && { unitKind }),
      variant,
      value,
      reason,
      ...(experiment !== undefined && { experiment }),
      revision,
      atMs,
    });
    if (this.#queue.length === 1) this.#defer(() => this.flush());
  }

  /** Tells what waits. */
  flush(): void {
    const batch = this.#queue;
    if (batch.length === 0) return;
    this.#queue = [];
    this.#counts.told += batch.length;
    this.#isolate('sink', () => this.#sink(batch));
  }

  #forgetOldest(): void {
    const [oldest] = this.#toldAtMs.keys();
    if (oldest !== undefined) this.#toldAtMs.delete(oldest);
  }
}

/** A context may throw when it is read. */
function unitIn(context: EvaluationContext, unitKind = 'targetingKey'): string | undefined {
  // Reading a path is work, and no evaluation is at hand whose work it would be.
  const outer = beginWork(MAX_WORK);
  try {
    return unitOf(attributeOf(context, unitKind));
  } catch {
    return undefined;
  } finally {
    endWork(outer);
  }
}

/**
 * After the work at hand, and without holding the process: exposures may wait that long. A batch is of several
 * requests, and belongs to none.
 */
function deferBriefly(deliver: () => void): void {
  outsideRequests(() => unref(setTimeout(deliver, 0)));
}
