import type { DecisionEvent } from './event.ts';
import type { RefreshProblem } from './freshness.ts';
import type { RefreshResult } from './refresh-result.ts';
import type { State, Trigger } from './state.ts';
import type { TimerName } from './timers.ts';
import type { Turn } from './turn.ts';

/** What the decisions of a driver are made of beside those that all drivers share. A driver leaves out what it can never use. */
export interface DecisionParts {
  /** For drivers that work between requests. */
  readonly background?: Background | undefined;
  /** For drivers that somebody listens to. */
  readonly signals?: Signals | undefined;
}

/** What happens only to a client with a background: a start of its own, a feed, notices, the end. */
export type BackgroundEvent = Exclude<
  DecisionEvent,
  { kind: 'start' | 'cache-loaded' | 'timer' | 'refresh-asked' | 'read-settled' | 'observed' }
>;
export type BackgroundTimer = Exclude<TimerName, 'tick' | 'deadline' | 'retry' | 'stale'>;

export interface Background {
  start(turn: Turn): void;
  take(turn: Turn, event: BackgroundEvent): void;
  ring(turn: Turn, timer: BackgroundTimer): void;
  /** A read begins, or is refused, which answers whatever was announced before. */
  answerNotices(turn: Turn): void;
  /** A refresh has ended: what waited for that is done. */
  landed(turn: Turn): void;
}

/** Who puts into log, metrics and announcements what is decided. It changes nothing but what it remembers of failures. */
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
