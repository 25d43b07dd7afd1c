import type { Revision } from '../document/revision.ts';
import type { CachedSnapshot } from '../ports/snapshot-cache.ts';
import type { CounterName, GaugeName, HistogramName } from '../ports/metric-catalog.ts';
import type { MetricLabels } from '../ports/metrics-sink.ts';
import type { LogEntry } from './log.ts';
import type { RefreshResult } from './refresh-result.ts';
import type { Announcement } from './announcement.ts';

/** All that a decision can ask of its driver. Timers are not commands: see `Timers`. */
export type Command =
  | { readonly kind: 'load-cache' }
  | { readonly kind: 'save-cache'; readonly snapshot: CachedSnapshot }
  /** One attempt at one source. The driver answers with `read-settled` of the same number. */
  | {
      readonly kind: 'read';
      readonly read: number;
      readonly source: number;
      readonly known: Revision | undefined;
      /** What the notices named that this read answers. */
      readonly announced: Revision | undefined;
    }
  | { readonly kind: 'abort-read'; readonly read: number }
  | { readonly kind: 'subscribe'; readonly subscription: number }
  | { readonly kind: 'unsubscribe'; readonly subscription: number }
  | { readonly kind: 'answer'; readonly requests: readonly number[]; readonly result: RefreshResult }
  | { readonly kind: 'announce'; readonly announcement: Announcement }
  | { readonly kind: 'log'; readonly entry: LogEntry }
  | { readonly kind: 'count'; readonly name: CounterName; readonly labels: MetricLabels }
  | { readonly kind: 'gauge'; readonly name: GaugeName; readonly value: number; readonly labels: MetricLabels }
  | { readonly kind: 'observe'; readonly name: HistogramName; readonly value: number };
