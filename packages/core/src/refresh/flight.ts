import type { Revision } from '../document/revision.ts';
import { failure } from '../ports/store-error.ts';
import { adoptReading, adoptRest, askedRevision, settleRejections } from './adopt.ts';
import { announcedTo, judgeNotices } from './announced-read.ts';
import { admit, type AttemptOutcome, settle } from './breaker.ts';
import { stampOf } from './moment.ts';
import type { ReadOutcome, RefreshResult } from './protocol.ts';
import { obeyedMs } from './rhythm.ts';
import { backToSchedule } from './schedule.ts';
import { FIRST_BACKOFF_MS } from './settings.ts';
import type { Flight, SourceFailure, Trigger } from './state.ts';
import { clearTimer, setTimer, type Turn } from './turn.ts';

/** A probe is given up by its deadline; the lease is for drivers that lost it. */
const LEASE_SLACK_MS = 1_000;
/** Shortest pause before the second attempt; up to three times this, at random. */
const RETRY_PAUSE_MS = 100;
/**
 * What the second attempt must have left of the deadline: timers ring late by a few milliseconds, and less helps
 * nobody.
 */
const LEAST_RETRY_MS = 20;

/** A deadline that is found passed by more than this was left behind with its request. */
const ORPHANED_AFTER_MS = 1_000;

/** What a refresh is asked for with. */
interface Asked {
  /** Who waits for its result, by number. */
  readonly requests?: readonly number[];
  readonly force?: boolean;
  /** The revision that was announced, which the read is to find. */
  readonly announced?: Revision | undefined;
}

/** Refreshes now, if the breaker admits it, or right after the flight that is under way: `joined`. */
export function beginRefresh(
  turn: Turn,
  trigger: Trigger,
  { requests = [], force = false, announced }: Asked = {},
): 'began' | 'refused' | 'joined' {
  const { state, now } = turn;
  if (state.flight !== undefined) {
    const { trailing } = state;
    state.trailing = {
      trigger: 'manual',
      requests: [...(trailing?.requests ?? []), ...requests],
      force: force || (trailing?.force ?? false),
    };
    return 'joined';
  }
  const { timeoutMs, breaker: policy } = state.settings;
  const [breaker, verdict] = admit(state.breaker, policy, timeoutMs + LEASE_SLACK_MS, now.monotonicMs, force);
  state.breaker = breaker;
  if (!verdict.admitted) {
    const retryAfterMs = Math.ceil(verdict.retryAfterMs);
    const message = `the circuit breaker is open; the next attempt is admitted in ${retryAfterMs} ms`;
    turn.signals?.refused(turn, trigger, retryAfterMs);
    answer(turn, requests, { ok: false, reason: 'circuit_breaker_open', message, retryAfterMs });
    backToSchedule(turn);
    return 'refused';
  }
  clearTimer(turn, 'tick');
  state.flight = {
    trigger,
    admission: verdict.admission,
    requests,
    announced,
    deadlineMs: now.monotonicMs + timeoutMs,
    attempt: 1,
    read: undefined,
    source: 0,
    readBeganAt: stampOf(now),
    failures: [],
  };
  readFrom(turn, state.flight, 0);
  return 'began';
}

/** The second attempt of the flight, from the first source on. */
export function retryFlight(turn: Turn): void {
  const { flight } = turn.state;
  if (flight === undefined) return;
  // Rung late, after a sleep: what is left of the deadline is nothing, so it is a refresh of its own.
  const late = turn.now.monotonicMs >= flight.deadlineMs;
  const deadlineMs = late ? turn.now.monotonicMs + turn.state.settings.timeoutMs : flight.deadlineMs;
  readFrom(turn, { ...flight, attempt: 2, failures: [], deadlineMs }, 0);
}

/** The read under way did not answer in time. */
export function endFlightUnanswered(turn: Turn, lateMs: number): void {
  const { state, commands } = turn;
  const { flight } = state;
  if (flight?.read === undefined) return;
  commands.push({ kind: 'abort-read', read: flight.read });
  if (!state.settings.background && lateMs > ORPHANED_AFTER_MS) {
    // Nobody was there to ring the deadline: the read died with the request that began it.
    const message = 'the request that made this refresh has ended';
    endWithoutNews(turn, flight, { ok: false, reason: 'timeout', message });
    // One more follows, which answers those that wait for it, or is refused with them.
    state.trailing ??= { trigger: flight.trigger, requests: [], force: false };
    return undefined;
  }
  const waitedMs = Math.round(turn.now.monotonicMs - flight.readBeganAt.monotonicMs);
  const error = failure('timeout', `no answer within ${waitedMs} ms (deadline ${state.settings.timeoutMs} ms)`);
  settleRead(turn, flight.read, { kind: 'failed', error });
}

/** Takes what a read came to. One that is not the read under way is too late and changes nothing. */
export function settleRead(turn: Turn, read: number, outcome: ReadOutcome): void {
  const { state, now } = turn;
  const { flight } = state;
  if (flight === undefined || flight.read !== read) return;
  clearTimer(turn, 'deadline');
  if (outcome.kind === 'called-off') return callOff(turn, flight, outcome.message);
  turn.signals?.readEnded(turn, now.monotonicMs - flight.readBeganAt.monotonicMs);
  const verdict = adoptReading(turn, flight, outcome);
  judgeNotices(turn, flight, flight.source, verdict);
  switch (verdict.kind) {
    case 'verified':
      return land(turn, flight, 'success', verdict.result);
    case 'failure':
      return tryFurther(turn, flight, verdict.failure);
  }
}

/**
 * The host called the read off. The next request reads; a background, which has none, waits as after a first failure.
 */
function callOff(turn: Turn, flight: Flight, message: string): void {
  const { state, now } = turn;
  endWithoutNews(turn, flight, { ok: false, reason: 'unavailable', message });
  setTimer(turn, 'tick', now.monotonicMs + (state.settings.background ? FIRST_BACKOFF_MS : 0));
}

/** The end of a flight that says nothing of the store. */
function endWithoutNews(turn: Turn, flight: Flight, result: RefreshResult): void {
  const { state, now } = turn;
  state.breaker = settle(state.breaker, flight.admission, 'neither', state.settings.breaker, now.monotonicMs);
  state.flight = undefined;
  answer(turn, flight.requests, result);
}

function readFrom(turn: Turn, flight: Flight, source: number): void {
  const { state, now, commands } = turn;
  const { settings } = state;
  const read = state.reads + 1;
  state.reads = read;
  state.flight = { ...flight, source, read, readBeganAt: stampOf(now) };
  const known = askedRevision(state, source, now.wallMs);
  // Each source that is left gets an even share of what is left, so that a hanging primary leaves its fallback some.
  const share = (flight.deadlineMs - now.monotonicMs) / (settings.sources.length - source);
  setTimer(turn, 'deadline', now.monotonicMs + Math.max(1, share));
  commands.push({ kind: 'read', read, source, known, announced: announcedTo(state, flight, source) });
}

/** The next source, the second attempt, or the end. */
function tryFurther(turn: Turn, flight: Flight, failure: SourceFailure): void {
  const { state, now } = turn;
  const failures = [...flight.failures, failure];
  const next = failure.source + 1;
  const leftMs = flight.deadlineMs - now.monotonicMs;
  // A source that answered with a bad or an older document is not to be replaced by another while its last good one is
  // served.
  const { served } = state;
  const holdsLastGood =
    failure.outcome !== 'failure' && served?.source === failure.source && served.origin.kind !== 'cache';
  if (next < state.settings.sources.length && !holdsLastGood && leftMs > 0) {
    return readFrom(turn, { ...flight, failures }, next);
  }
  const rest = adoptRest(turn, failures);
  if (rest !== undefined) {
    const { result, ...by } = rest;
    return land(turn, { ...flight, ...by }, 'success', result);
  }
  if (flight.attempt === 1 && failures.some(({ retryable }) => retryable)) {
    const pauseMs = Math.max(askedMs(failures), RETRY_PAUSE_MS * (1 + 2 * now.random));
    if (pauseMs < leftMs - LEAST_RETRY_MS) {
      state.flight = { ...flight, failures, read: undefined };
      turn.signals?.retrying(turn, failure.problem, pauseMs);
      return setTimer(turn, 'retry', now.monotonicMs + pauseMs);
    }
  }
  const first = failures[0] ?? failure;
  return land(turn, { ...flight, failures }, first.outcome, {
    ok: false,
    reason: first.problem.reason,
    message: `${first.problem.source}: ${first.problem.message}`,
    ...(first.retryAfterMs !== undefined && { retryAfterMs: first.retryAfterMs }),
  });
}

/** A store that asks for patience is obeyed also while another serves in its place. */
function notBeforeMs({ state, now }: Turn, failures: readonly SourceFailure[]): number {
  return Math.max(state.notBeforeMs, now.monotonicMs + obeyedMs(state.settings, askedMs(failures)));
}

function askedMs(failures: readonly SourceFailure[]): number {
  return Math.max(0, ...failures.map(({ retryAfterMs = 0 }) => retryAfterMs));
}

/** The end of a flight: breaker, counts, answers, and when the next one is due. */
function land(turn: Turn, flight: Flight, outcome: AttemptOutcome, result: RefreshResult): void {
  const { state, now } = turn;
  const problem = flight.failures[0]?.problem;
  state.notBeforeMs = notBeforeMs(turn, flight.failures);
  state.breaker = settle(state.breaker, flight.admission, outcome, state.settings.breaker, now.monotonicMs);
  state.flight = undefined;
  settleRejections(turn, flight.source);
  state.refreshFailures = result.ok ? 0 : state.refreshFailures + 1;
  state.lastError = problem;
  turn.signals?.landed(turn, result, problem);
  answer(turn, flight.requests, result);
  backToSchedule(turn);
}

function answer(turn: Turn, requests: readonly number[], result: RefreshResult): void {
  if (requests.length > 0) turn.commands.push({ kind: 'answer', requests, result });
}
