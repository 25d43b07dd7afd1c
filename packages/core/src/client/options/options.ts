import type { LogLevel } from '../../refresh/protocol.ts';
import type { RefreshMode } from '../../refresh/settings.ts';
import type { FlagValue } from '../../document/types.ts';
import type { FlagFeed } from '../../ports/feed.ts';
import type { MetricsSink } from '../../metrics/metrics-sink.ts';
import type { SnapshotCache } from '../../ports/snapshot-cache.ts';
import type { FlagSource } from '../../ports/source.ts';
import type { FlagTracer } from '../../ports/tracer.ts';
import type { ExposureOptions } from '../answers/exposures.ts';
import type { FallbackSources } from './fallback.ts';
import type { Hook } from '../../ports/hook.ts';
import type { Logger } from '../events/logger.ts';

/**
 * Options of `createFlagClient`. What is given in code stands above variables, and these above the defaults of the
 * environment. Durations are milliseconds from 1 to 2^31-1.
 */
export interface FlagClientOptions {
  /** Where documents come from: one source, or several in order by `fallback([first, second])`. */
  readonly source: FlagSource | FallbackSources;
  /**
   * Which client of the process this is: in health, and as the label `client` of its metrics. 1 to 64 letters, digits,
   * `-`, `_` and `.`. Default: none, and no label.
   */
  readonly name?: string;
  /** Announces changes, for the modes `pubsub` and `both`. */
  readonly feed?: FlagFeed;
  /** Keeps the last known good document for the next process. */
  readonly cache?: SnapshotCache;
  /** A flag document to start with, as a value or as its text. Anything that a source says replaces it. */
  readonly bootstrap?: string | object;
  /** Where metrics go; `false` switches them off, also where the variable says otherwise. */
  readonly metrics?: MetricsSink | false;
  /** Where spans go: one around each refresh that is asked for, and one around each read. Default: nowhere. */
  readonly tracer?: FlagTracer;
  readonly logger?: Logger;
  /** Default `warn`. */
  readonly logLevel?: LogLevel;
  /** Values that stand above the document, by flag key. A question for another type gets its fallback. */
  readonly overrides?: Readonly<Record<string, FlagValue>>;

  /** Code around each evaluation. */
  readonly hooks?: readonly Hook[];
  /** Tells who was served what, once in a window: for experiments and audits. Default: nobody. */
  readonly exposures?: ExposureOptions;

  /** Default by environment: production `both`, staging `periodic`, else `none`. */
  readonly refreshMode?: RefreshMode;
  /** Default by environment: production 60 s, staging 120 s, else 12 min. */
  readonly refreshIntervalMs?: number;
  /** Fraction by which an interval is spread both ways, 0 to 0.5. Default 0.1. */
  readonly refreshJitter?: number;
  /** The age at which flags are stale. Default by environment: production 5 min, staging 10 min, else 1 h. */
  readonly staleAfterMs?: number;
  /** The one deadline of a refresh, its second attempt included. Default 5 s. */
  readonly timeoutMs?: number;
  /**
   * A read that a notice asked for begins at random within this time, so that a fleet does not read at once. From 0.
   * Default 0.
   */
  readonly noticeSpreadMs?: number;
  /** Notices that do not stop cost at most one read in this time. Default 250 ms. */
  readonly minNoticeGapMs?: number;
  readonly breaker?: BreakerOptions;

  /** Accept a document without flags. Default false: it is refused like any other bad document. */
  readonly allowEmpty?: boolean;
  /** The largest document that is accepted, in bytes of UTF-8. Default 4 MB. */
  readonly maxDocumentBytes?: number;
  /** `close()` settles within this time, even if a source never closes. Default 2 s. */
  readonly closeTimeoutMs?: number;
  /** Default: the variable `ENVIRONMENT`, else `NODE_ENV`, else development. */
  readonly environment?: string;
  /** Variables to read instead of the process's own; `false` reads none. */
  readonly variables?: Readonly<Record<string, string | undefined>> | false;
}

export interface BreakerOptions {
  /** Consecutive failures that open the breaker, from 1. Default 3. */
  readonly failureThreshold?: number;
  /** How long it stays open before one probe is admitted. Default 30 s. */
  readonly recoveryTimeoutMs?: number;
  /** Each failed probe multiplies the next break by this, 1 to 10. Default 1. */
  readonly growth?: number;
  /** The longest break. Default: the larger of 5 min and `recoveryTimeoutMs`. */
  readonly maxRecoveryTimeoutMs?: number;
}
