import type { RefreshProblem } from './freshness.ts';
import type { Moment } from './moment.ts';
import type { TimerName, Command, DecisionEvent, RefreshResult } from './protocol.ts';
import type { State, Trigger } from './state.ts';

/**
 * Who puts into log, metrics and announcements what is decided. It changes nothing but what it remembers of failures.
 */
export interface Signals {
  refused(turn: Turn, trigger: Trigger, retryAfterMs: number): void;
  /** The attempt failed and one more follows. */
  retrying(turn: Turn, problem: RefreshProblem, pauseMs: number): void;
  readEnded(turn: Turn, tookMs: number): void;
  /** A source answered with a revision older than what it held before. */
  ignored(turn: Turn): void;
  /** The end of a flight. `problem` is what went wrong on the way, also when another source answered. */
  landed(turn: Turn, result: RefreshResult, problem: RefreshProblem | undefined): void;
  cacheFailed(turn: Turn, event: Extract<DecisionEvent, { kind: 'cache-failed' }>): void;
  /** All that can be told by comparing the states before and after. */
  differences(turn: Turn, before: State): void;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * The working copy of one decision. It lives no longer than one call of `decide`, which hands in a state and gets a new
 * one; the state that was handed in is never written to.
 */
export interface Turn {
  readonly state: Writable<State>;
  readonly commands: Command[];
  readonly now: Moment;
  /** What only a driver that is listened to brings. */
  readonly signals: Signals | undefined;
}

/** Wants `timer` to ring at a monotonic time. */
export function setTimer(turn: Turn, timer: TimerName, atMs: number): void {
  turn.state.timers = { ...turn.state.timers, [timer]: atMs };
}

export function clearTimer(turn: Turn, timer: TimerName): void {
  if (turn.state.timers[timer] === undefined) return;
  const { [timer]: _, ...others } = turn.state.timers;
  turn.state.timers = others;
}
