import type * as Clock from 'effect/Clock';
import * as Effect from 'effect/Effect';
import { type Decode, outcomeOfCached } from '../readings.ts';
import type { DecisionEvent } from '../../refresh/protocol.ts';
import type { CachedSnapshot, SnapshotCache } from '../../ports/snapshot-cache.ts';
import { StoreError, toStoreError } from '../../ports/store-error.ts';
import { monotonicMs, sleepUntil } from './fibers.ts';

/** A cache that takes longer than this is done without. */
const CACHE_DEADLINE_MS = 5_000;

type Dispatch = (event: DecisionEvent) => void;

/** Reads what the last process left. What goes wrong is reported and costs nothing else (F53). */
export function loadCache(
  cache: SnapshotCache,
  clock: Clock.Clock,
  decode: Decode,
  dispatch: Dispatch,
): Effect.Effect<void> {
  return withDeadline(cache, 'load', clock, (signal) => cache.load(signal)).pipe(
    Effect.map((cached) => dispatch(outcomeOfCached(cached, cache.name, decode))),
    Effect.catch((error) => Effect.sync(() => dispatch({ kind: 'cache-failed', error }))),
  );
}

/** Saves one document at a time; of those that come meanwhile only the last is worth saving. */
export function makeCacheWriter(
  cache: SnapshotCache | undefined,
  clock: Clock.Clock,
  run: (save: Effect.Effect<void>) => void,
  dispatch: Dispatch,
): (snapshot: CachedSnapshot) => void {
  let next: CachedSnapshot | undefined;
  let saving = false;
  const saveAll: Effect.Effect<void> = Effect.suspend(() => {
    const snapshot = next;
    next = undefined;
    saving = snapshot !== undefined;
    if (snapshot === undefined || cache === undefined) return Effect.void;
    return withDeadline(cache, 'save', clock, (signal) => cache.save(snapshot, signal)).pipe(
      Effect.map((): DecisionEvent => ({ kind: 'cache-saved' })),
      Effect.catch((error) => Effect.succeed<DecisionEvent>({ kind: 'cache-failed', verb: 'save', error, snapshot })),
      Effect.flatMap((outcome) => {
        dispatch(outcome);
        return saveAll;
      }),
    );
  });
  return (snapshot) => {
    next = snapshot;
    if (!saving) run(saveAll);
  };
}

/** A race of our own, by one sleep: those of Effect bring as much code as the whole cache. */
function withDeadline<A>(
  { name }: SnapshotCache,
  verb: 'load' | 'save',
  clock: Clock.Clock,
  work: (signal: AbortSignal) => Promise<A>,
): Effect.Effect<A, StoreError> {
  const what = `${verb} of ${name}`;
  return Effect.callback<A, StoreError>((resume) => {
    const working = Effect.runFork(
      Effect.tryPromise({ try: async (signal) => work(signal), catch: (error) => toStoreError(error, what) }),
    );
    const deadline = Effect.runFork(
      Effect.map(sleepUntil(clock, monotonicMs(clock) + CACHE_DEADLINE_MS), () => {
        resume(Effect.fail(new StoreError('timeout', `${what} took over ${CACHE_DEADLINE_MS} ms`)));
        working.interruptUnsafe();
      }),
    );
    working.addObserver((exit) => {
      resume(exit);
      deadline.interruptUnsafe();
    });
    return Effect.sync(() => working.interruptUnsafe());
  });
}
