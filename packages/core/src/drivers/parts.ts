import type { Announcement, LogEntry } from '../refresh/protocol.ts';
import type { Decode } from './readings.ts';
import type { Settings } from '../refresh/settings.ts';
import type { Loaded } from '../refresh/snapshot.ts';
import type { State } from '../refresh/state.ts';
import type { FlagFeed } from '../ports/feed.ts';
import type { MetricsSink } from '../metrics/metrics-sink.ts';
import type { SnapshotCache } from '../ports/snapshot-cache.ts';
import type { FlagSource } from '../ports/source.ts';

/** What a driver is made of. `settings.sources` names `sources` in their order. */
export interface DriverParts {
  readonly settings: Settings;
  readonly sources: readonly FlagSource[];
  readonly feed: FlagFeed | undefined;
  readonly cache: SnapshotCache | undefined;
  readonly bootstrap: Loaded | undefined;
  readonly decode: Decode;
  /** Milliseconds since the machine started, where the runtime tells. */
  readonly bootTimeMs: () => number | undefined;
  readonly outlets: Outlets;
}

/** Where the driver's news goes. These call code that users wrote, and none of them throws. */
export interface Outlets {
  /** The state has changed; called before anything is announced, so that listeners already see the new flags. */
  changed(state: State, before: State): void;
  announce(announcement: Announcement): void;
  log(entry: LogEntry): void;
  readonly metrics: MetricsSink;
  /** Left out where nobody traces. */
  readonly span?: BeginSpan | undefined;
}

/** Begins a span, and returns what ends it: with what went wrong, if something did. */
export type BeginSpan = (
  name: 'flags.refresh' | 'flags.read',
  attributes: Record<string, string | boolean>,
) => (problem?: string) => void;
