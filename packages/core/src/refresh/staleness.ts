import type { FreshnessState } from './freshness.ts';
import { elapsedSince, type Stamp } from './moment.ts';
import type { Origin } from './snapshot.ts';

/** What freshness is computed from; everything else in `Freshness` is carried over unchanged. */
export interface FreshnessFacts {
  readonly origin: Origin | undefined;
  readonly verifiedAt: Stamp | undefined;
  readonly staleAfterMs: number;
}

export interface FreshnessVerdict {
  readonly state: FreshnessState;
  readonly ageMs: number | null;
  readonly clockUncertain: boolean;
}

/** The verdict on (facts, now). Exactly at `staleAfterMs` a document is stale. */
export function judgeFreshness(facts: FreshnessFacts, now: Stamp): FreshnessVerdict {
  const { origin, verifiedAt, staleAfterMs } = facts;
  if (origin === undefined) return { state: 'never', ageMs: null, clockUncertain: false };
  if (verifiedAt === undefined) return { state: 'stale', ageMs: null, clockUncertain: false };
  const { ms, uncertain } = elapsedSince(verifiedAt, now);
  const inTime = origin.kind === 'primary' ? 'fresh' : 'degraded';
  return { state: uncertain || ms >= staleAfterMs ? 'stale' : inTime, ageMs: ms, clockUncertain: uncertain };
}
