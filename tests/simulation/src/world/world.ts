import type { Freshness } from '../../../../packages/core/src/refresh/freshness.ts';
import type { RefreshResult } from '../../../../packages/core/src/refresh/protocol.ts';
import type { Driver } from '../drivers/driver.ts';
import type { History } from '../history.ts';
import type { MachineTime } from './machine-time.ts';
import type { SimulatedCache } from './simulated-cache.ts';
import type { SimulatedFeed } from './simulated-feed.ts';
import type { Read, SimulatedStore } from './simulated-store.ts';

/** An invariant that did not hold. */
export interface Violation {
  readonly invariant: string;
  readonly message: string;
  readonly atTrueMs: number;
}

/** A manual refresh that was asked for. */
export interface Request {
  readonly number: number;
  readonly askedMonotonicMs: number;
  readonly force: boolean;
  /** Reads that had begun when it was asked for. */
  readonly readsBefore: number;
  result: RefreshResult | undefined;
}

/** How the feed treats what it announces. */
export interface Delivery {
  /** Probabilities, from 0 to 1. */
  readonly lose: number;
  readonly duplicate: number;
  /** The longest way of a notice, in milliseconds. */
  readonly mostMs: number;
  /** Whether a notice names the revision. */
  readonly names: boolean;
}

/** The world as actions change it and as watches see it. */
export interface World {
  readonly history: History;
  readonly time: MachineTime;
  readonly stores: readonly SimulatedStore[];
  readonly feed: SimulatedFeed | undefined;
  readonly cache: SimulatedCache | undefined;
  readonly driver: Driver;
  readonly reads: readonly Read[];
  readonly requests: readonly Request[];
  readonly monotonicMs: number;
  /** Monotonic time at which the machine last slept, stood still, or had its clock set. */
  readonly disturbedMonotonicMs: number;
  /** Whether the client was closed. */
  closed: boolean;
  delivery: Delivery;
  /** How long the machine will sleep once a read has failed. */
  dozeMs: number | undefined;

  peek(): Freshness;
  /** Notes that an invariant does not hold. The first one counts. */
  violate(invariant: string, message: string): void;
  /** Writes into the journal, if one is kept. */
  note(text: string): void;
  /** Lets `run` happen at the machine, which must be awake for it. */
  deliver(afterMs: number, run: () => void): void;
  /** Notes a manual refresh and asks for it. */
  ask(force: boolean): void;
  /** The machine sleeps: the world goes on without it. */
  sleep(ms: number): void;
  /** The event loop stands still. Afterwards either timers or what has arrived comes first. */
  block(ms: number, timersFirst: boolean): void;
  /** A request ends, and takes its reads and timers along. */
  orphan(): void;
  /** Tells the watches that the machine lost this many milliseconds, or had its clock set (0). */
  disturb(ms: number): void;
}
