import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import { manualFeed } from '../support/manual-feed.ts';
import { counted, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, settle, testDriver } from '../support/test-driver.ts';

describe('notices', () => {
  it.effect(
    'F2 a change between the read and the acknowledgement is seen, because a read follows the acknowledgement',
    () =>
      Effect.gen(function* () {
        const source = scriptedSource(holds(1));
        const feed = manualFeed('wait');
        const driver = yield* testDriver({ source, feed, settings: { mode: 'both' } });
        driver.start();
        yield* settle;
        source.behaviour = holds(2);
        feed.up();
        yield* settle;
        assert.deepStrictEqual(driver.freshness().revision, counted(2));
        assert.strictEqual(driver.freshness().feed, 'up');
      }),
  );

  it.effect('F10 a burst costs at most two reads, a thousand in one second too', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const feed = manualFeed();
      const driver = yield* testDriver({ source, feed, settings: { mode: 'both' } });
      driver.start();
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
      const driver = yield* testDriver({ source, feed, settings: { mode: 'both' } });
      driver.start();
      yield* pass(1_000);
      const before = source.reads;
      for (const version of [7, 6, 7]) feed.notice({ kind: 'changed', revision: counted(version) });
      yield* pass(1_000);
      assert.strictEqual(source.reads, before);
      source.behaviour = holds(8);
      for (const version of [8, 8, 7]) feed.notice({ kind: 'changed', revision: counted(version) });
      yield* pass(2_000);
      assert.strictEqual(source.reads, before + 1);
      assert.deepStrictEqual(driver.freshness().revision, counted(8));
    }),
  );

  it.effect('one that arrives during a flight causes exactly one more', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const feed = manualFeed();
      const driver = yield* testDriver({ source, feed, settings: { mode: 'both' } });
      driver.start();
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
      const driver = yield* testDriver({ source, feed, settings: { mode: 'both' } });
      driver.start();
      yield* pass(1_000);
      const before = source.reads;
      feed.notice({ kind: 'foreign' });
      yield* pass(1_000);
      assert.strictEqual(source.reads, before);
      assert.strictEqual(driver.counts.get('feature_flag_notices_total{"outcome":"foreign"}'), 1);
    }),
  );

  it.effect('a feed that is refused is tried again with backoff, and polling goes on', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const feed = manualFeed('refuse');
      const driver = yield* testDriver({ source, feed, settings: { mode: 'both' } });
      driver.start();
      yield* pass(120_000);
      assert.strictEqual(driver.freshness().feed, 'down');
      assert.isBelow(feed.subscriptions.length, 15);
      assert.isAtLeast(source.reads, 3);
      feed.answer = 'acknowledge';
      yield* pass(31_000);
      assert.strictEqual(driver.freshness().feed, 'up');
    }),
  );
});
