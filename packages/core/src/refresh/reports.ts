import { formatRevision } from '../document/revision.ts';
import { BREAKER_GAUGE, staleGauge } from '../metrics/client-gauges.ts';
import type { CounterName, GaugeName } from '../metrics/metric-catalog.ts';
import type { MetricLabels } from '../metrics/metrics-sink.ts';
import type { RefreshProblem } from './freshness.ts';
import { elapsedSince } from './moment.ts';
import type { LogEntry } from './protocol.ts';
import type { State } from './state.ts';
import type { Signals, Turn } from './turn.ts';

export function log(turn: Turn, level: LogEntry['level'], message: string, fields: LogEntry['fields'] = {}): void {
  turn.commands.push({ kind: 'log', entry: { level, message, fields } });
}

export function count(turn: Turn, name: CounterName, labels: MetricLabels = {}): void {
  turn.commands.push({ kind: 'count', name, labels });
}

function gauge(turn: Turn, name: GaugeName, value: number, labels: MetricLabels = {}): void {
  turn.commands.push({ kind: 'gauge', name, value, labels });
}

/** The same failure is logged again at most this often. */
const REPEAT_AFTER_MS = 60_000;

/**
 * Notes what went wrong in the refresh that just ended, or that nothing did. Listeners are told each time; the log is
 * told when the failure is a new one, once a minute while it goes on, and when it is over.
 */
function noteFailure(turn: Turn, problem: RefreshProblem | undefined, verified: boolean): void {
  const { state, now, commands } = turn;
  const before = state.failureLog;
  if (problem === undefined) {
    state.failureLog = undefined;
    if (before !== undefined) {
      // At the level of what is over: the log's last word on an outage must be its end.
      log(turn, 'warn', 'refreshes succeed again', {
        source: before.problem.source,
        failedForMs: Math.round(now.monotonicMs - before.sinceMs),
      });
    }
    return;
  }
  commands.push({ kind: 'announce', announcement: { kind: 'error', problem } });
  const repeated = before !== undefined && isSame(before.problem, problem);
  const fields = {
    source: problem.source,
    reason: problem.reason,
    error: problem.message,
    failures: state.refreshFailures,
  };
  if (repeated && now.monotonicMs - before.loggedAtMs < REPEAT_AFTER_MS) {
    state.failureLog = { ...before, problem, suppressed: before.suppressed + 1 };
    return log(turn, 'debug', 'refresh failed again', fields);
  }
  state.failureLog = {
    problem,
    loggedAtMs: now.monotonicMs,
    sinceMs: before?.sinceMs ?? now.monotonicMs,
    suppressed: 0,
  };
  const level = problem.reason === 'invalid_document' ? 'error' : 'warn';
  return log(turn, level, messageOf(state.served !== undefined, verified, repeated), {
    ...fields,
    ...(repeated ? { notLogged: before.suppressed } : {}),
  });
}

/** A store that is down words it differently each time; a bad document is another one when its message is. */
function isSame(one: RefreshProblem, other: RefreshProblem): boolean {
  const alike = one.reason === other.reason && one.source === other.source;
  return alike && (one.reason !== 'invalid_document' || one.message === other.message);
}

function messageOf(served: boolean, verified: boolean, repeated: boolean): string {
  if (verified) return `a source ${repeated ? 'still fails' : 'failed'}; another one answered`;
  const meanwhile = served ? 'the last good flags are served' : 'there are no flags yet, fallbacks are served';
  return `${repeated ? 'refreshes still fail' : 'refresh failed'}; ${meanwhile}`;
}

/** Flags that one line of the log names. A document may have thousands. */
const MOST_NAMED = 5;

/**
 * Puts into log and metrics what this decision changed, by comparing the states: nothing can be forgotten on the way.
 */
function tellDifferences(turn: Turn, before: State): void {
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
  // An outage is one opening and one closing, however many probes fail between them.
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
  // Flags of a cache or a bootstrap are stale until a source has answered, which is no news until one has failed to, or
  // what answers is a cache on the way that has not asked it for so long.
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

/** Log and metrics of all that is decided, for a driver to whose announcements nobody listens. */
export const telling: Signals = {
  refused(turn, trigger, retryAfterMs) {
    count(turn, 'feature_flag_refresh_failure_total', { error_type: 'circuit_breaker_open' });
    log(turn, 'debug', 'refresh refused by the circuit breaker', { trigger, retryAfterMs });
  },
  retrying(turn, { source, reason, message }, pauseMs) {
    const fields = { source, reason, error: message, pauseMs: Math.round(pauseMs) };
    log(turn, 'debug', 'refresh attempt failed; one more follows', fields);
  },
  readEnded(turn, tookMs) {
    const value = Math.max(0, tookMs) / 1000;
    turn.commands.push({ kind: 'observe', name: 'feature_flag_refresh_duration_seconds', value });
  },
  ignored: (turn) => count(turn, 'feature_flag_ignored_revisions_total'),
  landed(turn, result, problem) {
    if (result.ok) count(turn, 'feature_flag_refresh_success_total');
    // The store answered: an older revision has a counter of its own.
    else if (result.reason !== 'older_revision')
      count(turn, 'feature_flag_refresh_failure_total', { error_type: result.reason });
    noteFailure(turn, problem, result.ok);
  },
  cacheFailed(turn, { verb, error: { reason, message } }) {
    count(turn, 'feature_flag_isolated_errors_total', { where: 'cache' });
    const fields = { reason, error: message };
    if (verb !== 'save') return log(turn, 'warn', 'last-known-good cache failed; flags are served without it', fields);
    // It is saved again and again: the first failure is worth a warning and each further one is not.
    const level = turn.state.cacheTrouble?.failures ? 'debug' : 'warn';
    log(turn, level, 'last-known-good cache could not be written; the next start would begin with older flags', fields);
  },
  differences: tellDifferences,
};
