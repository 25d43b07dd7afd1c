import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import { counted, fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, settle, testDriver } from '../support/test-driver.ts';

describe('freshness', () => {
  it.effect('turns stale at 300 s with no refresh happening, and says so by itself', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source, settings: { mode: 'none' } });
      driver.start();
      yield* settle;
      assert.strictEqual(driver.freshness().state, 'fresh');
      yield* pass(299_999);
      assert.notInclude(
        driver.announcements.map(({ kind }) => kind),
        'stale',
      );
      yield* pass(1);
      assert.include(
        driver.announcements.map(({ kind }) => kind),
        'stale',
      );
      assert.strictEqual(driver.gauges.get('feature_flag_stale_config'), 1);
      assert.isTrue(driver.logs.some(({ level, message }) => level === 'warn' && message === 'flags are stale'));
      assert.strictEqual(source.reads, 1);
    }),
  );

  it.effect('F8, F11 does not adopt an older revision, and is not renewed by one', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(5));
      const driver = yield* testDriver({ source });
      driver.start();
      yield* settle;
      source.behaviour = holds(4);
      yield* pass(299_000);
      const { revision, breaker, lastError } = driver.freshness();
      assert.deepStrictEqual(revision, counted(5));
      assert.strictEqual(breaker.state, 'closed');
      assert.strictEqual(lastError?.reason, 'older_revision');
      yield* pass(2_000);
      assert.strictEqual(driver.freshness().state, 'stale');
      source.behaviour = holds(1, 2_000);
      yield* pass(61_000);
      assert.deepStrictEqual(driver.freshness().revision, counted(1, 2_000));
    }),
  );

  it.effect('F58 is degraded while a fallback serves, and fresh again by itself', () =>
    Effect.gen(function* () {
      const primary = scriptedSource(holds(5), 'primary');
      const second = scriptedSource(holds(3, 500), 'second');
      const driver = yield* testDriver({ source: [primary, second] });
      driver.start();
      yield* settle;
      primary.behaviour = fails();
      yield* pass(3_600_000);
      assert.strictEqual(driver.freshness().state, 'degraded');
      assert.deepStrictEqual(driver.freshness().origin, { kind: 'fallback', name: 'second' });
      assert.strictEqual(driver.freshness().lastError?.source, 'primary');
      primary.behaviour = holds(4);
      yield* pass(120_000);
      assert.deepStrictEqual(driver.freshness().origin, { kind: 'fallback', name: 'second' }, 'the primary went back');
      primary.behaviour = holds(6);
      yield* pass(120_000);
      assert.strictEqual(driver.freshness().state, 'fresh');
      assert.deepStrictEqual(driver.freshness().revision, counted(6));
    }),
  );
});
