import type { EvaluationDetails } from '../evaluation/details.ts';
import type { Outcome } from '../evaluation/step.ts';
import type { MetricsSink } from './metrics-sink.ts';

/** Keys that are in no document come from anywhere, and may not become label values. */
const UNKNOWN = '__unknown__';
/** The caller's own fallback was served, which is no variant. */
const FALLBACK = '__fallback__';

/**
 * Counts evaluations by flag, variant and reason. A count is one addition to the answer that was picked anyway; sinks are told sums, now
 * and then. Labels are those that documents have, and no more.
 */
export class EvaluationCounts {
  readonly #metrics: Pick<MetricsSink, 'count'>;
  /** Answers that were given since the sink was told. */
  #given: { readonly flagKey: string; readonly outcome: Outcome }[] = [];
  #unknown = 0;

  constructor(metrics: Pick<MetricsSink, 'count'>) {
    this.#metrics = metrics;
  }

  add(flagKey: string, outcome: Outcome | undefined): void {
    if (outcome === undefined) {
      this.#unknown += 1;
      return;
    }
    // Some failures are one and the same answer for every flag, and so cannot be counted where they are.
    if (outcome.details.errorCode !== undefined) return this.addDetails({ flagKey, ...outcome.details });
    this.hit(flagKey, outcome);
  }

  /** Counts an answer that is no error. */
  hit(flagKey: string, outcome: Outcome): void {
    if (outcome.hits === 0) this.#given.push({ flagKey, outcome });
    outcome.hits += 1;
  }

  /** Counts a question for another type than the flag's: the caller's fallback was served. */
  addMismatch(flagKey: string): void {
    this.addDetails({ flagKey, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' });
  }

  /** Counts an answer that was described already. */
  addDetails({ flagKey, variant = FALLBACK, reason, errorCode }: Omit<EvaluationDetails, 'value'>): void {
    const flag = errorCode === 'FLAG_NOT_FOUND' || errorCode === 'PROVIDER_NOT_READY' ? UNKNOWN : flagKey;
    this.#metrics.count('feature_flag_evaluations_total', { flag, variant, reason });
  }

  /** Tells the sink what was counted since the last time. */
  flush(): void {
    const given = this.#given;
    this.#given = [];
    for (const { flagKey: flag, outcome } of given) {
      const { variant = FALLBACK, reason } = outcome.details;
      this.#metrics.count('feature_flag_evaluations_total', { flag, variant, reason }, outcome.hits);
      outcome.hits = 0;
    }
    if (this.#unknown > 0) {
      const labels = { flag: UNKNOWN, variant: FALLBACK, reason: 'ERROR' };
      this.#metrics.count('feature_flag_evaluations_total', labels, this.#unknown);
      this.#unknown = 0;
    }
  }
}
