import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import * as Fiber from 'effect/Fiber';
import * as Flags from '../../src/effect.ts';
import { pass, settle } from '../support/test-driver.ts';

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
