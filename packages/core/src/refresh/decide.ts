/** The behaviour of a client. What happens on each event stands here, from top to bottom. */
import { announceDifferences, signals } from './announcements.ts';
import { closeBackground, serveWaiting, startBackground } from './background.ts';
import { resetBreaker } from './breaker.ts';
import { acknowledge, loseFeed, refuseFeed, subscribeAgain } from './feed.ts';
import { beginRefresh, endFlightUnanswered, retryFlight, settleRead } from './flight.ts';
import { noteCacheFailure, noteCacheSaved } from './cache-saves.ts';
import { elapsedSince, type Moment, stampOf } from './moment.ts';
import { answerNotices, hearNotice, readForNotices } from './notices.ts';
import { type TimerName, CLOSED, type Command, type DecisionEvent } from './protocol.ts';
import { tellFreshness } from './reports.ts';
import { scheduleSooner } from './schedule.ts';
import { noteFreshness } from './stale-timer.ts';
import type { State, Trailing, Trigger } from './state.ts';
import { clearTimer, setTimer, type Signals, type Turn } from './turn.ts';

/** What happened, and when, to what is known now and what is to be done. */
export type Decide = (state: State, event: DecisionEvent, now: Moment) => readonly [State, readonly Command[]];

type Of<Kind extends DecisionEvent['kind']> = Extract<DecisionEvent, { kind: Kind }>;

interface Behaviour {
  /** What each event does. A driver never causes one that its behaviour leaves out. */
  readonly events: { readonly [Kind in DecisionEvent['kind']]?: (turn: Turn, event: Of<Kind>) => void };
  /** What each timer rings for. `lateMs`: how long after it was due it rings. */
  readonly timers: { readonly [Name in TimerName]?: (turn: Turn, lateMs: number) => void };
  /** What waited for the end of a flight, and was not asked for by anybody. */
  readonly landed?: (turn: Turn) => void;
}

/** Every client, also one that works only while a request waits. */
const everyClient: Behaviour = {
  events: {
    start,
    'cache-loaded': takeCache,
    'cache-failed': (turn, event) => turn.signals?.cacheFailed(turn, event),
    'refresh-asked': (turn, { request, force }) => refresh(turn, 'manual', { requests: [request], force }),
    'read-settled': (turn, { read, outcome }) => settleRead(turn, read, outcome),
    observed: () => {}, // Somebody only looked. What time has brought is noted after each event.
  },
  timers: {
    tick: (turn) => refresh(turn, 'tick'),
    deadline: endFlightUnanswered,
    retry: retryFlight,
    stale: () => {}, // Also noted after each event.
  },
};

/** Besides, a client with a background: it starts by itself, subscribes, hears notices, keeps its cache, and ends. */
const inBackground: Behaviour = {
  events: {
    start(turn, event) {
      if (turn.state.phase !== 'new') return;
      start(turn, event);
      startBackground(turn);
    },
    'feed-acknowledged': (turn, { subscription }) => acknowledge(turn, subscription),
    'feed-refused': (turn, { subscription, error }) => refuseFeed(turn, subscription, error),
    'feed-down': (turn, { subscription, error }) => loseFeed(turn, subscription, error),
    notice: (turn, { subscription, notice }) => hearNotice(turn, subscription, notice),
    'cache-failed'(turn, event) {
      turn.signals?.cacheFailed(turn, event);
      noteCacheFailure(turn, event);
    },
    'cache-saved': noteCacheSaved,
    'breaker-reset'(turn) {
      turn.state.breaker = resetBreaker(turn.state.breaker);
      scheduleSooner(turn);
    },
    close: closeBackground,
  },
  timers: {
    notice: readForNotices,
    resubscribe: (turn) => subscribeAgain(turn, 'resubscribe'),
    'subscribe-deadline': (turn) => subscribeAgain(turn, 'subscribe-deadline'),
  },
  landed: serveWaiting,
};

interface DecisionParts {
  /** For drivers that work between requests. */
  readonly background?: Behaviour | undefined;
  /** For drivers that somebody listens to. */
  readonly signals?: Signals | undefined;
}

/** Of the behaviour that every driver shares, and the parts that one has a use for. Pure. */
export function makeDecide({ background, signals }: DecisionParts): Decide {
  const events = { ...everyClient.events, ...background?.events };
  const timers = { ...everyClient.timers, ...background?.timers };

  function take(turn: Turn, event: DecisionEvent): void {
    if (event.kind === 'timer') return ring(turn, event.timer);
    // One of the kind that the table has it under.
    const react = events[event.kind] as ((turn: Turn, event: DecisionEvent) => void) | undefined;
    react?.(turn, event);
  }

  function ring(turn: Turn, timer: TimerName): void {
    const dueMs = turn.state.timers[timer];
    // A timer that was moved or cleared while its ring was on the way.
    if (dueMs === undefined || turn.now.monotonicMs < dueMs) return;
    clearTimer(turn, timer);
    timers[timer]?.(turn, turn.now.monotonicMs - dueMs);
  }

  return (before, event, now) => {
    const turn: Turn = { state: { ...before }, commands: [], now, signals };
    take(turn, event);
    if (before.flight !== undefined && turn.state.flight === undefined) followFlight(turn, background?.landed);
    refreshOnWaking(turn);
    noteFreshness(turn);
    signals?.differences(turn, before);
    return [turn.state, turn.commands];
  };
}

const decideWhileOpen = /* @__PURE__ */ makeDecide({ background: inBackground, signals });

/**
 * The whole behaviour of a client with a background, that anybody may listen to. Once it is closed nothing changes it
 * any more.
 */
export const decide: Decide = (state, event, now) =>
  state.phase === 'closed' ? [state, answerClosed(event)] : decideWhileOpen(state, event, now);

function answerClosed(event: DecisionEvent): readonly Command[] {
  return event.kind === 'refresh-asked' ? [{ kind: 'answer', requests: [event.request], result: CLOSED }] : [];
}

/**
 * Reads now, if the breaker admits it. That answers all that was announced before; a refusal does, by the tick that
 * follows the break.
 */
function refresh(turn: Turn, trigger: Trigger, asked?: Pick<Trailing, 'requests' | 'force'>): void {
  const announced = turn.state.notices?.revision;
  if (beginRefresh(turn, trigger, { ...asked, announced }) !== 'joined') answerNotices(turn);
}

/** A flight has ended: what arrived meanwhile is answered by exactly one more. */
function followFlight(turn: Turn, landed: Behaviour['landed']): void {
  const { state } = turn;
  const { trailing } = state;
  if (trailing === undefined) {
    if (state.phase === 'running') landed?.(turn);
    return;
  }
  state.trailing = undefined;
  refresh(turn, trailing.trigger, trailing);
}

function start(turn: Turn, { bootstrap }: Of<'start'>): void {
  const { state, now } = turn;
  if (state.phase !== 'new') return;
  state.phase = 'running';
  if (bootstrap !== undefined) {
    const origin = { kind: 'bootstrap', name: 'bootstrap' } as const;
    state.served = { ...bootstrap, origin, fetchedAt: stampOf(now) };
  }
  // Outside of a request an edge runtime allows no I/O: the first tick is due, and rung when the first request comes.
  if (!state.settings.background) setTimer(turn, 'tick', now.monotonicMs);
}

/** A cache is better than a bootstrap and worse than anything a source said. */
function takeCache(turn: Turn, { cached }: Of<'cache-loaded'>): void {
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

/**
 * The machine slept, or its clock jumped, and what was fresh is stale now: that is no reason to wait for the tick
 * (F41).
 */
function refreshOnWaking(turn: Turn): void {
  const { state, now } = turn;
  const { verifiedAt, announced, settings } = state;
  if (verifiedAt === undefined || announced === 'stale' || settings.mode === 'none' || state.flight !== undefined)
    return;
  const { ms, uncertain } = elapsedSince(verifiedAt, now);
  const awakeMs = now.monotonicMs - verifiedAt.monotonicMs;
  if (uncertain || (ms > awakeMs && ms >= settings.staleAfterMs)) refresh(turn, 'wake');
}

/**
 * The state with these changes, which a driver has from elsewhere, and what listeners and the log are told of the
 * difference. Pure, like `decide`, which it takes the place of.
 */
export function nextState(
  state: State,
  changes: Partial<State>,
  now: Turn['now'],
): readonly [state: State, commands: Turn['commands']] {
  const turn: Turn = { state: { ...state, ...changes }, commands: [], now, signals: undefined };
  noteFreshness(turn);
  announceDifferences(turn, state);
  // What else there is to log, and all metrics, belong to whom the changes come from.
  tellFreshness(turn, state);
  return [turn.state, turn.commands];
}
