import { checkedDuration, outsideRequests, unref } from '@clarity/flags-core/adapter-kit';
import type { Push } from './push.ts';

export interface Exporting {
  /** Sets the timer, unless it is set: to be called when there is something to export. */
  begin(tick: () => void): void;
  /** Exports now, or joins the export under way; false when it may not. Never rejects. */
  flush(): Promise<boolean>;
  /** Settles when no export is under way. */
  join(): Promise<unknown>;
  /** No timer any more, and no waiting: what is not exported now never is. */
  stop(): void;
}

/**
 * When exports are made: at an interval and when asked, one at a time. The timer does not keep a process alive.
 *
 * Where code runs within requests, an export belongs to the request that began it, and may die with it without a word.
 * So a caller that joins one waits with a timer of its own, and an export that cannot be under way any more is given up
 * for a new one.
 *
 * @param exportOnce takes no longer than the push and may reject
 * @param intervalMs milliseconds, 1,000 to 2^31-1; false for none
 * @throws RangeError when the interval is not in its range
 */
export function exporting(
  exportOnce: () => Promise<boolean>,
  intervalMs: number | false,
  { timeoutMs, isWaiting, report }: Pick<Push, 'timeoutMs' | 'isWaiting' | 'report'>,
): Exporting {
  if (intervalMs !== false) checkedDuration('intervalMs', intervalMs, 1_000);
  const leaseMs = timeoutMs + 1_000;
  let timer: ReturnType<typeof setInterval> | undefined;
  let stopped = false;
  let underWay: { readonly done: Promise<boolean>; readonly beganMs: number } | undefined;

  return {
    begin: (tick) => {
      if (timer !== undefined || intervalMs === false || stopped) return;
      // The module scope of workerd has neither clock nor timers.
      if (Date.now() === 0) return;
      // The first count within a request begins it, and it is kept for all that follow.
      timer = outsideRequests(() => unref(setInterval(tick, intervalMs)));
    },
    join: async () => underWay && within(underWay.done, leaseMs),
    flush: () => {
      const nowMs = performance.now();
      if (underWay !== undefined && nowMs - underWay.beganMs < leaseMs) return within(underWay.done, leaseMs);
      if (!stopped && isWaiting()) return Promise.resolve(false);
      const mine = {
        beganMs: nowMs,
        // A sink's other owner may hand in a sample that throws.
        done: exportOnce()
          .catch((error: unknown) => {
            report(`an export could not be made: ${error instanceof Error ? error.name : typeof error}`);
            return false;
          })
          .finally(() => {
            if (underWay === mine) underWay = undefined;
          }),
      };
      underWay = mine;
      return mine.done;
    },
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}

/** What `work` gives; false when it takes longer. */
function within(work: Promise<boolean>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = unref(setTimeout(() => resolve(false), ms));
    void work.then(resolve).finally(() => clearTimeout(timer));
  });
}
