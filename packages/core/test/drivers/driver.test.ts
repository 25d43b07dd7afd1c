import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Scope from 'effect/Scope';
import type { RefreshMode } from '../../src/refresh/settings.ts';
import { manualFeed } from '../support/manual-feed.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, refreshed, settle, testDriver } from '../support/test-driver.ts';

describe('modes', () => {
  for (const mode of ['periodic', 'pubsub', 'both', 'none'] as const satisfies readonly RefreshMode[]) {
    it.effect(`a manual refresh works in mode ${mode}`, () =>
      Effect.gen(function* () {
        const source = scriptedSource(holds(1));
        const feed = mode === 'pubsub' || mode === 'both' ? manualFeed() : undefined;
        const driver = yield* testDriver({ source, feed, settings: { mode } });
        driver.start();
        yield* settle;
        source.behaviour = holds(2);
        assert.deepInclude(yield* refreshed(driver), { ok: true, outcome: 'changed' });
        assert.deepInclude(yield* refreshed(driver), { ok: true, outcome: 'unchanged' });
      }),
    );
  }

  it.effect('periodic reads at each interval', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source });
      driver.start();
      yield* pass(59_999);
      assert.strictEqual(source.reads, 1);
      yield* pass(1);
      assert.strictEqual(source.reads, 2);
      yield* pass(600_000);
      assert.strictEqual(source.reads, 12);
    }),
  );

  it.effect('pubsub checks slowly, at half the staleness threshold (F6)', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source, feed: manualFeed(), settings: { mode: 'pubsub' } });
      driver.start();
      yield* settle;
      const atStart = source.reads;
      yield* pass(149_000);
      assert.strictEqual(source.reads, atStart);
      source.behaviour = holds(2);
      yield* pass(1_001);
      assert.deepStrictEqual(driver.freshness().revision, counted(2));
    }),
  );

  it.effect('none reads once, and tries again only until that has landed', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails('not-found'));
      const driver = yield* testDriver({ source, settings: { mode: 'none', intervalMs: 3_600_000 } });
      driver.start();
      yield* pass(5_000);
      assert.strictEqual(driver.freshness().state, 'never');
      assert.isAbove(source.reads, 1);
      source.behaviour = holds(1);
      yield* pass(10_000);
      assert.strictEqual(driver.freshness().state, 'fresh');
      const { reads } = source;
      yield* pass(4_000_000);
      assert.strictEqual(source.reads, reads);
    }),
  );

  it.effect('none finds a document that appears after an hour within half a minute', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails('not-found'));
      const driver = yield* testDriver({ source, settings: { mode: 'none', intervalMs: 3_600_000 } });
      driver.start();
      yield* pass(3_600_000);
      source.behaviour = holds(1);
      yield* pass(30_000);
      assert.strictEqual(driver.freshness().state, 'fresh');
    }),
  );
});

describe('closing', () => {
  it.effect('F43 ends a flight at once, although the source ignores its signal', () =>
    Effect.gen(function* () {
      const source = scriptedSource({ kind: 'ignores-abort' });
      const scope = yield* Scope.make();
      const driver = yield* Scope.provide(
        testDriver({ source, feed: manualFeed(), settings: { mode: 'both' } }),
        scope,
      );
      driver.start();
      yield* settle;
      const waiting = yield* Effect.forkChild(driver.refresh(false));
      yield* settle;
      yield* Scope.close(scope, Exit.void);
      yield* settle;
      assert.deepInclude(waiting.pollUnsafe(), { _tag: 'Success' });
      const { reads } = source;
      const told = driver.announcements.length;
      source.behaviour = holds(1);
      yield* pass(600_000);
      assert.strictEqual(source.reads, reads);
      assert.strictEqual(driver.announcements.length, told);
      assert.deepInclude(yield* refreshed(driver), { ok: false, reason: 'closed' });
    }),
  );
});

describe('one flight', () => {
  it.effect('F9 an attempt that is given up brings nothing when it answers late', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source });
      driver.start();
      yield* settle;
      source.behaviour = holds(2);
      const held = source.hold();
      yield* Effect.forkChild(driver.refresh(false));
      yield* pass(5_000);
      assert.strictEqual(driver.freshness().lastError?.reason, 'timeout');
      source.behaviour = holds(3);
      held.release();
      yield* settle;
      assert.deepStrictEqual(driver.freshness().revision, counted(1));
      yield* refreshed(driver);
      assert.deepStrictEqual(driver.freshness().revision, counted(3));
    }),
  );

  it.effect('F28 a throttled store is asked once more at most, after the time it named', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({ source });
      driver.start();
      yield* settle;
      source.behaviour = { kind: 'fails', reason: 'throttled', retryAfterMs: 2_000 };
      const before = source.reads;
      yield* Effect.forkChild(driver.refresh(false));
      yield* pass(1_999);
      assert.strictEqual(source.reads, before + 1);
      yield* pass(1);
      assert.strictEqual(source.reads, before + 2);
      yield* pass(1_999);
      assert.strictEqual(source.reads, before + 2);
    }),
  );

  it.effect('documents are served as their text says', () =>
    Effect.gen(function* () {
      const source = scriptedSource({ kind: 'holds', revision: counted(1), text: documentText(1, false) });
      const driver = yield* testDriver({ source });
      driver.start();
      yield* settle;
      assert.hasAllKeys(driver.state().served?.document.flags ?? {}, ['a', 'generation']);
    }),
  );
});
