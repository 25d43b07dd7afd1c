import type { Command } from './command.ts';
import type { DecisionParts } from './decision-parts.ts';
import type { DecisionEvent } from './event.ts';
import { beginRefresh, endFlightUnanswered, retryFlight, settleRead } from './flight.ts';
import { elapsedSince, type Moment, stampOf } from './moment.ts';
import { noteFreshness } from './note-freshness.ts';
import type { State } from './state.ts';
import type { TimerName } from './timers.ts';
import { clearTimer, setTimer, type Turn } from './turn.ts';

/** What happened, and when, to what is known now and what is to be done. */
export type Decide = (state: State, event: DecisionEvent, now: Moment) => readonly [State, readonly Command[]];

/**
 * The behaviour of a client, of the decisions that all drivers share and of those parts that one has a use for. Pure. A driver without a
 * part never causes the events that the part would take.
 */
export function makeDecide({ background, signals }: DecisionParts): Decide {
  return (before, event, now) => {
    const turn: Turn = { state: { ...before }, commands: [], now, background, signals };
    take(turn, event);
    refreshOnWaking(turn);
    noteFreshness(turn);
    signals?.differences(turn, before);
    return [turn.state, turn.commands];
  };
}

function take(turn: Turn, event: DecisionEvent): void {
  const { kind } = event;
  if (kind === 'start') start(turn, event);
  else if (kind === 'cache-loaded') takeCache(turn, event);
  else if (kind === 'timer') ring(turn, event.timer);
  else if (kind === 'refresh-asked') beginRefresh(turn, 'manual', { requests: [event.request], force: event.force });
  else if (kind === 'read-settled') settleRead(turn, event.read, event.outcome);
  // When somebody only looked, there is nothing to take: what time has brought is noted below.
  else if (kind !== 'observed') {
    if (kind === 'cache-failed') turn.signals?.cacheFailed(turn, event);
    turn.background?.take(turn, event);
  }
}

function start(turn: Turn, { bootstrap }: Extract<DecisionEvent, { kind: 'start' }>): void {
  const { state, now } = turn;
  if (state.phase !== 'new') return;
  state.phase = 'running';
  if (bootstrap !== undefined) {
    const origin = { kind: 'bootstrap', name: 'bootstrap' } as const;
    state.served = { ...bootstrap, origin, fetchedAt: stampOf(now) };
  }
  // Outside of a request an edge runtime allows no I/O: the first tick is due, and rung when the first request comes.
  if (!state.settings.background) return setTimer(turn, 'tick', now.monotonicMs);
  turn.background?.start(turn);
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
    ...(source !== -1 && { source }),
    fetchedAt: stampOf(now),
  };
}

function ring(turn: Turn, timer: TimerName): void {
  const dueMs = turn.state.timers[timer];
  // A timer that was moved or cleared while its ring was on the way.
  if (dueMs === undefined || turn.now.monotonicMs < dueMs) return;
  clearTimer(turn, timer);
  if (timer === 'tick') beginRefresh(turn, 'tick');
  else if (timer === 'deadline') endFlightUnanswered(turn, turn.now.monotonicMs - dueMs);
  else if (timer === 'retry') retryFlight(turn);
  // When the flags turn stale by themselves, that is noted below.
  else if (timer !== 'stale') turn.background?.ring(turn, timer);
}

/** The machine slept, or its clock jumped, and what was fresh is stale now: that is no reason to wait for the tick (F41). */
function refreshOnWaking(turn: Turn): void {
  const { state, now } = turn;
  const { verifiedAt, announced, settings } = state;
  if (verifiedAt === undefined || announced === 'stale' || settings.mode === 'none' || state.flight !== undefined)
    return;
  const { ms, uncertain } = elapsedSince(verifiedAt, now);
  const awakeMs = now.monotonicMs - verifiedAt.monotonicMs;
  if (uncertain || (ms > awakeMs && ms >= settings.staleAfterMs)) beginRefresh(turn, 'wake');
}
