import * as Effect from 'effect/Effect';
import { outcomeOfCached } from '../decision/cached-outcome.ts';
import type { DecisionEvent } from '../decision/event.ts';
import type { Decode } from '../decision/read-outcome.ts';
import type { CachedSnapshot, SnapshotCache } from '../ports/snapshot-cache.ts';
import { StoreError, toStoreError } from '../ports/store-error.ts';

/** A cache that takes longer than this is done without. */
const CACHE_DEADLINE_MS = 5_000;

type Dispatch = (event: DecisionEvent) => void;

/** Reads what the last process left. Whatever goes wrong is reported and costs nothing else (F53). */
export function loadCache(cache: SnapshotCache, decode: Decode, dispatch: Dispatch): Effect.Effect<void> {
  return withDeadline(cache, 'load', (signal) => cache.load(signal)).pipe(
    Effect.map((cached) => dispatch(outcomeOfCached(cached, cache.name, decode))),
    Effect.catch((error) => Effect.sync(() => dispatch({ kind: 'cache-failed', error }))),
  );
}

/** Saves one document at a time; of those that come meanwhile only the last is worth saving. */
export function makeCacheWriter(
  cache: SnapshotCache | undefined,
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
    return withDeadline(cache, 'save', (signal) => cache.save(snapshot, signal)).pipe(
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

function withDeadline<A>(
  cache: SnapshotCache,
  verb: 'load' | 'save',
  work: (signal: AbortSignal) => Promise<A>,
): Effect.Effect<A, StoreError> {
  return Effect.tryPromise({
    try: (signal) => work(signal),
    catch: (error) => toStoreError(error, `${verb} of ${cache.name}`),
  }).pipe(
    Effect.timeoutOrElse({
      duration: CACHE_DEADLINE_MS,
      orElse: () =>
        Effect.fail(new StoreError('timeout', `${verb} of ${cache.name} took over ${CACHE_DEADLINE_MS} ms`)),
    }),
  );
}
