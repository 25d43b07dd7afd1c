import { checkedChoice } from '@clarity/flags-core/adapter-kit';
import { type MetricFamily, metricTable } from '@clarity/flags-core/metrics';
import type { MetricsSink } from '@clarity/flags-core/ports';
import { type Baseline, baselineOf, copyOf, since, withGone } from './difference.ts';
import { exporting } from './exporting.ts';
import { metricsRequest, type Temporality } from './metrics-request.ts';
import { type PushOptions, pushTo } from './push.ts';

export interface OtlpMetricsOptions extends PushOptions {
  /** Default `cumulative`; `delta` for functions and edge isolates, which come and go. */
  readonly temporality?: Temporality;
  /** Time between exports in milliseconds, 1,000 to 2^31-1, or false for none: then call `flush()`. Default 60,000. */
  readonly intervalMs?: number | false;
  /** How many series one metric may have, 1 to 1,000,000. Default 5,000. */
  readonly maxSeries?: number;
}

/** A sink that pushes its metrics by OTLP/HTTP in JSON. */
export interface OtlpMetrics extends MetricsSink {
  /**
   * Exports what there is. Never rejects; false when the collector did not take it, or asked to wait (`Retry-After`, an
   * hour at most). Within a request, hand it to `waitUntil`.
   */
  flush(): Promise<boolean>;
  /** Exports once more and stops. Idempotent. */
  close(): Promise<boolean>;
}

/**
 * Metrics for runtimes that nobody scrapes. Give it to the client as `metrics`.
 *
 * Memory is bounded by the number of series. An export that fails loses nothing: the next one brings it. One export
 * runs at a time.
 *
 * @throws TypeError or RangeError for a bad option
 */
export function otlpMetrics(options: OtlpMetricsOptions): OtlpMetrics {
  const push = pushTo('otlpMetrics', options);
  const { resource, send, report } = push;
  const { intervalMs = 60_000, maxSeries } = options;
  const temporality = checkedChoice('temporality', options.temporality ?? 'cumulative', ['delta', 'cumulative']);
  const table = metricTable(maxSeries === undefined ? {} : { maxSeries });

  let startedMs: number | undefined;
  let fromMs = 0;
  let baseline: Baseline = new Map();
  /** What arrived with the last export that did. */
  let arrived: readonly MetricFamily[] = [];
  let closed: Promise<boolean> | undefined;

  const exportOnce = async (): Promise<boolean> => {
    begin();
    const families = copyOf(table.families());
    const toMs = Date.now();
    const told = temporality === 'delta' ? since(families, baseline) : families;
    const request = metricsRequest(withGone(told, arrived), {
      resource,
      temporality,
      fromMs: temporality === 'delta' ? fromMs : (startedMs ?? toMs),
      toMs,
    });
    if (request === undefined) return true;
    const failure = await send(request);
    if (failure !== undefined) report(failure.problem);
    // Only what has arrived counts as told. What a collector rejected of it is lost: sent again, the rest would count
    // twice.
    if (failure === undefined || failure.kind === 'partial') {
      if (temporality === 'delta') baseline = baselineOf(families);
      arrived = families;
      fromMs = toMs;
    }
    return failure === undefined;
  };
  const exports = exporting(exportOnce, intervalMs, push);
  const flush = (): Promise<boolean> => exports.flush();

  const begin = (): void => {
    exports.begin(() => void flush());
    if (startedMs !== undefined) return;
    const nowMs = Date.now();
    // Where there is no clock yet (the module scope of workerd), time begins with the first metric that has one.
    if (nowMs === 0) return;
    startedMs = nowMs;
    fromMs = nowMs;
  };

  return {
    count: (...args) => {
      begin();
      table.count(...args);
    },
    gauge: (...args) => {
      begin();
      table.gauge(...args);
    },
    observe: (...args) => {
      begin();
      table.observe(...args);
    },
    sampled: (...args) => table.sampled(...args),
    flush,
    close: () => {
      exports.stop();
      // One that is under way may have begun before the last metric.
      closed ??= exports.join().then(flush);
      return closed;
    },
  };
}
