/** Fibers that commands and timers begin. */
import * as Effect from 'effect/Effect';
import { endFiber, runFiber } from './fiber-map.ts';
import { Fibers, Outlet, type Running } from './services.ts';

/** Begins at once, in place of what ran by this name. */
export const run = <R>(
  name: Running,
  effect: Effect.Effect<unknown, never, R>,
): Effect.Effect<void, never, R | Fibers | Outlet> => Fibers.use((fibers) => runFiber(fibers, name, guarded(effect)));

/** When this returns nothing of this name runs. */
export const end = (name: Running): Effect.Effect<void, never, Fibers> =>
  Fibers.use((fibers) => endFiber(fibers, name));

/** A mistake of ours is told, and ends nothing else. */
export const guarded = <R>(effect: Effect.Effect<unknown, never, R>): Effect.Effect<void, never, R | Outlet> =>
  Effect.catchDefect(Effect.asVoid(effect), (defect) =>
    Outlet.useSync((outlet) =>
      outlet.log({
        level: 'error',
        message: 'internal error in the refresh driver',
        fields: { cause: String(defect) },
      }),
    ),
  );
