import type { LogEntry, LogLevel } from '../../refresh/protocol.ts';
import type { MetricsSink } from '../../metrics/metrics-sink.ts';
import type { Isolate } from './listeners.ts';
import { consoleLogger, isLogged, type Logger, redactEntry } from './logger.ts';

/** The same kind of error at the same place is logged again at most this often: it may come with every evaluation. */
const REPEAT_AFTER_MS = 60_000;
/** Kinds that are told apart. An error's name is its author's, so there is no end to them. */
const MOST_KINDS = 32;

/** Stands between the client and code that was handed to it: what that throws is counted, and stops nothing (F45). */
export class Isolation {
  level: LogLevel;
  errors = 0;
  #noting = false;
  readonly metrics: MetricsSink;
  readonly #logger: Logger;
  readonly #sink: MetricsSink | undefined;
  readonly #nowMs: () => number;
  /** What was logged, by place and kind. */
  readonly #logged = new Map<string, { readonly atMs: number; notLogged: number }>();

  /** `nowMs` is monotonic. */
  constructor(
    logger: Logger | undefined,
    level: LogLevel,
    sink: MetricsSink | false | undefined,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#nowMs = nowMs;
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
    this.#logOnce(where, nameOf(error));
    this.#noting = false;
  }

  /** The name alone: the message is of the application's own code, and may hold what that knows about a user. */
  #logOnce(where: string, name: string): void {
    const known = `${where} ${name}`;
    const kind = this.#logged.has(known) || this.#logged.size < MOST_KINDS ? known : where;
    const before = this.#logged.get(kind);
    const atMs = this.#nowMs();
    if (before !== undefined && atMs - before.atMs < REPEAT_AFTER_MS) {
      before.notLogged += 1;
      return;
    }
    this.#logged.set(kind, { atMs, notLogged: 0 });
    const notLogged = before === undefined || before.notLogged === 0 ? undefined : before.notLogged;
    this.log({
      level: 'error',
      message: `a ${where} threw; it was isolated`,
      fields: { where, error: name, notLogged },
    });
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

/** What was thrown may itself throw when it is looked at, and its name may be any value. */
function nameOf(error: unknown): string {
  try {
    const name = error instanceof Error ? error.name : typeof error;
    return /^\w{1,64}$/.test(name) ? name : 'Error';
  } catch {
    return 'Error';
  }
}

const SILENT: MetricsSink = { count: () => {}, gauge: () => {}, observe: () => {} };

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
