import * as Clock from 'effect/Clock';
import * as Context from 'effect/Context';
import * as Duration from 'effect/Duration';
import * as Effect from 'effect/Effect';
import * as Random from 'effect/Random';
import { freshnessOf } from '../../../../packages/core/src/refresh/state.ts';
import { opened } from '../../../../packages/core/src/drivers/background/boundary.ts';
import { makeDriver } from '../../../../packages/core/src/drivers/background/driver.ts';
import { plainDriver } from '../../../../packages/core/src/drivers/background/run-driver.ts';
import type { MachineTime } from '../world/machine-time.ts';
import type { Driver, DriverKind, SimulatedParts } from './driver.ts';

/** The driver as the client runs it, on a simulated machine. */
export const effectDriver: DriverKind = { name: 'effect', background: true, make: makeEffectDriver };

function makeEffectDriver({ parts, time, random }: SimulatedParts): Driver {
  const context = Context.make(Clock.Clock, clockOf(time)).pipe(
    Context.add(Random.Random, {
      nextIntUnsafe: () => Math.floor(random() * Number.MAX_SAFE_INTEGER),
      nextDoubleUnsafe: random,
    }),
  );
  const { made, close } = opened(makeDriver(parts), context);
  const driver = plainDriver(made, parts.bootstrap);
  const moment = () => ({ monotonicMs: time.monotonicMs(), wallMs: time.wallMs(), bootMs: time.bootMs() });
  return {
    start: () => driver.start(),
    refresh: (force) => Effect.runPromise(made.refresh(force)),
    resetBreaker: () => driver.resetBreaker(),
    look: () => driver.freshness(),
    peek: () => freshnessOf(driver.state(), moment()),
    state: () => driver.state(),
    close,
  };
}

function clockOf(time: MachineTime): Clock.Clock {
  const nanos = (ms: number): bigint => BigInt(Math.round(ms * 1e6));
  const wallNanos = () => nanos(time.wallMs());
  const monotonicNanos = () => nanos(time.monotonicMs());
  return {
    currentTimeMillisUnsafe: () => time.wallMs(),
    currentTimeMillis: Effect.sync(() => time.wallMs()),
    currentTimeNanosUnsafe: wallNanos,
    currentTimeNanos: Effect.sync(wallNanos),
    monotonicTimeNanosUnsafe: monotonicNanos,
    monotonicTimeNanos: Effect.sync(monotonicNanos),
    sleep: (duration) =>
      Effect.callback<void>((resume) => {
        const cancel = time.sleep(Duration.toMillis(duration), () => resume(Effect.void));
        return Effect.sync(cancel);
      }),
  };
}
