import type { ActiveOverride } from './answers/overrides.ts';
import { formatRevision, shownRevision } from '../document/revision.ts';
import type { SetAside } from '../document/types.ts';
import { boundOf } from '../refresh/bound.ts';
import type { BreakerStateName, FeedState, Freshness, FreshnessState, RefreshProblem } from '../refresh/freshness.ts';
import type { RefreshMode, Settings } from '../refresh/settings.ts';
import type { Origin } from '../refresh/snapshot.ts';

/**
 * What the health endpoint answers, as JSON. The names of the first block are a contract with dashboards and probes;
 * they are all read from the one freshness value.
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

  /** The name that the client was given, or null. */
  readonly client: string | null;
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
   * While the document of the last-known-good cache is served: when its source had confirmed it as it was saved, as ISO
   * 8601 in UTC. The source may have confirmed it since. Null with any other document, and where the cache does not
   * say.
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
   * What a store was last found to have lost since this client started (F90): `lost` was served, `adopted` does not
   * stand on it and took its place. Null when nothing was.
   */
  readonly lost_writes: {
    readonly source: string;
    readonly lost: string;
    readonly adopted: string;
    /** ISO 8601 in UTC of the adoption. */
    readonly at: string;
  } | null;
  /** What is odd about options and variables, as the log says at start. */
  readonly warnings: readonly string[];
  /** Keys of flags that are overridden at this moment. */
  readonly overrides: readonly string[];
  /** When each of them ends by itself, as ISO 8601 in UTC; null for one that stays until it is removed. */
  readonly override_ends: readonly { readonly flag: string; readonly at: string | null }[];
  /** Those of them that were asked for as another type than theirs: the caller's fallback was served. */
  readonly mismatched_overrides: readonly string[];
  /**
   * Errors so far of listeners, hooks, loggers and sinks, which are mistakes in them, and failures of the cache. They
   * stop nothing.
   */
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

/** What is in health beside freshness. */
export interface HealthFacts {
  readonly settings: Settings;
  readonly client: string | undefined;
  readonly closed: boolean;
  readonly cacheSize: number;
  readonly setAside: readonly SetAside[];
  readonly warnings: readonly string[];
  readonly overrides: readonly ActiveOverride[];
  readonly mismatchedOverrides: readonly string[];
  readonly isolatedErrors: number;
  readonly feedError: RefreshProblem | undefined;
  readonly cacheError: RefreshProblem | undefined;
  /** Of a document that was loaded from the cache: what that says of it. */
  readonly savedAtMs: number | undefined;
}

/** Health as a pure function of freshness and facts. */
export function healthOf(freshness: Freshness, facts: HealthFacts): Health {
  const { state, ageMs, verifiedAtMs, breaker, lastError, rejected, lostWrites, revision } = freshness;
  const { healthyMs, afterOutageMs, arithmetic } = boundOf(facts.settings);
  const stale = state === 'stale' || state === 'never';
  return {
    healthy: !stale && !facts.closed,
    config_age_seconds: ageMs === null ? null : secondsOf(Math.round(ageMs)),
    config_stale: stale,
    circuit_breaker_state: breaker.state,
    last_refresh: verifiedAtMs === null ? null : new Date(verifiedAtMs).toISOString(),
    refresh_failures: freshness.refreshFailures,
    refresh_mode: facts.settings.mode,
    cache_size: facts.cacheSize,
    client: facts.client ?? null,
    closed: facts.closed,
    freshness: state,
    origin: freshness.origin ?? null,
    revision: shownRevision(revision),
    bound: { healthy_seconds: secondsOf(healthyMs), after_outage_seconds: secondsOf(afterOutageMs), arithmetic },
    feed: freshness.feed,
    feed_error: shown(facts.feedError),
    last_error: shown(lastError),
    // What a cache says may be no date, which becomes null in JSON.
    cache_saved_at: freshness.origin?.kind === 'cache' ? new Date(facts.savedAtMs ?? Number.NaN).toJSON() : null,
    cache_error: shown(facts.cacheError),
    set_aside_flags: facts.setAside.map(({ flagKey, problem }) => ({ flag: flagKey, reason: problem.message })),
    rejected_document:
      rejected === null
        ? null
        : {
            revision: shownRevision(rejected.revision),
            source: rejected.source,
            message: rejected.message,
            at: isoOf(rejected.atMs),
          },
    lost_writes:
      lostWrites === null
        ? null
        : {
            source: lostWrites.source,
            lost: formatRevision(lostWrites.lost),
            adopted: formatRevision(lostWrites.adopted),
            at: isoOf(lostWrites.atMs),
          },
    warnings: facts.warnings,
    overrides: facts.overrides.map(({ flagKey }) => flagKey),
    override_ends: facts.overrides.map(({ flagKey, endsAtMs }) => ({
      flag: flagKey,
      at: endsAtMs === null ? null : isoOf(endsAtMs),
    })),
    mismatched_overrides: facts.mismatchedOverrides,
    isolated_errors: facts.isolatedErrors,
  };
}

function shown(problem: RefreshProblem | null | undefined): HealthProblem | null {
  if (problem == null) return null;
  const { reason, message, source, atMs } = problem;
  return { reason, message, source, at: isoOf(atMs) };
}

function secondsOf(ms: number): number;
function secondsOf(ms: number | null): number | null;
function secondsOf(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
