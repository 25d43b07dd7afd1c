import type { Announcement, LogEntry, RefreshResult } from '../../../../packages/core/src/refresh/protocol.ts';
import type { Notice } from '../../../../packages/core/src/ports/feed.ts';
import type { Action } from '../history.ts';
import type { Subscription } from './simulated-feed.ts';
import type { Answer, Read } from './simulated-store.ts';
import type { Request, World } from './world.ts';

/**
 * Looks on, and calls `world.violate` when its invariant does not hold. Every member is optional: it hears what it
 * names.
 */
export interface Watch {
  readBegan?(read: Read): void;
  /** An answer is about to reach the client; `read.settled` says whether anybody still waits for it. */
  delivering?(read: Read, answer: Answer): void;
  subscribed?(subscription: Subscription): void;
  /** The client is about to hear a notice, or of an acknowledged subscription. */
  hears?(news: Notice | 'acknowledged'): void;
  announced?(announcement: Announcement): void;
  logged?(entry: LogEntry): void;
  measured?(): void;
  asked?(request: Request): void;
  answered?(request: Request, result: RefreshResult): void;
  acting?(action: Action): void;
  /** Right after it was done: nothing else has had a turn yet. */
  did?(action: Action): void;
  acted?(action: Action): void;
  /** The machine slept, stood still, or had its clock set. */
  disturbed?(ms: number): void;
  /** Time has moved on and something is about to happen. */
  stepping?(): void;
  /** It has happened, and everything has settled. */
  stepped?(): void;
  /** When it wants to look although nothing may happen then. */
  looksAtMonotonicMs?(): number | undefined;
  /** The last action is over and its rest has passed; the client is still open, unless an action closed it. */
  rested?(): void;
  /** The client is closed, and time enough has passed. */
  ended?(): void;
}

export type MakeWatch = (world: World) => Watch;
