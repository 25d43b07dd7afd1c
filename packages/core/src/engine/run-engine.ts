import * as Clock from 'effect/Clock';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Scope from 'effect/Scope';
import type { Freshness } from '../decision/freshness.ts';
import type { Moment } from '../decision/moment.ts';
import type { RefreshResult } from '../decision/refresh-result.ts';
import type { State } from '../decision/state.ts';
import { makeEngine } from './engine.ts';
import type { EngineParts, Outlets } from './parts.ts';
import { unrefClock } from './unref-clock.ts';

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

/** Runs engines on this clock, and with whatever else of this context concerns them. */
export function engineRunner(context: Context.Context<never>): EngineRunner {
  return (parts) => {
    const listeners = new Set<(state: State, before: State) => void>();
    const outlets: Outlets = {
      ...parts.outlets,
      changed: (state, before) => {
        parts.outlets.changed(state, before);
        for (const listener of listeners) listener(state, before);
      },
    };
    const scope = Scope.makeUnsafe();
    const engine = Effect.runSyncWith(context)(Scope.provide(makeEngine({ ...parts, outlets }), scope));
    return {
      start: () => engine.start(),
      state: engine.state,
      freshness: engine.freshness,
      refresh: (force) => Effect.runPromise(engine.refresh(force)),
      resetBreaker: () => engine.resetBreaker(),
      saved: () => engine.saved(),
      stop: () => Effect.runSync(Scope.close(scope, Exit.void)),
      now: engine.now,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  };
}

/** Runs engines on the real clock, without keeping the process alive. */
export const runEngine: EngineRunner = (parts) => {
  const clock = Effect.runSync(Clock.Clock);
  return engineRunner(Context.make(Clock.Clock, unrefClock(clock)))(parts);
};
