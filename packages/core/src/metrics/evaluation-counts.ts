import type { EvaluationDetails } from '../evaluation/details.ts';
import type { Outcome } from '../evaluation/step.ts';
import type { Tally } from '../evaluation/tally.ts';
import type { MetricsSink } from './metrics-sink.ts';

/** Keys that are in no document come from anywhere, and may not become label values. */
const UNKNOWN = '__unknown__';
/** The caller's own fallback was served, which is no variant. */
const FALLBACK = '__fallback__';

/** An answer that was given since the sink was told, and where it is counted. */
interface Given {
  readonly flagKey: string;
  readonly outcome: Outcome;
  /** By the places of an evaluator's answers. */
  readonly counts: number[];
}

/**
 * Counts evaluations by flag, variant and reason. A count is one addition beside the answer that was picked anyway;
 * sinks are told sums, now and then. Labels are those that documents have, and no more.
 */
export class EvaluationCounts {
  readonly #metrics: Pick<MetricsSink, 'count'>;
  #given: Given[] = [];
  #unknown = 0;

  constructor(metrics: Pick<MetricsSink, 'count'>) {
    this.#metrics = metrics;
  }

  /**
   * Counts the answers of one evaluator: it is asked for one evaluator and no other, since places begin anew with each.
   */
  tally(): Tally {
    return new AnswerTally(this);
  }

  /** For tallies: an answer has its first count since the sink was told. */
  begin(given: Given): void {
    this.#given.push(given);
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
    for (const { flagKey: flag, outcome, counts } of given) {
      const { variant = FALLBACK, reason } = outcome.details;
      this.#metrics.count('feature_flag_evaluations_total', { flag, variant, reason }, counts[outcome.place]);
      counts[outcome.place] = 0;
    }
    if (this.#unknown > 0) {
      const labels = { flag: UNKNOWN, variant: FALLBACK, reason: 'ERROR' };
      this.#metrics.count('feature_flag_evaluations_total', labels, this.#unknown);
      this.#unknown = 0;
    }
  }
}

class AnswerTally implements Tally {
  readonly #total: EvaluationCounts;
  #counts: number[] = [];

  constructor(total: EvaluationCounts) {
    this.#total = total;
  }

  answered(flagKey: string, outcome: Outcome | undefined): void {
    if (outcome === undefined) return this.#total.addUnknown();
    const counts = this.#counts;
    const { place } = outcome;
    const before = place < counts.length && place >= 0 ? counts[place]! : 0;
    if (before > 0) counts[place] = before + 1;
    else this.#first(flagKey, outcome);
  }

  /** An answer that was not given since the sink was told. */
  #first(flagKey: string, outcome: Outcome): void {
    const { place, details } = outcome;
    // Errors are shared by all flags, and have no place of their own.
    if (place < 0) return this.#total.addDetails({ flagKey, ...details });
    const counts = this.#counts;
    // Without holes, which would make it slow.
    while (counts.length <= place) counts.push(0);
    this.#total.begin({ flagKey, outcome, counts });
    counts[place] = 1;
  }

  mismatched(flagKey: string): void {
    this.#total.addDetails({ flagKey, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' });
  }

  cleared(): void {
    // What was counted waits for the sink where it is.
    this.#counts = [];
  }
}
