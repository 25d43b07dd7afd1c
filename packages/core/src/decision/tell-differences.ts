import { formatRevision } from '../document/revision.ts';
import { BREAKER_GAUGE, staleGauge } from '../ports/client-gauges.ts';
import { elapsedSince } from './moment.ts';
import type { State } from './state.ts';
import { count, gauge, log } from './tell.ts';
import type { Turn } from './turn.ts';

/** Flags that one line of the log names. A document may have thousands. */
const MOST_NAMED = 5;

/** Puts into log and metrics what this decision changed, by comparing the states: nothing can be forgotten on the way. */
export function tellDifferences(turn: Turn, before: State): void {
  tellServed(turn, before);
  tellRejected(turn, before);
  tellLostWrites(turn, before);
  tellBreaker(turn, before);
  tellFeed(turn, before);
  tellFreshness(turn, before);
}

function tellServed(turn: Turn, before: State): void {
  const { served } = turn.state;
  if (served === undefined || served === before.served) return;
  const setAside = served.document.setAside ?? [];
  const replaced = served.document !== before.served?.document;
  const revision = served.revision === undefined ? 'none' : formatRevision(served.revision);
  const wasFrom = before.served?.origin;
  if (replaced || wasFrom?.kind !== served.origin.kind || wasFrom.name !== served.origin.name) {
    gauge(turn, 'feature_flag_revision_info', 1, { revision, origin: served.origin.kind });
    gauge(turn, 'feature_flag_set_aside_flags', setAside.length);
    gauge(turn, 'feature_flag_document_bytes', served.bytes);
    log(turn, 'info', replaced ? 'flags adopted' : 'flags confirmed by their source', {
      revision,
      origin: served.origin.kind,
      source: served.origin.name,
      flags: Object.keys(served.document.flags).length,
      ...ageInCache(turn),
    });
  }
  if (!replaced) return;
  tellPropagation(turn, before);
  if (setAside.length > 0) {
    log(turn, 'warn', 'flags set aside', {
      flags: setAside.length,
      // Each names its flag.
      problems: setAside.slice(0, MOST_NAMED).map(({ problem }) => problem.message),
    });
  }
}

/** How long the change took to get here; the first document of a process says nothing about that. */
function tellPropagation({ state, now, commands }: Turn, before: State): void {
  const { served, clockOffsetMs } = state;
  if (served?.publishedAtMs === undefined || before.verifiedAt === undefined) return;
  const ms = now.wallMs + (clockOffsetMs ?? 0) - served.publishedAtMs;
  if (ms >= 0) commands.push({ kind: 'observe', name: 'feature_flag_propagation_seconds', value: ms / 1000 });
}

/** By the wall clock, which is all that two processes share. */
function ageInCache({ state: { served }, now }: Turn): { readonly cachedAgeMs?: number } {
  return served?.origin.kind === 'cache' && served.savedAtMs !== undefined
    ? { cachedAgeMs: now.wallMs - served.savedAtMs }
    : {};
}

function tellRejected(turn: Turn, before: State): void {
  const { rejected, rejections } = turn.state;
  if (rejections.some((one, source) => one !== undefined && one !== before.rejections[source]))
    count(turn, 'feature_flag_rejected_documents_total');
  if (rejected !== before.rejected || before.phase === 'new')
    gauge(turn, 'feature_flag_document_rejected', rejected === undefined ? 0 : 1);
}

function tellLostWrites(turn: Turn, before: State): void {
  const { lostWrites } = turn.state;
  if (lostWrites === undefined || lostWrites === before.lostWrites) return;
  const { source, lost, adopted } = lostWrites;
  count(turn, 'feature_flag_lost_writes_total');
  log(turn, 'warn', 'the store lost writes that were served', {
    source,
    lost: formatRevision(lost),
    adopted: formatRevision(adopted),
  });
}

function tellBreaker(turn: Turn, before: State): void {
  const from = before.breaker.phase.kind;
  const { breaker } = turn.state;
  const to = breaker.phase.kind;
  if (from === to && before.phase !== 'new') return;
  gauge(turn, 'feature_flag_circuit_breaker_state', BREAKER_GAUGE[to]);
  if (from === to) return;
  count(turn, 'feature_flag_circuit_breaker_transitions_total', { to });
  // An outage is one opening and one closing, whatever number of probes fails between them.
  log(turn, from === 'closed' || to === 'closed' ? 'warn' : 'debug', `circuit breaker is ${to}`, {
    from,
    failures: Math.max(before.breaker.failures, breaker.failures),
  });
}

function tellFeed(turn: Turn, before: State): void {
  const { feed, settings } = turn.state;
  // A client without a feed has no subscription that could be down.
  if (settings.feed === undefined || (feed === before.feed && before.phase !== 'new')) return;
  gauge(turn, 'feature_flag_subscriber_up', feed === 'up' ? 1 : 0);
  if (feed !== 'up') return;
  // Between a refusal and this moment it was connecting again.
  const wasWarnedOf = before.feed === 'down' || before.feedRefusals > 0;
  log(turn, wasWarnedOf ? 'warn' : 'debug', 'change feed is up', { feed: settings.feed });
}

export function tellFreshness(turn: Turn, before: State): void {
  const { state, now } = turn;
  const { verifiedAt, announced: verdict, refreshFailures } = state;
  const { announced } = before;
  if (verifiedAt !== undefined && verifiedAt !== before.verifiedAt) {
    gauge(turn, 'feature_flag_last_refresh_timestamp', verifiedAt.wallMs / 1000);
  }
  if (verdict !== announced || before.phase === 'new') {
    gauge(turn, 'feature_flag_stale_config', staleGauge(verdict));
  }
  // Flags of a cache or a bootstrap are stale until a source has answered, which is no news until one has failed to, or what answers is
  // a cache on the way that has not asked it for so long.
  const starting = before.verifiedAt === undefined && before.refreshFailures === 0;
  const waiting = refreshFailures === 0 && verifiedAt === undefined;
  if (verdict === 'never' || (verdict === announced && (waiting || !starting))) return;
  const quiet = starting && (waiting || verdict === 'fresh');
  const message = verdict === 'degraded' ? 'flags come from a fallback source' : `flags are ${verdict}`;
  log(turn, quiet ? 'info' : 'warn', message, {
    from: announced,
    to: verdict,
    ageMs: verifiedAt ? elapsedSince(verifiedAt, now).ms : null,
    ...ageInCache(turn),
    refreshFailures,
    error: state.lastError?.message,
  });
}
