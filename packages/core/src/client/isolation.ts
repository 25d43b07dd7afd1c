import type { LogEntry, LogLevel } from '../decision/log.ts';
import type { MetricsSink } from '../ports/metrics-sink.ts';
import type { Isolate } from './listeners.ts';
import { consoleLogger, isLogged, type Logger, redactEntry } from './logger.ts';

/** Stands between the client and code that was handed to it: what that throws is counted, and stops nothing (F45). */
export class Isolation {
  level: LogLevel;
  errors = 0;
  #noting = false;
  readonly metrics: MetricsSink;
  readonly #logger: Logger;
  readonly #sink: MetricsSink | undefined;

  constructor(logger: Logger | undefined, level: LogLevel, sink: MetricsSink | false | undefined) {
    this.#logger = logger ?? consoleLogger;
    this.level = level;
    this.#sink = sink === false ? undefined : sink;
    this.metrics = this.#sink === undefined ? SILENT : this.#isolated(this.#sink);
  }

  readonly call: Isolate = (where, call) => {
    try {
      const result = call();
      if (isThenable(result)) result.then(undefined, (error: unknown) => this.#note(where, error));
    } catch (error) {
      this.#note(where, error);
    }
  };

  /** Whether metrics go anywhere. */
  get measures(): boolean {
    return this.#sink !== undefined;
  }

  log(entry: LogEntry): void {
    if (isLogged(entry.level, this.level)) this.call('logger', () => this.#logger.log(redactEntry(entry)));
  }

  #note(where: Parameters<Isolate>[0], error: unknown): void {
    this.errors += 1;
    // Sink and logger may both be broken: what they throw while they are told of a failure is counted and no more.
    if (this.#noting) return;
    this.#noting = true;
    this.metrics.count('feature_flag_isolated_errors_total', { where });
    const fields = { where, error: describe(error) };
    this.log({ level: 'error', message: `a ${where} threw; it was isolated`, fields });
    this.#noting = false;
  }

  #isolated(sink: MetricsSink): MetricsSink {
    return {
      count: (...args) => this.call('sink', () => sink.count(...args)),
      gauge: (...args) => this.call('sink', () => sink.gauge(...args)),
      observe: (...args) => this.call('sink', () => sink.observe(...args)),
      sampled: (sample) => this.call('sink', () => sink.sampled?.(sample)),
    };
  }
}

/** What was thrown may itself throw when it is looked at. */
function describe(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'something that cannot be shown';
  }
}

const SILENT: MetricsSink = { count: () => {}, gauge: () => {}, observe: () => {} };

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
