import { type MetricsSink, metricTable, redact } from '@clarity/flags-core/ports';
import { type Baseline, baselineOf, copyOf, since } from './difference.ts';
import { metricsRequest, type Temporality } from './metrics-request.ts';

export interface OtlpMetricsOptions {
  /** Where the collector listens, such as `https://collector.example/v1/metrics`. */
  readonly url: string | URL;
  /** Sent with each export; never shown. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What tells this process from others: `service.name`, `service.instance.id`, `deployment.environment.name`. Default none. */
  readonly resource?: Readonly<Record<string, string>>;
  /** Default `cumulative`; `delta` for functions and edge isolates, which come and go. */
  readonly temporality?: Temporality;
  /** Time between exports in milliseconds, 1,000 to 2^31-1, or false for none: then call `flush()`. Default 60,000. */
  readonly intervalMs?: number | false;
  /** An export that takes longer is given up, in milliseconds, 1 to 2^31-1. Default 10,000. */
  readonly timeoutMs?: number;
  /** How many series one metric may have, 1 to 1,000,000. Default 5,000. */
  readonly maxSeries?: number;
  /** Told why an export failed; the next one brings what it did not. Default: none. */
  readonly onError?: (error: Error) => void;
  /** What to send requests with. Default the runtime's own. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** A sink that pushes its metrics by OTLP/HTTP in JSON. */
export interface OtlpMetrics extends MetricsSink {
  /** Exports what there is. Never rejects; false when the collector did not take it. Within a request, hand it to `waitUntil`. */
  flush(): Promise<boolean>;
  /** Exports once more and stops. Idempotent. */
  close(): Promise<boolean>;
}

const LONGEST_MS = 2 ** 31 - 1;

/**
 * Metrics for runtimes that nobody scrapes. Give it to the client as `metrics`.
 *
 * Memory is bounded by the number of series. An export that fails loses nothing: the next one brings it. One export runs at a time.
 *
 * @throws TypeError or RangeError for a bad option
 */
export function otlpMetrics(options: OtlpMetricsOptions): OtlpMetrics {
  const {
    headers = {},
    resource = {},
    temporality = 'cumulative',
    intervalMs = 60_000,
    timeoutMs = 10_000,
    maxSeries,
  } = options;
  const url = checkedUrl(options.url);
  checkDuration('timeoutMs', timeoutMs, 1);
  if (intervalMs !== false) checkDuration('intervalMs', intervalMs, 1_000);
  if (temporality !== 'delta' && temporality !== 'cumulative') {
    throw new TypeError(`temporality is ${JSON.stringify(temporality)}; "delta" and "cumulative" are allowed`);
  }
  const send = options.fetch ?? ((address, init) => fetch(address, init));
  const table = metricTable(maxSeries === undefined ? {} : { maxSeries });

  let startedMs: number | undefined;
  let fromMs = 0;
  let baseline: Baseline = new Map();
  let timer: ReturnType<typeof setInterval> | undefined;
  let exporting: Promise<boolean> | undefined;
  let closed = false;

  /** At module scope some runtimes have no clock and no timers: both begin with the first metric. */
  const begin = (): void => {
    if (startedMs !== undefined || closed) return;
    startedMs = Date.now();
    fromMs = startedMs;
    if (intervalMs === false) return;
    timer = setInterval(() => void flush(), intervalMs);
    if (typeof timer === 'object' && 'unref' in timer) timer.unref();
  };

  const exportOnce = async (): Promise<boolean> => {
    begin();
    const families = copyOf(table.families());
    const toMs = Date.now();
    const told = temporality === 'delta' ? since(families, baseline) : families;
    const request = metricsRequest(told, {
      resource,
      temporality,
      fromMs: temporality === 'delta' ? fromMs : (startedMs ?? toMs),
      toMs,
    });
    if (request === undefined) return true;
    const problem = await post(send, url, headers, JSON.stringify(request), timeoutMs);
    if (problem !== undefined) {
      report(options.onError, problem);
      return false;
    }
    // Only what has arrived counts as told.
    if (temporality === 'delta') baseline = baselineOf(families);
    fromMs = toMs;
    return true;
  };

  const flush = (): Promise<boolean> => {
    exporting ??= exportOnce().finally(() => {
      exporting = undefined;
    });
    return exporting;
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
    sampled: (sample) => table.sampled(sample),
    flush,
    close: async () => {
      if (closed) return true;
      closed = true;
      clearInterval(timer);
      // One that is under way may have begun before the last metric.
      await exporting;
      return flush();
    },
  };
}

/** Sends one export. Undefined when it was taken; otherwise why not, without address or header. */
async function post(
  send: NonNullable<OtlpMetricsOptions['fetch']>,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
): Promise<string | undefined> {
  try {
    const response = await send(url.href, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body,
      // The headers must not travel on, and a redirect is no answer of a collector. (`error` is not known in workerd.)
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = (await response.text()).slice(0, 4_096);
    if (!response.ok) return `the collector answered ${response.status}`;
    return partialSuccess(text);
  } catch (error) {
    return `the collector could not be reached: ${error instanceof Error ? error.name : 'unknown error'}`;
  }
}

/** A collector may take a part: https://opentelemetry.io/docs/specs/otlp/#partial-success-1. */
function partialSuccess(text: string): string | undefined {
  try {
    const { partialSuccess: part } = JSON.parse(text) as {
      readonly partialSuccess?: { readonly rejectedDataPoints?: string | number; readonly errorMessage?: string };
    };
    const rejected = Number(part?.rejectedDataPoints ?? 0);
    return rejected > 0
      ? `the collector rejected ${rejected} data points: ${redact(part?.errorMessage ?? 'it gave no reason')}`
      : undefined;
  } catch {
    return undefined; // An empty answer is a full success.
  }
}

function report(onError: OtlpMetricsOptions['onError'], problem: string): void {
  try {
    onError?.(new Error(problem));
  } catch {
    // What a listener throws stops nothing.
  }
}

function checkedUrl(given: string | URL): URL {
  if (!URL.canParse(String(given)))
    throw new TypeError('url is no URL; such as https://collector.example/v1/metrics is allowed');
  const url = new URL(String(given));
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError(`url begins with ${url.protocol}; https: and http: are allowed`);
  if (url.username !== '' || url.password !== '') throw new TypeError('url holds credentials; put them into headers');
  return url;
}

function checkDuration(name: string, value: number, least: number): void {
  if (value >= least && value <= LONGEST_MS) return;
  throw new RangeError(`${name} is ${String(value)}; ${least} to ${LONGEST_MS} ms is allowed`);
}
