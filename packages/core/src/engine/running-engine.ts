/** What plain code knows of engines. Names nothing of Effect: declarations of the plain entries lead here, and who uses those may have no Effect. */
import type { Freshness } from '../decision/freshness.ts';
import type { Moment } from '../decision/moment.ts';
import type { RefreshResult } from '../decision/refresh-result.ts';
import type { State } from '../decision/state.ts';
import type { EngineParts } from './parts.ts';

/** An engine as plain code sees it. */
export interface RunningEngine {
  start(): void;
  state(): State;
  freshness(): Freshness;
  refresh(force: boolean): Promise<RefreshResult>;
  resetBreaker(): void;
  /** Resolves once no document is being saved any more. */
  saved(): Promise<void>;
  /** Ends everything at once, and waits for nothing. */
  stop(): void;
  /** The moment by the engine's clock. */
  now(): Moment;
  /** Hears each change of state, before it is announced, until the returned function is called. */
  onChange(listener: (state: State, before: State) => void): () => void;
}

export type EngineRunner = (parts: EngineParts) => RunningEngine;
