import type { EvaluationDetails } from '../evaluation/details.ts';
import type { Outcome, Place } from '../evaluation/step.ts';
import type { Tally } from '../evaluation/tally.ts';
import type { MetricsSink } from './metrics-sink.ts';

/** Keys that are in no document come from anywhere, and may not become label values. */
const UNKNOWN = '__unknown__';
/** The caller's own fallback was served, which is no variant. */
const FALLBACK = '__fallback__';

/** An answer that was given since the sink was told. */
interface Given {
  readonly flagKey: string;
  readonly outcome: Outcome;
  readonly place: Place;
}

/**
 * Counts evaluations by flag, variant and reason. A count is one addition beside the answer that was picked anyway;
 * sinks are told sums, now and then. Labels are those that documents have, and no more.
 */
export class EvaluationCounts implements Tally {
  readonly #metrics: Pick<MetricsSink, 'count'>;
  #given: Given[] = [];
  #unknown = 0;

  constructor(metrics: Pick<MetricsSink, 'count'>) {
    this.#metrics = metrics;
  }

  place(): Place {
    return { times: 0 };
  }

  answered(flagKey: string, outcome: Outcome | undefined): void {
    if (outcome === undefined) return this.addUnknown();
    const { place, details } = outcome;
    // Errors are shared by all flags, and have no place of their own.
    if (place === undefined) return this.addDetails({ flagKey, ...details });
    place.times = 1;
    this.#given.push({ flagKey, outcome, place });
  }

  mismatched(flagKey: string): void {
    this.addDetails({ flagKey, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' });
  }

  /** Counts a question that no document had an answer to, all of them under one key. */
  addUnknown(): void {
    this.#unknown += 1;
  }

  /**
   * Counts an answer that is described already, and tells the sink of it at once: one that no evaluator gave, or an
   * error.
   */
  addDetails({ flagKey, variant = FALLBACK, reason, errorCode }: Omit<EvaluationDetails, 'value'>): void {
    if (errorCode === 'PROVIDER_NOT_READY') return this.addUnknown();
    this.#metrics.count('feature_flag_evaluations_total', { flag: flagKey, variant, reason });
  }

  /** Tells the sink what was counted since the last time. */
  flush(): void {
    const given = this.#given;
    this.#given = [];
    for (const { flagKey: flag, outcome, place } of given) {
      const { variant = FALLBACK, reason } = outcome.details;
      this.#metrics.count('feature_flag_evaluations_total', { flag, variant, reason }, place.times);
      place.times = 0;
    }
    if (this.#unknown > 0) {
      const labels = { flag: UNKNOWN, variant: FALLBACK, reason: 'ERROR' };
      this.#metrics.count('feature_flag_evaluations_total', labels, this.#unknown);
      this.#unknown = 0;
    }
  }
}
