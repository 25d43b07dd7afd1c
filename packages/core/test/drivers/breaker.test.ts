import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import { counted, fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, refreshed, settle, testDriver } from '../support/test-driver.ts';

describe('the breaker at work', () => {
  it.effect('opens after three failures and admits one probe at 30 s', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails());
      const driver = yield* testDriver({ source, settings: { mode: 'none' } });
      driver.start();
      yield* settle;
      yield* refreshed(driver);
      yield* refreshed(driver);
      assert.strictEqual(source.reads, 3);
      assert.strictEqual(driver.freshness().breaker.state, 'open');

      const refused = yield* refreshed(driver);
      assert.deepInclude(refused, { ok: false, reason: 'circuit_breaker_open', retryAfterMs: 30_000 });
      assert.strictEqual(source.reads, 3);

      yield* pass(29_999);
      assert.strictEqual(source.reads, 3);
      const held = source.hold();
      source.behaviour = holds(1);
      yield* pass(3_001); // the tick comes at the retry-after plus up to a tenth
      assert.strictEqual(source.reads, 4);
      assert.strictEqual(driver.freshness().breaker.state, 'half-open');
      held.release();
      yield* settle;
      assert.strictEqual(driver.freshness().breaker.state, 'closed');
      assert.strictEqual(driver.freshness().state, 'fresh');
    }),
  );

  it.effect('F37 admits exactly one probe of a thousand calls', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails());
      const driver = yield* testDriver({ source, settings: { mode: 'none' } });
      driver.start();
      yield* settle;
      for (let i = 0; i < 3; i++) yield* refreshed(driver);
      source.behaviour = { kind: 'hangs' };
      yield* pass(31_000);
      const before = source.reads;
      for (let i = 0; i < 1_000; i++) yield* Effect.forkChild(driver.refresh(false));
      yield* settle;
      assert.isAtMost(source.reads - before, 1);
      assert.strictEqual(source.flights, 1);
    }),
  );

  it.effect('F38 ends a probe that never settles, and counts it as a failure', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails());
      const driver = yield* testDriver({ source });
      driver.start();
      yield* pass(10_000);
      assert.strictEqual(driver.freshness().breaker.state, 'open');
      source.behaviour = { kind: 'ignores-abort' };
      yield* pass(40_000);
      assert.strictEqual(driver.freshness().breaker.state, 'open');
      assert.strictEqual(driver.freshness().lastError?.reason, 'timeout');
      source.behaviour = holds(1);
      yield* pass(40_000);
      assert.strictEqual(driver.freshness().state, 'fresh');
    }),
  );

  it.effect('leaves alone what is bad but arrived (F14, F15), and reads a rejected document once', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source });
      driver.start();
      yield* settle;
      source.behaviour = {
        kind: 'holds',
        revision: counted(2),
        text: '{"schemaVersion":1,"flags":{"a":{"status":1}}}',
      };
      for (let i = 0; i < 4; i++) yield* refreshed(driver);
      const { breaker, rejected, revision, refreshFailures } = driver.freshness();
      assert.deepStrictEqual(breaker, { state: 'closed', failures: 0, retryAfterMs: null });
      assert.deepStrictEqual(revision, counted(1));
      assert.deepStrictEqual(rejected?.revision, counted(2));
      assert.strictEqual(refreshFailures, 4);
      assert.deepStrictEqual(source.asked.slice(2), [counted(2), counted(2), counted(2)]);
      assert.strictEqual(driver.counts.get('feature_flag_rejected_documents_total'), 1);

      yield* pass(300_000);
      assert.strictEqual(driver.freshness().state, 'stale');
      source.behaviour = holds(3);
      yield* pass(60_000);
      assert.strictEqual(driver.freshness().state, 'fresh');
      assert.isNull(driver.freshness().rejected);
    }),
  );
});

describe('resetBreaker', () => {
  it.effect('closes it at once, and the next attempt comes soon', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source });
      driver.start();
      yield* settle;
      source.behaviour = fails();
      for (let i = 0; i < 3; i++) yield* refreshed(driver);
      assert.strictEqual(driver.freshness().breaker.state, 'open');
      source.behaviour = holds(2);
      driver.resetBreaker();
      assert.deepInclude(driver.freshness().breaker, { state: 'closed', failures: 0 });
      yield* pass(4_000);
      assert.deepStrictEqual(driver.freshness().revision, counted(2));
    }),
  );
});
