import type { Freshness } from '../../../../packages/core/src/refresh/freshness.ts';
import type { RefreshResult } from '../../../../packages/core/src/refresh/protocol.ts';
import type { State } from '../../../../packages/core/src/refresh/state.ts';
import type { DriverParts } from '../../../../packages/core/src/drivers/parts.ts';
import type { MachineTime } from '../world/machine-time.ts';

/** What the world hands to a driver: ports to speak to, a machine to live on, and chance. */
export interface SimulatedParts {
  readonly parts: DriverParts;
  readonly time: MachineTime;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Something that runs the decisions. Every driver is put into the same world and held to the same invariants. */
export interface Driver {
  start(): void;
  refresh(force: boolean): Promise<RefreshResult>;
  resetBreaker(): void;
  /** What an application sees when it looks; what time has changed is announced on the way. */
  look(): Freshness;
  /** The same, without anybody having looked. */
  peek(): Freshness;
  state(): State;
  close(): void;
  /** A request comes in, where the driver does nothing without one. */
  request?(): void;
}

export type MakeDriver = (parts: SimulatedParts) => Driver;

export interface DriverKind {
  readonly name: string;
  /** Whether it works between requests. */
  readonly background: boolean;
  readonly make: MakeDriver;
}
