import type { BreakerStateName, FeedState, FreshnessState } from '../refresh/freshness.ts';
import type { Origin } from '../refresh/snapshot.ts';
import type { RefreshMode } from '../refresh/settings.ts';

/**
 * What the health endpoint answers, as JSON. The names of the first block are a contract with dashboards and probes; they
 * are all read from the one freshness value.
 */
export interface Health {
  /** The flags are not stale, and the client verifies them: it is not closed. A document must be there. */
  readonly healthy: boolean;
  /** Seconds since a source last verified the flags; null if none has. */
  readonly config_age_seconds: number | null;
  readonly config_stale: boolean;
  readonly circuit_breaker_state: BreakerStateName;
  /** ISO 8601 in UTC of the last verification; null if there was none. */
  readonly last_refresh: string | null;
  /** Consecutive refreshes that did not verify the flags. */
  readonly refresh_failures: number;
  readonly refresh_mode: RefreshMode;
  /** Compiled flags in memory. */
  readonly cache_size: number;

  /** `close()` was called: the last good flags are served, and nothing verifies them any more. */
  readonly closed: boolean;
  readonly freshness: FreshnessState;
  readonly origin: Origin | null;
  /** The served revision as text, or null. */
  readonly revision: string | null;
  /** How late a published change can arrive, in seconds; null where there is no bound (mode `none`). */
  readonly bound: {
    readonly healthy_seconds: number | null;
    readonly after_outage_seconds: number | null;
    /** The figures behind it, for people. */
    readonly arithmetic: string;
  };
  readonly feed: FeedState;
  /** Why the feed is down, or was when it last tried to connect; null while nothing is wrong with it. */
  readonly feed_error: HealthProblem | null;
  readonly last_error: HealthProblem | null;
  /**
   * While the document of the last-known-good cache is served: when its source had confirmed it as it was saved, as ISO 8601 in UTC. The source
   * may have confirmed it since. Null with any other document, and where the cache does not say.
   */
  readonly cache_saved_at: string | null;
  /** Why the last-known-good cache could not be read or written; null once a save succeeded. */
  readonly cache_error: HealthProblem | null;
  readonly set_aside_flags: readonly { readonly flag: string; readonly reason: string }[];
  /** The document that a source was seen to hold last, and that was refused; null once it holds another, or none. */
  readonly rejected_document: {
    readonly revision: string | null;
    readonly source: string;
    readonly message: string;
    readonly at: string;
  } | null;
  /**
   * What a store was last found to have lost since this client started (F90): `lost` was served, `adopted` does not stand on it and took its
   * place. Null when nothing was.
   */
  readonly lost_writes: {
    readonly source: string;
    readonly lost: string;
    readonly adopted: string;
    /** ISO 8601 in UTC of the adoption. */
    readonly at: string;
  } | null;
  /** Keys of flags that are overridden at this moment. */
  readonly overrides: readonly string[];
  /** Those of them that were asked for as another type than theirs: the caller's fallback was served. */
  readonly mismatched_overrides: readonly string[];
  /** Errors so far of listeners, hooks, loggers and sinks, which are mistakes in them, and failures of the cache. They stop nothing. */
  readonly isolated_errors: number;
}

/** Something that went wrong, for people. Holds no secret and no payload. */
export interface HealthProblem {
  readonly reason: string;
  readonly message: string;
  /** Name of the source or feed; `cache`. */
  readonly source: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}
