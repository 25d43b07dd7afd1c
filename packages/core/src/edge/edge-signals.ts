import { ToldDoubts } from '../evaluation/told-doubts.ts';
import { BELIEVABLE_PAUSE_MS, BELIEVABLE_WAIT_MS, takenForSeconds } from '../adapter-kit/duration-units.ts';
import type { Command, LogEntry } from '../refresh/protocol.ts';
import { EvaluationCounts } from '../metrics/evaluation-counts.ts';
import { telling } from '../refresh/reports.ts';
import type { EdgeFlagClientOptions } from './edge-flag-client.ts';
import type { EdgeDurations, EdgeSignals } from './signals.ts';
import type { MetricsSink } from '../metrics/metrics-sink.ts';

const OPTIONS: Readonly<Record<keyof EdgeFlagClientOptions, true>> = {
  source: true,
  cache: true,
  bootstrap: true,
  revalidateAfterMs: true,
  staleAfterMs: true,
  timeoutMs: true,
  signals: true,
  maxDocumentBytes: true,
};

const BELIEVABLE_FROM_MS: Readonly<Record<keyof EdgeDurations, number>> = {
  revalidateAfterMs: BELIEVABLE_PAUSE_MS,
  staleAfterMs: BELIEVABLE_PAUSE_MS,
  timeoutMs: BELIEVABLE_WAIT_MS,
};

export interface EdgeSignalsOptions {
  readonly metrics?: MetricsSink;
  /** Told each line of the log at `warn` and `error`. */
  readonly log?: (entry: LogEntry) => void;
}

/**
 * Log and metrics of a client at the edge. In an entry of its own, because texts and names are a third of such a
 * client, and many a worker has nobody who listens: freshness says the same to all who ask.
 */
export function edgeSignals({ metrics, log }: EdgeSignalsOptions): EdgeSignals {
  let isolatedErrors = 0;
  const failed = (): void => void (isolatedErrors += 1);
  const counts =
    metrics && new EvaluationCounts({ count: (...counted) => isolated(() => metrics.count(...counted), failed) });
  // A sink that is read, or pushes, asks for them before; others are told with each read of the store.
  isolated(() => metrics?.sampled?.(() => counts?.flush()), failed);
  const tell = (command: Command): unknown => {
    switch (command.kind) {
      case 'log':
        return command.entry.level === 'warn' || command.entry.level === 'error' ? log?.(command.entry) : undefined;
      case 'count':
        // Of the cache: sink and logger are counted below.
        if (command.name === 'feature_flag_isolated_errors_total') isolatedErrors += 1;
        return metrics?.count(command.name, command.labels);
      case 'gauge':
        return metrics?.gauge(command.name, command.value, command.labels);
      case 'observe':
        counts?.flush();
        return metrics?.observe(command.name, command.value);
      case 'read':
      case 'abort-read':
      case 'subscribe':
      case 'unsubscribe':
      case 'load-cache':
      case 'save-cache':
      case 'answer':
      case 'announce':
        return undefined; // The driver's own, and nobody listens here.
    }
  };
  return {
    decisions: telling,
    tell: (command) => isolated(() => tell(command), failed),
    tally: counts,
    doubts:
      log &&
      new ToldDoubts({
        // Keys come from outside here more often than not.
        wants: (about) => about === 'context',
        say: ({ message, fields }) => isolated(() => log({ level: 'warn', message, fields }), failed),
      }),
    warnOf: (options) => {
      const warn = (message: string, fields: LogEntry['fields'] = {}): void =>
        isolated(() => log?.({ level: 'warn', message, fields }), failed);
      const unknown = Object.keys(options).filter((name) => !Object.hasOwn(OPTIONS, name));
      if (unknown.length > 0) warn('options that are not known do nothing', { unknown, known: Object.keys(OPTIONS) });
      for (const [name, believableFromMs] of Object.entries(BELIEVABLE_FROM_MS)) {
        const doubt = takenForSeconds(name, options[name as keyof EdgeDurations] ?? Infinity, believableFromMs);
        if (doubt !== undefined) warn(doubt);
      }
    },
    get isolatedErrors() {
      return isolatedErrors;
    },
  };
}

/** What a sink or a logger throws or rejects with is counted, and stops nothing (F45). */
function isolated(tell: () => unknown, failed: () => void): void {
  try {
    const told = tell();
    if (typeof told === 'object' && told !== null && 'then' in told) Promise.resolve(told).catch(failed);
  } catch {
    failed();
  }
}
