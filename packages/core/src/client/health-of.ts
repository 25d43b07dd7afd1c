import { boundOf } from '../refresh/bound.ts';
import type { Freshness, RefreshProblem } from '../refresh/freshness.ts';
import type { Settings } from '../refresh/settings.ts';
import type { SetAside } from '../document/types.ts';
import { formatRevision, shownRevision } from '../document/revision.ts';
import type { Health, HealthProblem } from './health.ts';

/** What is in health beside freshness. */
export interface HealthFacts {
  readonly settings: Settings;
  readonly closed: boolean;
  readonly cacheSize: number;
  readonly setAside: readonly SetAside[];
  readonly overrides: readonly string[];
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
    overrides: facts.overrides,
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
