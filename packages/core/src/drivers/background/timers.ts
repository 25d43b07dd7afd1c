import * as Effect from 'effect/Effect';
import type { TimerName } from '../../refresh/protocol.ts';
import type { State } from '../../refresh/state.ts';
import { end, run } from './fibers.ts';
import { type Events, type Fibers, type Outlet, tell } from './services.ts';
import { sleepUntil } from './sleep.ts';

type Timers = State['timers'];

/** Makes the timers as they are wanted: a fiber each that sleeps until it is due. */
export const setTimers = Effect.fnUntraced(function* (
  before: Timers,
  after: Timers,
  rang: TimerName | undefined,
): Effect.fn.Return<void, never, Fibers | Events | Outlet> {
  for (const timer of Object.keys({ ...before, ...after }) as TimerName[]) {
    const dueMs = after[timer];
    // One that rang and is wanted again for the same time, as rounding can have it, runs no more.
    if (dueMs === before[timer] && timer !== rang) continue;
    yield* dueMs === undefined
      ? end(`timer ${timer}`)
      : run(`timer ${timer}`, Effect.andThen(sleepUntil(dueMs), tell({ kind: 'timer', timer })));
  }
});
