import type { Settings } from '../../../packages/core/src/refresh/settings.ts';
import type { StoreErrorReason } from '../../../packages/core/src/ports/store-error.ts';
import type { Publisher } from './world/held.ts';

/** All that is to happen to one client: its surroundings, and what the world does, in order. A seed draws one. */
export interface History {
  readonly seed: number;
  readonly settings: Settings;
  readonly machine: Machine;
  /** In the order of `settings.sources`. */
  readonly stores: readonly StoreKind[];
  readonly feed: FeedKind | undefined;
  readonly cache: CacheKind | undefined;
  readonly bootstrap: boolean;
  readonly actions: readonly Action[];
  /** How often a request comes in, where the driver does nothing without one. */
  readonly requestsEveryMs: number | undefined;
  /** Time that passes after the last action, before the client is closed and looked at for the last time. */
  readonly restMs: number;
}

/** What the machine's clocks are like. */
export interface Machine {
  /** Steps in which boot time moves; undefined where the runtime does not tell it. */
  readonly bootResolutionMs: number | undefined;
  /** Whether the monotonic clock stands still while the machine sleeps. */
  readonly monotonicSleeps: boolean;
  /** How much later (or earlier) than asked timers ring. */
  readonly timerErrorMs: number;
  /** What the monotonic clock shows at the start: it is not a round number on a real machine. */
  readonly monotonicStartMs: number;
  /** How wrong the wall clock is when the client starts. */
  readonly wallErrorMs: number;
}

export interface StoreKind {
  readonly revisions: 'counted' | 'counted-with-hash' | 'hash';
  /** What it holds when the client starts. */
  readonly holds: 'good' | 'bad' | 'nothing';
  readonly tellsTime: boolean;
  /** Says when what it holds was published. */
  readonly tellsPublication: boolean;
  /** Notes which publications what it holds stands on, where it counts, and gives them with the document. */
  readonly remembers: boolean;
  /** Something stands in front of it and answers from memory for this long, saying how old the answer is; 0 without. */
  readonly memoryMs: number;
}

export interface FeedKind {
  readonly answers: FeedAnswer;
  /** Goes on calling its listener after the signal was aborted. */
  readonly ignoresAbort: boolean;
}

export type FeedAnswer =
  | 'acknowledge'
  | 'acknowledge-at-once'
  | 'refuse'
  | 'refuse-with-patience'
  | 'refuse-the-user'
  | 'silence'
  | 'throw';

export interface CacheKind {
  readonly loads:
    | 'nothing'
    | 'older'
    | 'present'
    | 'foreign'
    | 'corrupt'
    | 'misshapen'
    | 'refuses'
    | 'hangs'
    | 'throws';
  readonly saves: 'at-once' | 'slowly' | 'refuses' | 'hangs';
}

/** How a store takes reads. */
export type Behaviour =
  | { readonly kind: 'good' }
  | { readonly kind: 'hangs' }
  | {
      readonly kind: 'fails';
      readonly reason: StoreErrorReason;
      readonly retryable?: boolean;
      readonly retryAfterMs?: number;
      /** What it says to hold, although it cannot give it. */
      readonly namesRevision?: boolean;
      readonly notADocument?: boolean;
    }
  | { readonly kind: 'throws' }
  | { readonly kind: 'html' }
  | { readonly kind: 'cut-short' }
  | { readonly kind: 'nonsense' }
  /** Says "unchanged" to every question. */
  | { readonly kind: 'says-unchanged' };

export type Poison = 'epoch-ahead' | 'version-huge' | 'version-negative' | 'not-a-number';

export type Action = { readonly atMs: number } &
  // The publisher.
  (
    | { readonly kind: 'publish'; readonly store: number; readonly good: boolean; readonly by: Publisher }
    /** As late as a poll can miss it: right after the store has answered the next read. */
    | { readonly kind: 'publish-behind-read'; readonly store: number; readonly by: Publisher }
    | { readonly kind: 'restore'; readonly store: number; readonly by: Publisher }
    | { readonly kind: 'poison'; readonly store: number; readonly how: Poison }
    | { readonly kind: 'flush'; readonly store: number }
    // What becomes of what was published: see SimulatedStore.
    | { readonly kind: 'lose'; readonly store: number; readonly publications: number }
    | {
        readonly kind: 'failover';
        readonly store: number;
        readonly publications: number;
        readonly clockErrorMs: number;
        readonly formerAnswersForMs: number;
      }
    | { readonly kind: 'put-back'; readonly store: number; readonly states: number }
    | { readonly kind: 'server-clock-jump'; readonly store: number; readonly ms: number }
    // The store.
    | { readonly kind: 'behave'; readonly store: number; readonly behaviour: Behaviour }
    | { readonly kind: 'latency'; readonly store: number; readonly leastMs: number; readonly mostMs: number }
    | { readonly kind: 'lag'; readonly store: number; readonly versions: number }
    | { readonly kind: 'ignore-abort'; readonly store: number; readonly on: boolean }
    // The feed.
    | { readonly kind: 'feed-answers'; readonly answer: FeedAnswer }
    | {
        readonly kind: 'feed-delivers';
        readonly lose: number;
        readonly duplicate: number;
        readonly mostMs: number;
        readonly names: boolean;
      }
    | { readonly kind: 'feed-down' }
    | { readonly kind: 'feed-up' }
    | {
        readonly kind: 'notices';
        readonly count: number;
        readonly everyMs: number;
        /** `garbled`: it is not a notice at all. */
        readonly names: 'nothing' | 'present' | 'old' | 'ahead' | 'foreign' | 'garbled';
      }
    // The machine.
    | { readonly kind: 'sleep'; readonly ms: number }
    /** Falls asleep soon after the next read has failed, while the second attempt is waited for. */
    | { readonly kind: 'doze'; readonly ms: number }
    | { readonly kind: 'block'; readonly ms: number; readonly timersFirst: boolean }
    | { readonly kind: 'wall-jump'; readonly ms: number }
    // The application.
    | { readonly kind: 'refresh'; readonly force: boolean; readonly times: number }
    | { readonly kind: 'reset-breaker' }
    | { readonly kind: 'look' }
    /** The request that began what is under way has ended, and took its reads and timers along. */
    | { readonly kind: 'orphan' }
    | { readonly kind: 'close' }
    /**
     * Everything is put right: reachable and good, with the clock set. What follows must converge. Reads take up to
     * this fraction of the time that they have.
     */
    | { readonly kind: 'calm'; readonly slowness: number }
  );
