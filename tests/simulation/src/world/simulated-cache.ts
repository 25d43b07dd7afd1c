import type { CachedSnapshot, SnapshotCache } from '../../../../packages/core/src/ports/snapshot-cache.ts';
import { StoreError } from '../../../../packages/core/src/ports/store-error.ts';
import type { CacheKind } from '../history.ts';
import type { SimulatedStore } from './simulated-store.ts';

export interface CacheCarrier {
  /** Settles after a while. */
  deliver(run: () => void): void;
  deliverSlowly(run: () => void): void;
}

/** A last-known-good cache that works as badly as it is told to. */
export class SimulatedCache implements SnapshotCache {
  readonly name = 'cache';
  readonly kind: CacheKind;
  loads = 0;
  saves = 0;
  /** Loads and saves that are under way and were not aborted. */
  busy = 0;
  readonly saved: CachedSnapshot[] = [];
  readonly #left: unknown;
  readonly #carrier: CacheCarrier;

  constructor(kind: CacheKind, primary: SimulatedStore, carrier: CacheCarrier) {
    this.kind = kind;
    this.#carrier = carrier;
    this.#left = leftBehind(kind, primary);
  }

  load(signal: AbortSignal): Promise<CachedSnapshot | undefined> {
    this.loads += 1;
    switch (this.kind.loads) {
      case 'throws':
        throw new TypeError('the cache is simulated to throw');
      case 'hangs':
        return this.#until(signal, () => {});
      case 'refuses':
        return this.#until(signal, (_, reject) =>
          this.#carrier.deliver(() => reject(new StoreError('unavailable', 'the cache is simulated to refuse'))),
        );
      case 'nothing':
      case 'older':
      case 'present':
      case 'foreign':
      case 'corrupt':
      case 'misshapen':
        return this.#until(signal, (resolve) =>
          this.#carrier.deliver(() => resolve(this.#left as CachedSnapshot | undefined)),
        );
    }
  }

  /** What the next process would find, if this one found what was left behind. */
  get holds(): CachedSnapshot | undefined {
    return (
      this.saved.at(-1) ?? (this.kind.loads === 'present' ? (this.#left as CachedSnapshot | undefined) : undefined)
    );
  }

  save(snapshot: CachedSnapshot, signal: AbortSignal): Promise<void> {
    this.saves += 1;
    const keep = (resolve: () => void) => () => {
      if (!signal.aborted) this.saved.push(snapshot);
      resolve();
    };
    switch (this.kind.saves) {
      case 'hangs':
        return this.#until(signal, () => {});
      case 'refuses':
        return this.#until(signal, (_, reject) =>
          this.#carrier.deliver(() => reject(new StoreError('unavailable', 'the disk is simulated to be full'))),
        );
      case 'slowly':
        return this.#until<void>(signal, (resolve) => this.#carrier.deliverSlowly(keep(resolve)));
      case 'at-once':
        return this.#until<void>(signal, (resolve) => this.#carrier.deliver(keep(resolve)));
    }
  }

  #until<T>(
    signal: AbortSignal,
    work: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
  ): Promise<T> {
    this.busy += 1;
    return new Promise<T>((resolve, reject) => {
      let over = false;
      const end = (): void => {
        if (!over) this.busy -= 1;
        over = true;
      };
      signal.addEventListener('abort', () => {
        end();
        reject(new StoreError('timeout', 'aborted'));
      });
      work(
        (value) => {
          end();
          resolve(value);
        },
        (error) => {
          end();
          reject(error);
        },
      );
    });
  }
}

/** What the process before this one has left. */
function leftBehind({ loads }: CacheKind, primary: SimulatedStore): unknown {
  const held = primary.past[0];
  if (held === undefined || loads === 'nothing') return undefined;
  const { text, revision } = held;
  const snapshot = { text, revision, source: primary.name, verifiedAtMs: held.publishedAtMs };
  switch (loads) {
    case 'older':
      return { ...snapshot, revision: { epoch: 1_000, version: 1 } };
    case 'foreign':
      return { ...snapshot, source: 'a store that is used no more' };
    case 'corrupt':
      return { ...snapshot, text: text.slice(0, 20) };
    case 'misshapen':
      return { ...snapshot, revision: null };
    case 'present':
    case 'refuses':
    case 'hangs':
    case 'throws':
      return snapshot;
  }
}
