import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Scope from 'effect/Scope';
import type { RefreshMode } from '../../src/decision/settings.ts';
import { manualFeed } from '../support/manual-feed.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, refreshed, settle, testEngine } from '../support/test-engine.ts';

describe('the breaker at work', () => {
  it.effect('opens after three failures and admits one probe at 30 s', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails());
      const engine = yield* testEngine({ source, settings: { mode: 'none' } });
      engine.start();
      yield* settle;
      yield* refreshed(engine);
      yield* refreshed(engine);
      assert.strictEqual(source.reads, 3);
      assert.strictEqual(engine.freshness().breaker.state, 'open');

      const refused = yield* refreshed(engine);
      assert.deepInclude(refused, { ok: false, reason: 'circuit_breaker_open', retryAfterMs: 30_000 });
      assert.strictEqual(source.reads, 3);

      yield* pass(29_999);
      assert.strictEqual(source.reads, 3);
      const held = source.hold();
      source.behaviour = holds(1);
      yield* pass(3_001); // the tick comes at the retry-after plus up to a tenth
      assert.strictEqual(source.reads, 4);
      assert.strictEqual(engine.freshness().breaker.state, 'half-open');
      held.release();
      yield* settle;
      assert.strictEqual(engine.freshness().breaker.state, 'closed');
      assert.strictEqual(engine.freshness().state, 'fresh');
    }),
  );

  it.effect('F37 admits exactly one probe of a thousand calls', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails());
      const engine = yield* testEngine({ source, settings: { mode: 'none' } });
      engine.start();
      yield* settle;
      for (let i = 0; i < 3; i++) yield* refreshed(engine);
      source.behaviour = { kind: 'hangs' };
      yield* pass(31_000);
      const before = source.reads;
      for (let i = 0; i < 1_000; i++) yield* Effect.forkChild(engine.refresh(false));
      yield* settle;
      assert.isAtMost(source.reads - before, 1);
      assert.strictEqual(source.flights, 1);
    }),
  );

  it.effect('F38 ends a probe that never settles, and counts it as a failure', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails());
      const engine = yield* testEngine({ source });
      engine.start();
      yield* pass(10_000);
      assert.strictEqual(engine.freshness().breaker.state, 'open');
      source.behaviour = { kind: 'ignores-abort' };
      yield* pass(40_000);
      assert.strictEqual(engine.freshness().breaker.state, 'open');
      assert.strictEqual(engine.freshness().lastError?.reason, 'timeout');
      source.behaviour = holds(1);
      yield* pass(40_000);
      assert.strictEqual(engine.freshness().state, 'fresh');
    }),
  );

  it.effect('leaves alone what is bad but arrived (F14, F15), and reads a rejected document once', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const engine = yield* testEngine({ source });
      engine.start();
      yield* settle;
      source.behaviour = {
        kind: 'holds',
        revision: counted(2),
        text: '{"schemaVersion":1,"flags":{"a":{"status":1}}}',
      };
      for (let i = 0; i < 4; i++) yield* refreshed(engine);
      const { breaker, rejected, revision, refreshFailures } = engine.freshness();
      assert.deepStrictEqual(breaker, { state: 'closed', failures: 0, retryAfterMs: null });
      assert.deepStrictEqual(revision, counted(1));
      assert.deepStrictEqual(rejected?.revision, counted(2));
      assert.strictEqual(refreshFailures, 4);
      assert.deepStrictEqual(source.asked.slice(2), [counted(2), counted(2), counted(2)]);
      assert.strictEqual(engine.counts.get('feature_flag_rejected_documents_total'), 1);

      yield* pass(300_000);
      assert.strictEqual(engine.freshness().state, 'stale');
      source.behaviour = holds(3);
      yield* pass(60_000);
      assert.strictEqual(engine.freshness().state, 'fresh');
      assert.isNull(engine.freshness().rejected);
    }),
  );
});

describe('freshness', () => {
  it.effect('turns stale at 300 s with no refresh happening, and says so by itself', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const engine = yield* testEngine({ source, settings: { mode: 'none' } });
      engine.start();
      yield* settle;
      assert.strictEqual(engine.freshness().state, 'fresh');
      yield* pass(299_999);
      assert.notInclude(
        engine.announcements.map(({ kind }) => kind),
        'stale',
      );
      yield* pass(1);
      assert.include(
        engine.announcements.map(({ kind }) => kind),
        'stale',
      );
      assert.strictEqual(engine.gauges.get('feature_flag_stale_config'), 1);
      assert.isTrue(engine.logs.some(({ level, message }) => level === 'warn' && message === 'flags are stale'));
      assert.strictEqual(source.reads, 1);
    }),
  );

  it.effect('F8, F11 does not adopt an older revision, and is not renewed by one', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(5));
      const engine = yield* testEngine({ source });
      engine.start();
      yield* settle;
      source.behaviour = holds(4);
      yield* pass(299_000);
      const { revision, breaker, lastError } = engine.freshness();
      assert.deepStrictEqual(revision, counted(5));
      assert.strictEqual(breaker.state, 'closed');
      assert.strictEqual(lastError?.reason, 'older_revision');
      yield* pass(2_000);
      assert.strictEqual(engine.freshness().state, 'stale');
      source.behaviour = holds(1, 2_000);
      yield* pass(61_000);
      assert.deepStrictEqual(engine.freshness().revision, counted(1, 2_000));
    }),
  );

  it.effect('F58 is degraded while a fallback serves, and fresh again by itself', () =>
    Effect.gen(function* () {
      const primary = scriptedSource(holds(5), 'primary');
      const second = scriptedSource(holds(3, 500), 'second');
      const engine = yield* testEngine({ source: [primary, second] });
      engine.start();
      yield* settle;
      primary.behaviour = fails();
      yield* pass(3_600_000);
      assert.strictEqual(engine.freshness().state, 'degraded');
      assert.deepStrictEqual(engine.freshness().origin, { kind: 'fallback', name: 'second' });
      assert.strictEqual(engine.freshness().lastError?.source, 'primary');
      primary.behaviour = holds(4);
      yield* pass(120_000);
      assert.deepStrictEqual(engine.freshness().origin, { kind: 'fallback', name: 'second' }, 'the primary went back');
      primary.behaviour = holds(6);
      yield* pass(120_000);
      assert.strictEqual(engine.freshness().state, 'fresh');
      assert.deepStrictEqual(engine.freshness().revision, counted(6));
    }),
  );
});

describe('modes', () => {
  for (const mode of ['periodic', 'pubsub', 'both', 'none'] as const satisfies readonly RefreshMode[]) {
    it.effect(`a manual refresh works in mode ${mode}`, () =>
      Effect.gen(function* () {
        const source = scriptedSource(holds(1));
        const feed = mode === 'pubsub' || mode === 'both' ? manualFeed() : undefined;
        const engine = yield* testEngine({ source, feed, settings: { mode } });
        engine.start();
        yield* settle;
        source.behaviour = holds(2);
        assert.deepInclude(yield* refreshed(engine), { ok: true, outcome: 'changed' });
        assert.deepInclude(yield* refreshed(engine), { ok: true, outcome: 'unchanged' });
      }),
    );
  }

  it.effect('periodic reads at each interval', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const engine = yield* testEngine({ source });
      engine.start();
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
      const engine = yield* testEngine({ source, feed: manualFeed(), settings: { mode: 'pubsub' } });
      engine.start();
      yield* settle;
      const atStart = source.reads;
      yield* pass(149_000);
      assert.strictEqual(source.reads, atStart);
      source.behaviour = holds(2);
      yield* pass(1_001);
      assert.deepStrictEqual(engine.freshness().revision, counted(2));
    }),
  );

  it.effect('none reads once, and tries again only until that has landed', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails('not-found'));
      const engine = yield* testEngine({ source, settings: { mode: 'none', intervalMs: 3_600_000 } });
      engine.start();
      yield* pass(5_000);
      assert.strictEqual(engine.freshness().state, 'never');
      assert.isAbove(source.reads, 1);
      source.behaviour = holds(1);
      yield* pass(10_000);
      assert.strictEqual(engine.freshness().state, 'fresh');
      const { reads } = source;
      yield* pass(4_000_000);
      assert.strictEqual(source.reads, reads);
    }),
  );

  it.effect('none finds a document that appears after an hour within half a minute', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails('not-found'));
      const engine = yield* testEngine({ source, settings: { mode: 'none', intervalMs: 3_600_000 } });
      engine.start();
      yield* pass(3_600_000);
      source.behaviour = holds(1);
      yield* pass(30_000);
      assert.strictEqual(engine.freshness().state, 'fresh');
    }),
  );
});

describe('notices', () => {
  it.effect(
    'F2 a change between the read and the acknowledgement is seen, because a read follows the acknowledgement',
    () =>
      Effect.gen(function* () {
        const source = scriptedSource(holds(1));
        const feed = manualFeed('wait');
        const engine = yield* testEngine({ source, feed, settings: { mode: 'both' } });
        engine.start();
        yield* settle;
        source.behaviour = holds(2);
        feed.up();
        yield* settle;
        assert.deepStrictEqual(engine.freshness().revision, counted(2));
        assert.strictEqual(engine.freshness().feed, 'up');
      }),
  );

  it.effect('F10 a burst costs at most two reads, a thousand in one second too', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const feed = manualFeed();
      const engine = yield* testEngine({ source, feed, settings: { mode: 'both' } });
      engine.start();
      yield* pass(5_000);
      const before = source.reads;
      for (let i = 0; i < 1_000; i++) feed.notice();
      yield* settle;
      yield* pass(3_000);
      assert.isAtMost(source.reads - before, 2);

      const again = source.reads;
      for (let ms = 0; ms < 999; ms++) {
        feed.notice();
        yield* pass(1);
      }
      assert.isAtMost(source.reads - again, 2);
      yield* pass(3_000);
      assert.isAtMost(source.reads - again, 3);
    }),
  );

  it.effect('F7 a notice of what is served already costs nothing; one of the next revision costs one read', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(7));
      const feed = manualFeed();
      const engine = yield* testEngine({ source, feed, settings: { mode: 'both' } });
      engine.start();
      yield* pass(1_000);
      const before = source.reads;
      for (const version of [7, 6, 7]) feed.notice({ kind: 'changed', revision: counted(version) });
      yield* pass(1_000);
      assert.strictEqual(source.reads, before);
      source.behaviour = holds(8);
      for (const version of [8, 8, 7]) feed.notice({ kind: 'changed', revision: counted(version) });
      yield* pass(2_000);
      assert.strictEqual(source.reads, before + 1);
      assert.deepStrictEqual(engine.freshness().revision, counted(8));
    }),
  );

  it.effect('one that arrives during a flight causes exactly one more', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const feed = manualFeed();
      const engine = yield* testEngine({ source, feed, settings: { mode: 'both' } });
      engine.start();
      yield* pass(5_000);
      const held = source.hold();
      feed.notice();
      yield* settle;
      const during = source.reads;
      yield* pass(1_000);
      for (let i = 0; i < 10; i++) feed.notice();
      yield* settle;
      assert.strictEqual(source.reads, during);
      held.release();
      yield* pass(3_000);
      assert.strictEqual(source.reads, during + 1);
      assert.strictEqual(source.mostFlights, 1);
    }),
  );

  it.effect('F56 one of another namespace is ignored and counted', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const feed = manualFeed();
      const engine = yield* testEngine({ source, feed, settings: { mode: 'both' } });
      engine.start();
      yield* pass(1_000);
      const before = source.reads;
      feed.notice({ kind: 'foreign' });
      yield* pass(1_000);
      assert.strictEqual(source.reads, before);
      assert.strictEqual(engine.counts.get('feature_flag_notices_total{"outcome":"foreign"}'), 1);
    }),
  );

  it.effect('a feed that is refused is tried again with backoff, and polling goes on', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const feed = manualFeed('refuse');
      const engine = yield* testEngine({ source, feed, settings: { mode: 'both' } });
      engine.start();
      yield* pass(120_000);
      assert.strictEqual(engine.freshness().feed, 'down');
      assert.isBelow(feed.subscriptions.length, 15);
      assert.isAtLeast(source.reads, 3);
      feed.answer = 'acknowledge';
      yield* pass(31_000);
      assert.strictEqual(engine.freshness().feed, 'up');
    }),
  );
});

describe('resetBreaker', () => {
  it.effect('closes it at once, and the next attempt comes soon', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const engine = yield* testEngine({ source });
      engine.start();
      yield* settle;
      source.behaviour = fails();
      for (let i = 0; i < 3; i++) yield* refreshed(engine);
      assert.strictEqual(engine.freshness().breaker.state, 'open');
      source.behaviour = holds(2);
      engine.resetBreaker();
      assert.deepInclude(engine.freshness().breaker, { state: 'closed', failures: 0 });
      yield* pass(4_000);
      assert.deepStrictEqual(engine.freshness().revision, counted(2));
    }),
  );
});

describe('closing', () => {
  it.effect('F43 ends a flight at once, although the source ignores its signal', () =>
    Effect.gen(function* () {
      const source = scriptedSource({ kind: 'ignores-abort' });
      const scope = yield* Scope.make();
      const engine = yield* Scope.provide(
        testEngine({ source, feed: manualFeed(), settings: { mode: 'both' } }),
        scope,
      );
      engine.start();
      yield* settle;
      const waiting = yield* Effect.forkChild(engine.refresh(false));
      yield* settle;
      yield* Scope.close(scope, Exit.void);
      yield* settle;
      assert.deepInclude(waiting.pollUnsafe(), { _tag: 'Success' });
      const { reads } = source;
      const told = engine.announcements.length;
      source.behaviour = holds(1);
      yield* pass(600_000);
      assert.strictEqual(source.reads, reads);
      assert.strictEqual(engine.announcements.length, told);
      assert.deepInclude(yield* refreshed(engine), { ok: false, reason: 'closed' });
    }),
  );
});

describe('one flight', () => {
  it.effect('F9 an attempt that is given up brings nothing when it answers late', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const engine = yield* testEngine({ source });
      engine.start();
      yield* settle;
      source.behaviour = holds(2);
      const held = source.hold();
      yield* Effect.forkChild(engine.refresh(false));
      yield* pass(5_000);
      assert.strictEqual(engine.freshness().lastError?.reason, 'timeout');
      source.behaviour = holds(3);
      held.release();
      yield* settle;
      assert.deepStrictEqual(engine.freshness().revision, counted(1));
      yield* refreshed(engine);
      assert.deepStrictEqual(engine.freshness().revision, counted(3));
    }),
  );

  it.effect('F28 a throttled store is asked once more at most, after the time it named', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const engine = yield* testEngine({ source });
      engine.start();
      yield* settle;
      source.behaviour = { kind: 'fails', reason: 'throttled', retryAfterMs: 2_000 };
      const before = source.reads;
      yield* Effect.forkChild(engine.refresh(false));
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
      const engine = yield* testEngine({ source });
      engine.start();
      yield* settle;
      assert.hasAllKeys(engine.state().served?.document.flags ?? {}, ['a', 'generation']);
    }),
  );
});
