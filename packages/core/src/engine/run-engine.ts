import * as Clock from 'effect/Clock';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Scope from 'effect/Scope';
import type { State } from '../decision/state.ts';
import { makeEngine } from './engine.ts';
import type { Outlets } from './parts.ts';
import type { EngineRunner } from './running-engine.ts';
import { unrefClock } from './unref-clock.ts';

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
