/**
 * What plain code knows of drivers. Names nothing of Effect: declarations of the plain entries lead here, and who uses
 * those may have no Effect.
 */
import type { Freshness } from '../refresh/freshness.ts';
import type { Moment } from '../refresh/moment.ts';
import type { RefreshResult } from '../refresh/protocol.ts';
import type { State } from '../refresh/state.ts';
import type { DriverParts } from './parts.ts';

/** A driver as plain code sees it. */
export interface RunningDriver {
  start(): void;
  state(): State;
  freshness(): Freshness;
  /** Never rejects, unless it is no longer waited for: once `signal` is aborted. */
  refresh(force: boolean, signal?: AbortSignal): Promise<RefreshResult>;
  resetBreaker(): void;
  /** Resolves once no document is being saved any more. */
  saved(): Promise<void>;
  /** Ends everything at once, and waits for nothing. */
  stop(): void;
  /** The moment by the driver's clock. */
  now(): Moment;
  /** Hears each change of state, before it is announced, until the returned function is called. */
  onChange(listener: (state: State, before: State) => void): () => void;
}

export type DriverRunner = (parts: DriverParts) => RunningDriver;
