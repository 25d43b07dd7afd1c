import type { Command } from './command.ts';
import type { Background, Signals } from './decision-parts.ts';
import type { Moment } from './moment.ts';
import type { State } from './state.ts';
import type { TimerName } from './timers.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * The working copy of one decision. It lives no longer than one call of `decide`, which hands in a state and gets a new
 * one; the state that was handed in is never written to.
 */
export interface Turn {
  readonly state: Writable<State>;
  readonly commands: Command[];
  readonly now: Moment;
  /** What only a driver with a background brings. */
  readonly background: Background | undefined;
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
