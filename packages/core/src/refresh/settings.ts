/**
 * - `periodic`: reads at each interval
 * - `pubsub`: reads when the feed announces a change, and checks slowly (half the staleness threshold), since feeds
 * lose messages
 * - `both`: reads at each interval and when the feed announces a change
 * - `none`: reads once at start (tried again until it lands), then only when asked
 */
export type RefreshMode = 'periodic' | 'pubsub' | 'both' | 'none';

export interface BreakerSettings {
  /** Consecutive failures that open the breaker. */
  readonly failureThreshold: number;
  /** How long it stays open before one probe is admitted, in milliseconds. */
  readonly recoveryTimeoutMs: number;
  /** Each failed probe multiplies the next break by this; 1 keeps it constant. */
  readonly growth: number;
  /** The longest break, in milliseconds. */
  readonly maxRecoveryTimeoutMs: number;
}

/** Of a client that says nothing of its breaker. */
export const DEFAULT_BREAKER: BreakerSettings = {
  failureThreshold: 3,
  recoveryTimeoutMs: 30_000,
  growth: 1,
  maxRecoveryTimeoutMs: 300_000,
};

/**
 * What is the same in all environments, of a client that says nothing of it. Mode, interval and threshold:
 * `client/options/environment.ts`.
 */
export const DEFAULT_SETTINGS = {
  jitter: 0.1,
  timeoutMs: 5_000,
  noticeSpreadMs: 0,
  minNoticeGapMs: 250,
  breaker: DEFAULT_BREAKER,
} as const;

/** Everything that the decisions depend on. All durations are milliseconds and were checked by `resolveOptions`. */
export interface Settings {
  readonly mode: RefreshMode;
  readonly intervalMs: number;
  /** Fraction by which an interval is spread both ways: 0.1 is plus or minus ten per cent. */
  readonly jitter: number;
  readonly staleAfterMs: number;
  /** The one deadline of a refresh, its second attempt included. */
  readonly timeoutMs: number;
  readonly noticeSpreadMs: number;
  readonly minNoticeGapMs: number;
  readonly breaker: BreakerSettings;
  /** Names of the sources in their order; the first is the primary. */
  readonly sources: readonly string[];
  /** Name of the feed, when there is one and the mode uses it. */
  readonly feed: string | undefined;
  /** Whether a last-known-good cache is to be read at start and kept. */
  readonly hasCache: boolean;
  /** Whether anything runs between requests. Where nothing does, the first read waits for the first request. */
  readonly background: boolean;
}

/** First delay after a failure; it doubles up to the interval. */
export const FIRST_BACKOFF_MS = 1_000;
/** First delay after a subscription was refused; it doubles up to the longest one. */
export const FIRST_RESUBSCRIBE_MS = 500;
export const LONGEST_RESUBSCRIBE_MS = 30_000;
/** Notices that do not stop are gathered for at most this many gaps. */
export const LONGEST_GATHERING_GAPS = 4;

/** The pause between scheduled reads, before jitter; undefined when the mode has none. */
export function pauseMs({
  mode,
  intervalMs,
  staleAfterMs,
}: Pick<Settings, 'mode' | 'intervalMs' | 'staleAfterMs'>): number | undefined {
  switch (mode) {
    case 'periodic':
    case 'both':
      return intervalMs;
    case 'pubsub':
      return Math.max(1, Math.floor(staleAfterMs / 2));
    case 'none':
      return undefined;
  }
}

export function usesFeed(mode: RefreshMode): boolean {
  return mode === 'pubsub' || mode === 'both';
}
