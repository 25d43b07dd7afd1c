import { formatRevision } from '../document/revision.ts';
import { BREAKER_GAUGE, staleGauge } from '../ports/client-gauges.ts';
import { freshnessOf, type State } from './state.ts';
import { count, gauge, log } from './tell.ts';
import type { Turn } from './turn.ts';

/** Tells listeners, log and metrics what this decision changed, by comparing the states: nothing can be forgotten on the way. */
export function announceDifferences(turn: Turn, before: State): void {
  announceServed(turn, before);
  announceRejected(turn, before);
  announceBreaker(turn, before);
  announceFeed(turn, before);
  announceFreshness(turn, before);
}

function announceServed(turn: Turn, before: State): void {
  const { state, commands } = turn;
  const { served } = state;
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
    });
  }
  if (!replaced) return;
  announcePropagation(turn, before);
  if (setAside.length > 0) {
    log(turn, 'warn', 'flags that this version cannot read were set aside; their fallbacks are served', {
      flags: setAside.map(({ flagKey }) => flagKey),
    });
  }
  commands.push({
    kind: 'announce',
    announcement:
      before.served === undefined
        ? { kind: 'ready', snapshot: served }
        : { kind: 'changed', from: before.served, to: served },
  });
}

/** How long the change took to get here; the first document of a process says nothing about that. */
function announcePropagation({ state, now, commands }: Turn, before: State): void {
  const { served, clockOffsetMs } = state;
  if (served?.publishedAtMs === undefined || before.verifiedAt === undefined) return;
  const ms = now.wallMs + (clockOffsetMs ?? 0) - served.publishedAtMs;
  if (ms >= 0) commands.push({ kind: 'observe', name: 'feature_flag_propagation_seconds', value: ms / 1000 });
}

function announceRejected(turn: Turn, before: State): void {
  const { rejected, rejections } = turn.state;
  if (rejections.some((one, source) => one !== undefined && one !== before.rejections[source]))
    count(turn, 'feature_flag_rejected_documents_total');
  if (rejected === before.rejected && before.phase !== 'new') return;
  gauge(turn, 'feature_flag_document_rejected', rejected === undefined ? 0 : 1);
  if (rejected === undefined) return;
  turn.commands.push({ kind: 'announce', announcement: { kind: 'rejected', rejected } });
}

function announceBreaker(turn: Turn, before: State): void {
  const from = before.breaker.phase.kind;
  const { breaker } = turn.state;
  const to = breaker.phase.kind;
  if (before.phase === 'new') gauge(turn, 'feature_flag_circuit_breaker_state', BREAKER_GAUGE[to]);
  if (from === to) return;
  gauge(turn, 'feature_flag_circuit_breaker_state', BREAKER_GAUGE[to]);
  count(turn, 'feature_flag_circuit_breaker_transitions_total', { to });
  log(turn, to === 'half-open' ? 'debug' : 'warn', `circuit breaker is ${to}`, {
    from,
    failures: Math.max(before.breaker.failures, breaker.failures),
  });
  turn.commands.push({ kind: 'announce', announcement: { kind: 'breaker', from, to } });
}

function announceFeed(turn: Turn, before: State): void {
  const { feed } = turn.state;
  if (feed === before.feed && before.phase !== 'new') return;
  // A client without a feed has no subscription that could be down.
  if (turn.state.settings.feed === undefined) return;
  gauge(turn, 'feature_flag_subscriber_up', feed === 'up' ? 1 : 0);
  if (feed === 'up') {
    // Between a refusal and this moment it was connecting again.
    const wasWarnedOf = before.feed === 'down' || before.feedRefusals > 0;
    log(turn, wasWarnedOf ? 'warn' : 'debug', 'change feed is up', { feed: turn.state.settings.feed });
  }
  if (feed === 'up' || feed === 'down')
    turn.commands.push({ kind: 'announce', announcement: { kind: 'feed', state: feed } });
}

function announceFreshness(turn: Turn, before: State): void {
  const { state, now, commands } = turn;
  const { verifiedAt, announced: verdict } = state;
  const { announced } = before;
  if (verifiedAt !== undefined && verifiedAt !== before.verifiedAt) {
    gauge(turn, 'feature_flag_last_refresh_timestamp', verifiedAt.wallMs / 1000);
  }
  if (verdict !== announced || before.phase === 'new') {
    gauge(turn, 'feature_flag_stale_config', staleGauge(verdict));
  }
  if (verdict === announced) return;
  const freshness = freshnessOf(state, now);
  const fields = {
    from: announced,
    to: verdict,
    ageMs: freshness.ageMs,
    refreshFailures: state.refreshFailures,
    error: state.lastError?.message,
  };
  switch (verdict) {
    case 'never':
      return;
    case 'stale':
      log(turn, 'warn', 'flags are stale', fields);
      commands.push({ kind: 'announce', announcement: { kind: 'stale', freshness } });
      return;
    case 'degraded':
      log(turn, 'warn', 'flags come from a fallback source', fields);
      commands.push({ kind: 'announce', announcement: { kind: 'fresh', freshness } });
      return;
    case 'fresh':
      log(turn, announced === 'never' ? 'info' : 'warn', 'flags are fresh', fields);
      commands.push({ kind: 'announce', announcement: { kind: 'fresh', freshness } });
  }
}
