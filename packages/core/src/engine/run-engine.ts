import * as Clock from 'effect/Clock';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Scope from 'effect/Scope';
import type { Freshness } from '../decision/freshness.ts';
import type { RefreshResult } from '../decision/refresh-result.ts';
import type { State } from '../decision/state.ts';
import { makeEngine } from './engine.ts';
import type { EngineParts } from './parts.ts';
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
  /** Unix milliseconds of the engine's clock. */
  wallMs(): number;
}

export type EngineRunner = (parts: EngineParts) => RunningEngine;

/** Runs engines on this clock, and with whatever else of this context concerns them. */
export function engineRunner(context: Context.Context<never>): EngineRunner {
  const clock = Context.get(context, Clock.Clock);
  return (parts) => {
    const scope = Scope.makeUnsafe();
    const engine = Effect.runSyncWith(context)(Scope.provide(makeEngine(parts), scope));
    return {
      start: engine.start,
      state: engine.state,
      freshness: engine.freshness,
      refresh: (force) => Effect.runPromise(engine.refresh(force)),
      resetBreaker: engine.resetBreaker,
      saved: engine.saved,
      stop: () => Effect.runSync(Scope.close(scope, Exit.void)),
      wallMs: () => clock.currentTimeMillisUnsafe(),
    };
  };
}

/** Runs engines on the real clock, without keeping the process alive. */
export const runEngine: EngineRunner = (parts) => {
  const clock = Effect.runSync(Clock.Clock);
  return engineRunner(Context.make(Clock.Clock, unrefClock(clock)) as Context.Context<never>)(parts);
};
