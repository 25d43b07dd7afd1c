import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import type { CachedSnapshot, SnapshotCache } from '../../src/ports/snapshot-cache.ts';
import { StoreError } from '../../src/ports/store-error.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, settle, testDriver } from '../support/test-driver.ts';

interface TestCache extends SnapshotCache {
  saved: CachedSnapshot[];
}

function cacheWith(
  held: CachedSnapshot | StoreError | undefined,
  save: () => Promise<void> = async () => {},
): TestCache {
  const cache: TestCache = {
    name: 'cache',
    saved: [],
    load: () => (held instanceof StoreError ? Promise.reject(held) : Promise.resolve(held)),
    save: (snapshot) => {
      cache.saved.push(snapshot);
      return save();
    },
  };
  return cache;
}

function kept(version: number, source = 'store'): CachedSnapshot {
  return { text: documentText(version), revision: counted(version), source, verifiedAtMs: 0 };
}

describe('the last-known-good cache', () => {
  it.effect('F59 is served as stale while the store is down, and replaced when it answers', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails());
      const driver = yield* testDriver({ source, cache: cacheWith(kept(9)) });
      driver.start();
      yield* settle;
      assert.deepInclude(driver.freshness(), {
        state: 'stale',
        origin: { kind: 'cache', name: 'cache' },
        revision: counted(9),
        ageMs: null,
      });
      source.behaviour = holds(3);
      yield* pass(60_000);
      assert.deepInclude(driver.freshness(), {
        state: 'fresh',
        origin: { kind: 'primary', name: 'store' },
        revision: counted(3),
      });
    }),
  );

  it.effect('is confirmed without another download when its source still holds the same revision', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails());
      const driver = yield* testDriver({ source, cache: cacheWith(kept(9)) });
      driver.start();
      yield* settle;
      source.behaviour = holds(9);
      yield* pass(5_000);
      assert.deepStrictEqual(source.asked.at(-1), counted(9));
      assert.deepInclude(driver.freshness(), { state: 'fresh', origin: { kind: 'primary', name: 'store' } });
      assert.notInclude(
        driver.announcements.map(({ kind }) => kind),
        'changed',
      );
    }),
  );

  it.effect('of another source is not taken for that source’s revision', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails());
      const driver = yield* testDriver({ source, cache: cacheWith(kept(9, 'former store')) });
      driver.start();
      yield* pass(5_000);
      assert.deepStrictEqual(new Set(source.asked), new Set([undefined]));
      assert.strictEqual(driver.freshness().origin?.kind, 'cache');
    }),
  );

  it.effect('comes before a bootstrap and after anything that a source said', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source, cache: cacheWith(kept(9)) });
      driver.start();
      yield* settle;
      assert.deepStrictEqual(driver.freshness().revision, counted(1));
    }),
  );

  it.effect('F53 that is corrupt or not readable costs nothing and is reported', () =>
    Effect.gen(function* () {
      const broken = [new StoreError('invalid', 'not ours'), { ...kept(1), text: '{"schemaVersion":1,' }];
      for (const held of broken) {
        const driver = yield* testDriver({ source: scriptedSource(holds(2)), cache: cacheWith(held) });
        driver.start();
        yield* settle;
        assert.strictEqual(driver.freshness().state, 'fresh');
        assert.strictEqual(driver.counts.get('feature_flag_isolated_errors_total{"where":"cache"}'), 1);
        assert.isTrue(driver.logs.some(({ message }) => message.includes('cache failed')));
      }
    }),
  );

  it.effect(
    'F53 that cannot be written is written after a later verification, ever more rarely, and says so once',
    () =>
      Effect.gen(function* () {
        let full = true;
        const cache = cacheWith(undefined, () =>
          full ? Promise.reject(new StoreError('unavailable', 'no space is left')) : Promise.resolve(),
        );
        const settings = { intervalMs: 1_000, staleAfterMs: 60_000, jitter: 0 };
        const driver = yield* testDriver({ source: scriptedSource(holds(1)), cache, settings });
        const told = (part: string): readonly string[] =>
          driver.logs.filter(({ message }) => message.includes(part)).map(({ level }) => level);
        driver.start();
        yield* settle;
        assert.strictEqual(cache.saved.length, 1);
        assert.deepInclude(driver.state().cacheTrouble?.problem, { reason: 'unavailable', source: 'cache' });
        // After 1, 2, 4 and then each 8 verifications.
        const saves: number[] = [];
        for (let second = 1; second <= 31; second++) {
          yield* pass(1_000);
          if (cache.saved.length > saves.length + 1) saves.push(second);
        }
        assert.deepStrictEqual(saves, [1, 3, 7, 15, 23, 31]);
        assert.strictEqual(driver.counts.get('feature_flag_isolated_errors_total{"where":"cache"}'), 7);
        assert.deepStrictEqual(told('older flags'), ['warn', 'debug', 'debug', 'debug', 'debug', 'debug', 'debug']);
        full = false;
        yield* pass(8_000);
        assert.strictEqual(cache.saved.length, 8);
        assert.deepStrictEqual(cache.saved.at(-1)?.revision, counted(1));
        assert.isTrue(cache.saved.at(-1)!.verifiedAtMs > cache.saved[0]!.verifiedAtMs);
        assert.deepStrictEqual(told('written again'), ['warn']);
        assert.isUndefined(driver.state().cacheTrouble);
        yield* pass(60_000);
        assert.strictEqual(cache.saved.length, 8);
      }),
  );

  it.effect('that failed to save never saves an older document over a newer one', () =>
    Effect.gen(function* () {
      let full = true;
      const cache = cacheWith(undefined, () =>
        full ? Promise.reject(new StoreError('unavailable', 'no space is left')) : Promise.resolve(),
      );
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source, cache, settings: { intervalMs: 1_000, staleAfterMs: 60_000 } });
      driver.start();
      yield* settle;
      full = false;
      source.behaviour = holds(2);
      yield* pass(30_000);
      assert.deepStrictEqual(
        cache.saved.map(({ revision }) => revision),
        [counted(1), counted(2)],
      );
    }),
  );

  it.effect('F53 that cannot be written is reported, and tried again with the next document', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const cache = cacheWith(undefined, () => Promise.reject(new StoreError('unauthorized', 'read-only')));
      const driver = yield* testDriver({ source, cache });
      driver.start();
      yield* settle;
      source.behaviour = holds(2);
      yield* pass(60_000);
      assert.deepStrictEqual(
        cache.saved.map(({ revision }) => revision),
        [counted(1), counted(2)],
      );
      assert.strictEqual(driver.counts.get('feature_flag_isolated_errors_total{"where":"cache"}'), 2);
    }),
  );

  it.effect('that is slow saves one document at a time, and the last one for certain', () =>
    Effect.gen(function* () {
      let release = (): void => {};
      const cache = cacheWith(undefined, () => new Promise((resolve) => void (release = resolve)));
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source, cache, settings: { intervalMs: 1_000, staleAfterMs: 60_000 } });
      driver.start();
      yield* settle;
      for (const version of [2, 3, 4]) {
        source.behaviour = holds(version);
        yield* pass(1_000);
      }
      assert.strictEqual(cache.saved.length, 1);
      release();
      yield* settle;
      assert.deepStrictEqual(
        cache.saved.map(({ revision }) => revision),
        [counted(1), counted(4)],
      );
    }),
  );
});
