import { checkedNumber } from '@clarity/flags-core/adapter-kit';
import { eventsRequest } from './events-request.ts';
import type { EvaluationEvent } from './evaluation-event.ts';
import { exporting } from './exporting.ts';
import type { EventLogger } from './open-telemetry-hook.ts';
import { type PushOptions, pushTo } from './push.ts';

export interface OtlpEventsOptions extends PushOptions {
  /** Time between exports in milliseconds, 1,000 to 2^31-1, or false for none: then call `flush()`. Default 10,000. */
  readonly intervalMs?: number | false;
  /** How many events may wait for an export, 1 to 100,000. What comes beyond is dropped and counted. Default 2,048. */
  readonly maxQueued?: number;
}

/**
 * Pushes events by OTLP/HTTP in JSON, for runtimes without the OpenTelemetry SDK. Give it to `openTelemetryHook` as
 * `logger`.
 */
export interface OtlpEvents extends EventLogger {
  /**
   * Exports what waits. Never rejects; false when the collector did not take it all, or asked to wait (`Retry-After`,
   * an hour at most). Within a request, hand it to `waitUntil`.
   */
  flush(): Promise<boolean>;
  /** Exports once more and stops: what comes later is dropped. Idempotent. */
  close(): Promise<boolean>;
  /** Events that were lost so far: the queue was full, the collector refused them, or it was closed. */
  readonly dropped: number;
}

/** Events in one request, as the SDK's own processor batches them. */
const BATCH = 512;

/**
 * Events wait in a bounded queue and are sent in batches of 512, one at a time. A batch that the collector may take
 * later stays; one that it refuses is dropped.
 *
 * @throws TypeError or RangeError for a bad option
 */
export function otlpEvents(options: OtlpEventsOptions): OtlpEvents {
  const push = pushTo('otlpEvents', options);
  const { resource, send, report } = push;
  const { intervalMs = 10_000 } = options;
  const maxQueued = checkedNumber('maxQueued', options.maxQueued ?? 2_048, 1, 100_000);
  /** Oldest first. */
  const queue: EvaluationEvent[] = [];
  let dropped = 0;
  let closed: Promise<boolean> | undefined;

  const exportOnce = async (): Promise<boolean> => {
    const batch = queue.splice(0, BATCH);
    if (batch.length === 0) return true;
    const failure = await send(eventsRequest(batch, resource));
    if (failure === undefined) return true;
    report(failure.problem);
    switch (failure.kind) {
      case 'unreached': {
        // Before those that came meanwhile; if that is too much, the newest go.
        queue.unshift(...batch);
        dropped += queue.splice(maxQueued).length;
        break;
      }
      case 'refused':
        dropped += batch.length;
        break;
      case 'partial':
        dropped += Math.min(batch.length, failure.rejected ?? batch.length);
    }
    return false;
  };
  const exports = exporting(exportOnce, intervalMs, push);

  /** No further than to what waits now: a busy process adds to it all the time. */
  const flush = async (): Promise<boolean> => {
    let all = await exports.flush();
    for (let left = queue.length; left > 0 && all; left -= BATCH) all = await exports.flush();
    return all;
  };

  return {
    emit: (event) => {
      if (closed !== undefined || queue.length >= maxQueued) {
        dropped += 1;
        return;
      }
      queue.push(event);
      exports.begin(() => void flush());
      // Without an interval exports belong to requests, and only these know when they are.
      if (queue.length === BATCH && intervalMs !== false) void flush();
    },
    flush,
    close: () => {
      exports.stop();
      closed ??= exports.join().then(flush);
      return closed;
    },
    get dropped() {
      return dropped;
    },
  };
}
