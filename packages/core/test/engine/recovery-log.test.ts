import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import { manualFeed } from '../support/manual-feed.ts';
import { fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, refreshed, settle, type TestEngine, testEngine } from '../support/test-engine.ts';

/** What a log at the default level shows since it was looked at last. */
function warned({ logs }: TestEngine): readonly string[] {
  return logs
    .splice(0)
    .filter(({ level }) => level === 'warn' || level === 'error')
    .map(({ message }) => message);
}

describe('what was warned of and is over', () => {
  it.effect('is logged as loud as its begin: staleness, failures, the breaker', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const engine = yield* testEngine({ source, settings: { mode: 'none', staleAfterMs: 10_000 } });
      engine.start();
      yield* settle;
      assert.deepStrictEqual(warned(engine), []);

      source.behaviour = fails();
      for (let times = 0; times < 3; times++) yield* refreshed(engine);
      yield* pass(11_000);
      assert.deepStrictEqual(warned(engine), [
        'refresh failed; the last good flags are served',
        'circuit breaker is open',
        'flags are stale',
      ]);

      source.behaviour = holds(1);
      yield* refreshed(engine, true);
      assert.sameMembers(
        [...warned(engine)],
        ['refreshes succeed again', 'circuit breaker is closed', 'flags are fresh'],
      );
      yield* refreshed(engine);
      assert.deepStrictEqual(warned(engine), []);
    }),
  );

  it.effect('is logged so of a fallback source that stood in', () =>
    Effect.gen(function* () {
      const [primary, second] = [scriptedSource(fails(), 'first'), scriptedSource(holds(1), 'second')];
      const engine = yield* testEngine({ source: [primary, second], settings: { mode: 'none' } });
      engine.start();
      yield* settle;
      assert.include(warned(engine), 'flags come from a fallback source');
      primary.behaviour = holds(1);
      yield* refreshed(engine);
      assert.include(warned(engine), 'flags are fresh');
    }),
  );

  it.effect('is logged so of a feed: lost and back, or refused before it was ever there', () =>
    Effect.gen(function* () {
      const feed = manualFeed('refuse');
      const engine = yield* testEngine({ source: scriptedSource(holds(1)), feed, settings: { mode: 'both' } });
      engine.start();
      yield* settle;
      assert.deepStrictEqual(warned(engine), ['change feed is down; scheduled reads go on']);
      feed.answer = 'acknowledge';
      yield* pass(3_000);
      assert.deepStrictEqual(warned(engine), ['change feed is up']);
      feed.down();
      yield* settle;
      assert.deepStrictEqual(warned(engine), ['change feed is down; scheduled reads go on']);
      feed.up();
      yield* settle;
      assert.deepStrictEqual(warned(engine), ['change feed is up']);
    }),
  );

  it.effect('and a good start says nothing', () =>
    Effect.gen(function* () {
      const feed = manualFeed();
      const engine = yield* testEngine({ source: scriptedSource(holds(1)), feed, settings: { mode: 'both' } });
      engine.start();
      yield* settle;
      assert.strictEqual(engine.freshness().feed, 'up');
      assert.deepStrictEqual(warned(engine), []);
    }),
  );
});
