import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import { manualFeed } from '../support/manual-feed.ts';
import type { SnapshotCache } from '../../src/ports/snapshot-cache.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, refreshed, settle, type TestDriver, testDriver } from '../support/test-driver.ts';

/** What a log at the default level shows since it was looked at last. */
function warned({ logs }: TestDriver): readonly string[] {
  return logs
    .splice(0)
    .filter(({ level }) => level === 'warn' || level === 'error')
    .map(({ message }) => message);
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** What the last process left a week ago: the test clock begins at 0. */
function cacheOf(version: number): SnapshotCache {
  const held = { text: documentText(version), revision: counted(version), source: 'store', verifiedAtMs: -WEEK_MS };
  return { name: 'cache', load: () => Promise.resolve(held), save: () => Promise.resolve() };
}

describe('what was warned of and is over', () => {
  it.effect('is logged as loud as its begin: staleness, failures, the breaker', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source, settings: { mode: 'none', staleAfterMs: 10_000 } });
      driver.start();
      yield* settle;
      assert.deepStrictEqual(warned(driver), []);

      source.behaviour = fails();
      for (let times = 0; times < 3; times++) yield* refreshed(driver);
      yield* pass(11_000);
      assert.deepStrictEqual(warned(driver), [
        'refresh failed; the last good flags are served',
        'circuit breaker is open',
        'flags are stale',
      ]);
      // Probes that fail change nothing.
      for (let times = 0; times < 3; times++) yield* refreshed(driver, true);
      assert.deepStrictEqual(warned(driver), []);

      source.behaviour = holds(1);
      yield* refreshed(driver, true);
      assert.sameMembers(
        [...warned(driver)],
        ['refreshes succeed again', 'circuit breaker is closed', 'flags are fresh'],
      );
      yield* refreshed(driver);
      assert.deepStrictEqual(warned(driver), []);
    }),
  );

  it.effect('is logged so of a fallback source that stood in', () =>
    Effect.gen(function* () {
      const [primary, second] = [scriptedSource(fails(), 'first'), scriptedSource(holds(1), 'second')];
      const driver = yield* testDriver({ source: [primary, second], settings: { mode: 'none' } });
      driver.start();
      yield* settle;
      assert.include(warned(driver), 'flags come from a fallback source');
      primary.behaviour = holds(1);
      yield* refreshed(driver);
      assert.include(warned(driver), 'flags are fresh');
    }),
  );

  it.effect('is logged so of a feed: lost and back, or refused before it was ever there', () =>
    Effect.gen(function* () {
      const feed = manualFeed('refuse');
      const driver = yield* testDriver({ source: scriptedSource(holds(1)), feed, settings: { mode: 'both' } });
      driver.start();
      yield* settle;
      assert.deepStrictEqual(warned(driver), ['change feed is down; scheduled reads go on']);
      feed.answer = 'acknowledge';
      yield* pass(3_000);
      assert.deepStrictEqual(warned(driver), ['change feed is up']);
      feed.down();
      yield* settle;
      assert.deepStrictEqual(warned(driver), ['change feed is down; scheduled reads go on']);
      feed.up();
      yield* settle;
      assert.deepStrictEqual(warned(driver), ['change feed is up']);
    }),
  );

  it.effect('and a start is stale aloud where a cache on the way answers with what it has held for too long', () =>
    Effect.gen(function* () {
      const plain = scriptedSource(holds(1));
      const source = {
        ...plain,
        read: async (...args: Parameters<typeof plain.read>) => ({ ...(await plain.read(...args)), ageMs: 4_000_000 }),
      };
      const driver = yield* testDriver({ source });
      driver.start();
      yield* settle;
      const [told, ...more] = driver.logs.filter(({ level }) => level === 'warn');
      assert.strictEqual(told?.message, 'flags are stale');
      assert.deepInclude(told?.fields, { ageMs: 4_000_000, refreshFailures: 0 });
      yield* pass(600_000);
      assert.deepStrictEqual(more, []);
    }),
  );

  it.effect('is short where thousands of flags are set aside, and says what is wrong with the first few', () =>
    Effect.gen(function* () {
      const flags = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}`, { status: 'canry' }]));
      const text = JSON.stringify({ schemaVersion: 1, flags });
      const driver = yield* testDriver({ source: scriptedSource({ kind: 'holds', revision: counted(1), text }) });
      driver.start();
      yield* settle;
      const told = driver.logs.find(({ message }) => message.includes('set aside'));
      assert.strictEqual(told?.fields['flags'], 5_000);
      const problems = (told?.fields['problems'] ?? []) as readonly string[];
      assert.strictEqual(problems.length, 5);
      const [first] = problems;
      assert.match(first ?? '', /^\$\.flags\.f0\.status: found "canry", allowed: /);
      assert.isBelow(JSON.stringify(told).length, 1_000);
    }),
  );

  it.effect('F4 names the cause of a loss that is found out later, and not each wording of a silence', () =>
    Effect.gen(function* () {
      const feed = manualFeed();
      const driver = yield* testDriver({ source: scriptedSource(holds(1)), feed, settings: { mode: 'both' } });
      driver.start();
      yield* settle;
      driver.logs.splice(0);
      for (const reason of ['unavailable', 'timeout', 'unavailable', 'unauthorized', 'unauthorized'] as const) {
        feed.down(reason);
        yield* settle;
      }
      const told = driver.logs.filter(({ level }) => level === 'warn').map(({ fields }) => fields['reason']);
      assert.deepStrictEqual(told, ['unavailable', 'unauthorized']);
    }),
  );

  it.effect('and a start says nothing where flags of the cache or a bootstrap are soon verified', () =>
    Effect.gen(function* () {
      const bootstrap = { document: { schemaVersion: 1, flags: {} }, bytes: 1 } as const;
      for (const held of [{ cache: cacheOf(1) }, { bootstrap }]) {
        const source = scriptedSource(holds(2));
        const answer = source.hold();
        const driver = yield* testDriver({ source, ...held });
        driver.start();
        yield* settle;
        assert.strictEqual(driver.freshness().state, 'stale');
        answer.release();
        yield* settle;
        assert.strictEqual(driver.freshness().state, 'fresh');
        assert.deepStrictEqual(warned(driver), []);
      }
    }),
  );

  it.effect(
    'F59 a start from the cache alone says once that it is stale and how old the cache is, and then that it is over',
    () =>
      Effect.gen(function* () {
        const source = scriptedSource(fails());
        const driver = yield* testDriver({ source, cache: cacheOf(1) });
        driver.start();
        yield* settle;
        const stale = driver.logs.filter(({ level, message }) => level === 'warn' && message === 'flags are stale');
        assert.deepStrictEqual(
          stale.map(({ fields }) => ({ ageMs: fields['ageMs'], cachedAgeMs: fields['cachedAgeMs'] })),
          [{ ageMs: null, cachedAgeMs: WEEK_MS }],
        );
        assert.deepStrictEqual(warned(driver), ['refresh failed; the last good flags are served', 'flags are stale']);
        yield* refreshed(driver);
        assert.notInclude(warned(driver), 'flags are stale');
        source.behaviour = holds(1);
        yield* refreshed(driver, true);
        assert.includeMembers([...warned(driver)], ['refreshes succeed again', 'flags are fresh']);
      }),
  );

  it.effect('and a good start says nothing', () =>
    Effect.gen(function* () {
      const feed = manualFeed();
      const driver = yield* testDriver({ source: scriptedSource(holds(1)), feed, settings: { mode: 'both' } });
      driver.start();
      yield* settle;
      assert.strictEqual(driver.freshness().feed, 'up');
      assert.deepStrictEqual(warned(driver), []);
    }),
  );
});

it.effect('a failed attempt that is followed by one more is told at level debug, with the pause', () =>
  Effect.gen(function* () {
    const source = scriptedSource({ kind: 'fails', reason: 'throttled', retryAfterMs: 1_500 });
    const driver = yield* testDriver({ source, settings: { mode: 'none' } });
    driver.start();
    yield* settle;
    const told = driver.logs.find(({ message }) => message === 'refresh attempt failed; one more follows');
    assert.strictEqual(told?.level, 'debug');
    assert.deepInclude(told?.fields, { source: 'store', reason: 'throttled', pauseMs: 1_500 });
    assert.deepStrictEqual(warned(driver), []);
  }),
);
