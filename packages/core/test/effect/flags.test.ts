import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import * as Fiber from 'effect/Fiber';
import * as Stream from 'effect/Stream';
import * as Flags from '../../src/effect.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, settle } from '../support/test-driver.ts';

describe('the Flags service', () => {
  it.effect('runs on the clock of its context, and is closed with its scope', () => {
    const source = scriptedSource(holds(1));
    const program = Effect.gen(function* () {
      const flags = yield* Flags.Flags;
      yield* settle;
      assert.isTrue(flags.isEnabled('a'));
      yield* pass(61_000);
      assert.strictEqual(source.reads, 2);
      assert.strictEqual((yield* flags.freshness).state, 'fresh');
      assert.strictEqual(yield* flags.breakerState, 'closed');
    });
    const options = {
      source,
      refreshMode: 'periodic',
      refreshIntervalMs: 60_000,
      refreshJitter: 0,
      staleAfterMs: 300_000,
      variables: false,
    } as const;
    return Effect.gen(function* () {
      yield* Effect.provide(program, Flags.layer(options));
      assert.strictEqual(source.closed, 1);
      yield* pass(600_000);
      assert.strictEqual(source.reads, 2);
    });
  });

  it.effect('fails a refresh with a typed error, and gives it as a value where that is wanted', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails('unauthorized'));
      const flags = yield* Flags.makeFlags({ source, variables: false, logLevel: 'silent' });
      yield* settle;
      const failed = yield* Effect.flip(flags.refresh);
      assert.deepInclude(failed, { _tag: 'RefreshFailed', reason: 'unauthorized' });
      assert.isFalse((yield* flags.refreshResult).ok);
      assert.isUndefined(failed.retryAfterMs);
      source.behaviour = { kind: 'fails', reason: 'throttled', retryable: false, retryAfterMs: 30_000 };
      const throttled = yield* Effect.flip(flags.forceRefresh);
      assert.deepInclude(throttled, { _tag: 'RefreshFailed', reason: 'throttled', retryAfterMs: 30_000 });
      source.behaviour = holds(3);
      assert.deepStrictEqual((yield* flags.forceRefresh).revision, counted(3));
      yield* flags.ready();
    }),
  );

  it.effect('names bad options in a typed error', () =>
    Effect.gen(function* () {
      const invalid = yield* Effect.flip(
        Effect.provide(
          Flags.Flags,
          Flags.layer({ source: scriptedSource(holds(1)), refreshIntervalMs: -1, variables: false }),
        ),
      );
      assert.strictEqual(invalid._tag, 'InvalidFlagOptions');
      assert.match(invalid.problems[0] ?? '', /refreshIntervalMs is -1/);
    }),
  );

  it.effect('ends its streams with the client, and those that begin after it', () =>
    Effect.gen(function* () {
      const options = { source: scriptedSource(holds(1)), variables: false, logLevel: 'silent' } as const;
      const [flags, changes] = yield* Effect.scoped(
        Effect.gen(function* () {
          const flags = yield* Flags.makeFlags(options);
          yield* settle;
          const changes = yield* Effect.forkDetach(Stream.runCollect(flags.changes));
          yield* settle;
          return [flags, changes] as const;
        }),
      );
      assert.deepStrictEqual(yield* Fiber.join(changes), []);
      const states = yield* Stream.runCollect(Stream.map(flags.freshnessChanges, ({ state }) => state));
      assert.deepStrictEqual(states, ['fresh']);
    }),
  );

  it.effect('streams changes, and freshness as it turns', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const flags = yield* Flags.makeFlags({
        source,
        refreshMode: 'none',
        staleAfterMs: 10_000,
        variables: false,
        logLevel: 'silent',
      });
      yield* settle;
      const states = yield* Effect.forkChild(
        flags.freshnessChanges.pipe(
          Stream.map(({ state }) => state),
          Stream.take(3),
          Stream.runCollect,
        ),
      );
      const change = yield* Effect.forkChild(flags.changes.pipe(Stream.take(1), Stream.runCollect));
      yield* settle;
      yield* pass(10_000);
      source.behaviour = holds(2);
      yield* flags.refresh;
      yield* settle;
      assert.deepStrictEqual(yield* Fiber.join(states), ['fresh', 'stale', 'fresh']);
      assert.deepStrictEqual(
        (yield* Fiber.join(change)).map(({ keys }) => keys),
        [['generation']],
      );
    }),
  );

  it.effect('F90 streams what the store lost', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(7));
      const flags = yield* Flags.makeFlags({ source, refreshMode: 'none', variables: false, logLevel: 'silent' });
      yield* settle;
      const told = yield* Effect.forkChild(flags.lostWrites.pipe(Stream.take(1), Stream.runCollect));
      yield* settle;
      const revision = counted(4, 2_000);
      source.behaviour = { kind: 'holds', revision, text: documentText(4), ancestors: [counted(3), counted(2)] };
      yield* flags.refresh;
      yield* settle;
      const [lost] = yield* Fiber.join(told);
      assert.deepInclude(lost, { source: 'store', lost: counted(7), adopted: revision });
    }),
  );

  it.effect('takes its source from services', () =>
    Effect.gen(function* () {
      const port = scriptedSource(holds(4));
      const made = Effect.map(Flags.lowerSource(Flags.liftSource(port)), (source) => ({
        source,
        variables: false as const,
      }));
      const revision = yield* Effect.provide(
        Effect.gen(function* () {
          const flags = yield* Flags.Flags;
          yield* settle;
          return (yield* flags.freshness).revision;
        }),
        Flags.layerEffect(made),
      );
      assert.deepStrictEqual(revision, counted(4));
    }),
  );
});

describe('withBreaker', () => {
  it.effect('opens after three failures, admits one probe, and does not count interruption', () =>
    Effect.gen(function* () {
      const breaker = yield* Flags.makeCircuitBreaker();
      let calls = 0;
      let up = false;
      const work = Effect.suspend(() => {
        calls += 1;
        return up ? Effect.succeed('done') : Effect.fail('down' as const);
      });
      const guarded = Flags.withBreaker(breaker)(work);
      for (let i = 0; i < 3; i++) assert.strictEqual(yield* Effect.flip(guarded), 'down');
      assert.deepInclude(yield* Effect.flip(guarded), { _tag: 'BreakerOpen', retryAfterMs: 30_000 });
      assert.strictEqual(calls, 3);
      yield* pass(30_000);
      up = true;
      const hanging = yield* Effect.forkChild(Flags.withBreaker(breaker)(Effect.never));
      yield* settle;
      assert.strictEqual(yield* breaker.state, 'half-open');
      assert.deepInclude(yield* Effect.flip(guarded), { _tag: 'BreakerOpen' });
      yield* Fiber.interrupt(hanging);
      assert.strictEqual(yield* guarded, 'done');
      assert.strictEqual(yield* breaker.state, 'closed');
    }),
  );
});

describe('makeCircuitBreaker', () => {
  it.effect('refuses a number that cannot be used, by name', () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Flags.makeCircuitBreaker({ recoveryTimeoutMs: Number.NaN }));
      assert.match(String(exit), /recoveryTimeoutMs is NaN; allowed is a number from 1/);
    }),
  );
});

describe('refreshSchedule', () => {
  it('refuses an interval or a jitter that cannot be used, by name', () => {
    assert.throws(() => Flags.refreshSchedule({ intervalMs: Number.NaN }), RangeError, /intervalMs is NaN/);
    assert.throws(() => Flags.refreshSchedule({ intervalMs: 1_000, jitter: 2 }), RangeError, /jitter is 2/);
  });

  it.effect('waits the interval after a success, backs off after failures, and obeys retry-after', () =>
    Effect.gen(function* () {
      const outcomes = [{ ok: true }, { ok: false }, { ok: false, retryAfterMs: 20_000 }, { ok: true }];
      let runs = 0;
      const work = Effect.sync(() => outcomes[runs++] ?? { ok: true });
      yield* Effect.forkChild(Effect.repeat(work, Flags.refreshSchedule({ intervalMs: 60_000, jitter: 0 })));
      yield* settle;
      const at = [60_000, 1_000, 20_000, 60_000];
      for (const [index, ms] of at.entries()) {
        assert.strictEqual(runs, index + 1);
        yield* pass(ms);
      }
      assert.strictEqual(runs, 5);
    }),
  );
});
