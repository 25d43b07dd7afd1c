import * as Clock from 'effect/Clock';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Scope from 'effect/Scope';
import type { State } from '../../refresh/state.ts';
import { makeDriver } from './driver.ts';
import type { Outlets } from '../parts.ts';
import type { DriverRunner } from '../running-driver.ts';
import { unrefClock } from './unref-clock.ts';

/** Runs drivers on this clock, and with the rest of this context. */
export function driverRunner(context: Context.Context<never>): DriverRunner {
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
    const driver = Effect.runSyncWith(context)(Scope.provide(makeDriver({ ...parts, outlets }), scope));
    return {
      start: () => driver.start(),
      state: driver.state,
      freshness: driver.freshness,
      refresh: (force) => Effect.runPromise(driver.refresh(force)),
      resetBreaker: () => driver.resetBreaker(),
      saved: () => driver.saved(),
      stop: () => Effect.runSync(Scope.close(scope, Exit.void)),
      now: driver.now,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  };
}

/** Runs drivers on the real clock, without keeping the process alive. */
export const runDriver: DriverRunner = (parts) => {
  const clock = Effect.runSync(Clock.Clock);
  return driverRunner(Context.make(Clock.Clock, unrefClock(clock)))(parts);
};
