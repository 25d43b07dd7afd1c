import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import * as Fiber from 'effect/Fiber';
import * as Random from 'effect/Random';
import * as Flags from '../../src/effect.ts';
import { fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, settle } from '../support/test-driver.ts';

const CALM: Flags.Beat = { breakMs: null, failures: 0, waiting: false, patienceMs: 0, random: 0.5 };

describe('refreshRhythm', () => {
  it('refuses a number that cannot be used, by name', () => {
    assert.throws(() => Flags.refreshRhythm({ intervalMs: Number.NaN }), RangeError, /intervalMs is NaN/);
    assert.throws(() => Flags.refreshRhythm({ intervalMs: 2 ** 31 }), RangeError, /intervalMs is 2147483648/);
    assert.throws(() => Flags.refreshRhythm({ intervalMs: 1_000, jitter: 2 }), RangeError, /jitter is 2/);
    assert.throws(
      () => Flags.refreshRhythm({ mode: 'pubsub', staleAfterMs: 0 }),
      RangeError,
      /staleAfterMs is 0; allowed is a number from 1/,
    );
  });

  it.effect('repeats after the pause that each beat asks for', () =>
    Effect.gen(function* () {
      const beats = [
        CALM,
        { ...CALM, failures: 1 },
        { ...CALM, failures: 2, patienceMs: 20_000 },
        { ...CALM, failures: 3, breakMs: 30_000, random: 0 },
        { ...CALM, random: 0 },
      ];
      let runs = 0;
      const work = Effect.sync(() => beats[runs++] ?? CALM);
      yield* Effect.forkChild(Effect.repeat(work, Flags.refreshRhythm({ intervalMs: 60_000 })));
      yield* settle;
      for (const [index, ms] of [60_000, 750, 20_000, 30_000, 54_000].entries()) {
        yield* pass(ms - 1);
        assert.strictEqual(runs, index + 1);
        yield* pass(1);
        assert.strictEqual(runs, index + 2);
      }
    }),
  );

  it.effect(
    'goes by half the threshold of staleness in mode pubsub, and ends with the first document in mode none',
    () =>
      Effect.gen(function* () {
        const beats = [{ ...CALM, waiting: true, failures: 1 }, CALM];
        let runs = 0;
        const work = Effect.sync(() => beats[runs++] ?? CALM);
        const none = yield* Effect.forkChild(
          Effect.repeat(work, Flags.refreshRhythm({ mode: 'none', intervalMs: 60_000 })),
        );
        yield* settle;
        yield* pass(750);
        yield* Fiber.join(none);
        assert.strictEqual(runs, 2);

        const pubsub = Flags.refreshRhythm({ mode: 'pubsub', staleAfterMs: 300_000, jitter: 0 });
        yield* Effect.forkChild(Effect.repeat(work, pubsub));
        yield* settle;
        yield* pass(150_000);
        assert.strictEqual(runs, 4);
      }),
  );
});

/** Neither long nor short, so that two clients can be compared. */
const EVEN_CHANCE: (typeof Random.Random)['Service'] = { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => 0.5 };

/** The seconds in which a store was read that answers, fails, asks for patience, and answers again. */
const readsOf = (
  mode: 'periodic' | 'none',
  alongside: (refresh: Flags.RefreshShape) => Effect.Effect<unknown>,
): Effect.Effect<readonly number[]> =>
  Effect.gen(function* () {
    const source = scriptedSource(holds(1));
    const { refresh } = yield* Flags.makeFlags({
      source,
      refreshMode: mode,
      refreshIntervalMs: 60_000,
      variables: false,
      logLevel: 'silent',
    });
    yield* settle;
    yield* Effect.forkChild(alongside(refresh));
    const seconds: number[] = [];
    for (let second = 1; second <= 600; second++) {
      if (second === 90) source.behaviour = fails('unavailable');
      if (second === 270) source.behaviour = { kind: 'fails', reason: 'throttled', retryAfterMs: 45_000 };
      if (second === 360) source.behaviour = holds(2);
      const before = source.reads;
      yield* pass(1_000);
      if (source.reads > before) seconds.push(second);
    }
    return seconds;
  }).pipe(Effect.scoped, Effect.orDie, Effect.provideService(Random.Random, EVEN_CHANCE));

describe('Refresh.beat', () => {
  it.effect('lets a program read in the rhythm in which the client would read by itself', () =>
    Effect.gen(function* () {
      const byItself = yield* readsOf('periodic', () => Effect.void);
      const byProgram = yield* readsOf('none', (refresh) =>
        Effect.andThen(Effect.ignore(refresh.now), refresh.beat).pipe(
          Effect.repeat(Flags.refreshRhythm({ intervalMs: 60_000 })),
          Effect.delay(60_000),
        ),
      );
      assert.deepStrictEqual(byProgram, byItself);
      assert.isAbove(byItself.length, 12);
    }),
  );
});
