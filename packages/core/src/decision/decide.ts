import { announceDifferences } from './announce.ts';
import { resetBreaker } from './breaker.ts';
import type { Command } from './command.ts';
import type { DecisionEvent } from './event.ts';
import { acknowledge, loseFeed, refuseFeed, startFeed, subscribeAgain } from './feed.ts';
import { beginRefresh, endFlightUnanswered, retryFlight, settleRead } from './flight.ts';
import { elapsedSince, type Moment, stampOf } from './moment.ts';
import { hearNotice, readForNotices } from './notices.ts';
import { scheduleSooner } from './schedule.ts';
import type { State } from './state.ts';
import type { TimerName } from './timers.ts';
import { beginTurn, clearTimer, count, log, setTimer, type Turn } from './turn.ts';

/**
 * The whole behaviour of a client: what happened, and when, to what it knows now and what is to be done. Pure; every
 * driver runs the same decisions.
 */
export function decide(state: State, event: DecisionEvent, now: Moment): readonly [State, readonly Command[]] {
  if (state.phase === 'closed') return [state, answerClosed(event)];
  const turn = beginTurn(state, now);
  take(turn, event);
  refreshOnWaking(turn);
  announceDifferences(turn, state);
  return [turn.state, turn.commands];
}

function take(turn: Turn, event: DecisionEvent): void {
  switch (event.kind) {
    case 'start':
      return start(turn, event);
    case 'cache-loaded':
      return takeCache(turn, event);
    case 'cache-failed':
      count(turn, 'feature_flag_isolated_errors_total', { where: 'cache' });
      return log(turn, 'warn', 'last-known-good cache failed; flags are served without it', {
        reason: event.error.reason,
        error: event.error.message,
      });
    case 'timer':
      return ring(turn, event.timer);
    case 'refresh-asked':
      return beginRefresh(turn, 'manual', { requests: [event.request], force: event.force });
    case 'read-settled':
      return settleRead(turn, event.read, event.outcome);
    case 'feed-acknowledged':
      return acknowledge(turn, event.subscription);
    case 'feed-refused':
      return refuseFeed(turn, event.subscription, event.error);
    case 'feed-down':
      return loseFeed(turn, event.subscription, event.error);
    case 'notice':
      return hearNotice(turn, event.subscription, event.notice);
    case 'breaker-reset':
      turn.state.breaker = resetBreaker(turn.state.breaker);
      return scheduleSooner(turn);
    case 'observed':
      return;
    case 'close':
      return close(turn);
  }
}

function start(turn: Turn, { bootstrap }: Extract<DecisionEvent, { kind: 'start' }>): void {
  const { state, now, commands } = turn;
  if (state.phase !== 'new') return;
  state.phase = 'running';
  if (bootstrap !== undefined) {
    state.served = {
      ...bootstrap,
      revision: undefined,
      origin: { kind: 'bootstrap', name: 'bootstrap' },
      source: undefined,
      fetchedAt: stampOf(now),
      publishedAtMs: undefined,
    };
  }
  // Outside of a request an edge runtime allows no I/O: the first tick is due, and rung when the first request comes.
  if (!state.settings.background) return setTimer(turn, 'tick', now.monotonicMs);
  if (state.settings.hasCache) commands.push({ kind: 'load-cache' });
  beginRefresh(turn, 'start');
  startFeed(turn);
}

/** A cache is better than a bootstrap and worse than anything a source said. */
function takeCache(turn: Turn, { cached }: Extract<DecisionEvent, { kind: 'cache-loaded' }>): void {
  const { state, now } = turn;
  if (cached === undefined || (state.served !== undefined && state.served.origin.kind !== 'bootstrap')) return;
  const source = state.settings.sources.indexOf(cached.source);
  state.served = {
    ...cached.loaded,
    revision: cached.revision,
    origin: { kind: 'cache', name: cached.cache },
    source: source === -1 ? undefined : source,
    fetchedAt: stampOf(now),
    publishedAtMs: undefined,
  };
}

function ring(turn: Turn, timer: TimerName): void {
  const dueMs = turn.state.timers[timer];
  // A timer that was moved or cleared while its ring was on the way.
  if (dueMs === undefined || turn.now.monotonicMs < dueMs) return;
  clearTimer(turn, timer);
  switch (timer) {
    case 'tick':
      return beginRefresh(turn, 'tick');
    case 'deadline':
      return endFlightUnanswered(turn, turn.now.monotonicMs - dueMs);
    case 'retry':
      return retryFlight(turn);
    case 'notice':
      return readForNotices(turn);
    case 'resubscribe':
    case 'subscribe-deadline':
      return subscribeAgain(turn, timer);
    case 'stale':
      return; // The verdict has changed by itself; the difference is announced below.
  }
}

/** The machine slept, or its clock jumped, and what was fresh is stale now: that is no reason to wait for the tick (F41). */
function refreshOnWaking(turn: Turn): void {
  const { state, now } = turn;
  const { verifiedAt, announced, settings } = state;
  if (verifiedAt === undefined || announced === 'stale' || settings.mode === 'none' || state.flight !== undefined)
    return;
  const { ms, uncertain } = elapsedSince(verifiedAt, now);
  const slept = uncertain || ms > now.monotonicMs - verifiedAt.monotonicMs;
  if (slept && (uncertain || ms >= settings.staleAfterMs)) beginRefresh(turn, 'wake');
}

function close(turn: Turn): void {
  const { state, commands } = turn;
  if (state.flight?.read !== undefined) commands.push({ kind: 'abort-read', read: state.flight.read });
  if (state.feed !== 'none') commands.push({ kind: 'unsubscribe', subscription: state.subscription });
  const requests = [...(state.flight?.requests ?? []), ...(state.trailing?.requests ?? [])];
  if (requests.length > 0) commands.push({ kind: 'answer', requests, result: CLOSED });
  state.phase = 'closed';
  state.timers = {};
  state.flight = undefined;
  state.trailing = undefined;
  state.notices = undefined;
  state.feed = 'none';
}

const CLOSED = { ok: false, reason: 'closed', message: 'the client is closed' } as const;

function answerClosed(event: DecisionEvent): readonly Command[] {
  return event.kind === 'refresh-asked' ? [{ kind: 'answer', requests: [event.request], result: CLOSED }] : [];
}
