import { type CachedSnapshot, type SnapshotCache, StoreError } from '@clarity/flags-core/ports';

export interface MemoryCacheOptions {
  /** What is in the cache from the beginning, as if an earlier process had saved it. */
  readonly snapshot?: CachedSnapshot;
  /** Short name for people. Default `memory cache`. */
  readonly name?: string;
}

export interface MemoryCache extends SnapshotCache {
  /** What was saved last, past the port. */
  saved(): CachedSnapshot | undefined;
}

/** A last-known-good cache that lasts as long as the object: for tests, and as the smallest one to copy. */
export function memoryCache(options: MemoryCacheOptions = {}): MemoryCache {
  const { name = 'memory cache' } = options;
  let saved = options.snapshot === undefined ? undefined : structuredClone(options.snapshot);
  const refuseStopped = (attempt: string, signal: AbortSignal): void => {
    if (signal.aborted) throw new StoreError('timeout', `stopped by the caller before it could ${attempt} the ${name}`);
  };
  return {
    name,
    async load(signal) {
      refuseStopped('load', signal);
      return structuredClone(saved);
    },
    async save(snapshot, signal) {
      refuseStopped('save to', signal);
      saved = structuredClone(snapshot);
    },
    saved: () => structuredClone(saved),
  };
}
