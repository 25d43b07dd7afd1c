import type * as Cause from 'effect/Cause';
import * as Effect from 'effect/Effect';
import * as Queue from 'effect/Queue';
import type { SnapshotCache } from '../../ports/snapshot-cache.ts';
import { StoreError, toStoreError } from '../../ports/store-error.ts';
import type { DecisionEvent } from '../../refresh/protocol.ts';
import { outcomeOfCached } from '../readings.ts';
import { guarded } from './fibers.ts';
import { Cache, type Events, type Outlet, Saves, tell } from './services.ts';
import { monotonicMs, sleepUntil } from './sleep.ts';

/** A cache that takes longer than this is done without. */
const CACHE_DEADLINE_MS = 5_000;

/** Reads what the last process left. Whatever goes wrong is reported and costs nothing else (F53). */
export const loadCache: Effect.Effect<unknown, never, Cache | Events> = Effect.gen(function* () {
  const { cache, decode } = yield* Cache;
  if (cache === undefined) return;
  const outcome = yield* inTime(cache, 'load', (signal) => cache.load(signal)).pipe(
    Effect.map((cached): DecisionEvent => outcomeOfCached(cached, cache.name, decode)),
    Effect.catch((error) => Effect.succeed<DecisionEvent>({ kind: 'cache-failed', error })),
  );
  yield* tell(outcome);
});

/** Saves one document after the other, as long as the queue is open or something waits in it. */
export const saveEach = Effect.fnUntraced(function* (
  cache: SnapshotCache,
): Effect.fn.Return<never, Cause.Done, Saves | Events | Outlet> {
  const saves = yield* Saves;
  const save = Effect.flatMap(Queue.take(saves), (snapshot) =>
    guarded(
      inTime(cache, 'save', (signal) => cache.save(snapshot, signal)).pipe(
        Effect.map((): DecisionEvent => ({ kind: 'cache-saved' })),
        Effect.catch((error) => Effect.succeed<DecisionEvent>({ kind: 'cache-failed', verb: 'save', error, snapshot })),
        Effect.flatMap(tell),
      ),
    ),
  );
  return yield* Effect.forever(save, { disableYield: true });
});

/** Not by `Effect.timeout`, which goes by one sleep: timers may ring early. */
const inTime = <A>(
  { name }: SnapshotCache,
  verb: 'load' | 'save',
  work: (signal: AbortSignal) => Promise<A>,
): Effect.Effect<A, StoreError> => {
  const what = `${verb} of ${name}`;
  const late = new StoreError('timeout', `${what} took over ${CACHE_DEADLINE_MS} ms`);
  return Effect.raceFirst(
    Effect.tryPromise({ try: async (signal) => work(signal), catch: (error) => toStoreError(error, what) }),
    Effect.andThen(
      Effect.flatMap(monotonicMs, (nowMs) => sleepUntil(nowMs + CACHE_DEADLINE_MS)),
      Effect.fail(late),
    ),
  );
};
