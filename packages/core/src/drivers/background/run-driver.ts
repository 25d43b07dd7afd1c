import * as Clock from 'effect/Clock';
import * as Context from 'effect/Context';
import type { Loaded } from '../../refresh/snapshot.ts';
import { freshnessOf, type State } from '../../refresh/state.ts';
import type { Outlets } from '../parts.ts';
import type { DriverRunner, RunningDriver } from '../running-driver.ts';
import { held, opened, promiseOf, valueOf } from './boundary.ts';
import { type Driver, makeDriver } from './driver.ts';
import { unrefClock } from './unref-clock.ts';

/** Runs drivers on this clock, and with what else of this context concerns them. */
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
    const { made: driver, close } = opened(makeDriver({ ...parts, outlets }), context);
    return {
      ...plainDriver(driver, parts.bootstrap),
      refresh: (force, signal) => promiseOf(driver.refresh(force), signal),
      saved: () => promiseOf(driver.saved),
      stop: close,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  };
}

/** Runs drivers on the real clock, without keeping the process alive. */
export const runDriver: DriverRunner = (parts) =>
  driverRunner(Context.make(Clock.Clock, unrefClock(valueOf(Clock.Clock))))(parts);

/** What plain code asks of a driver, and has at once. */
export function plainDriver(
  { state, now, post }: Driver,
  bootstrap: Loaded | undefined,
): Pick<RunningDriver, 'start' | 'state' | 'now' | 'freshness' | 'resetBreaker'> {
  return {
    start: () => void post({ kind: 'start', bootstrap }),
    state: () => held(state),
    now,
    freshness: () => {
      const moment = now();
      const present = held(state);
      const freshness = freshnessOf(present, moment);
      if (freshness.state === present.announced) return freshness;
      // What time has changed by itself is announced on the way.
      post({ kind: 'observed' });
      return freshnessOf(held(state), moment);
    },
    resetBreaker: () => void post({ kind: 'breaker-reset' }),
  };
}
