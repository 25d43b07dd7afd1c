import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import * as Flags from '../../src/effect.ts';
import { pass, settle } from '../support/test-driver.ts';

describe('refreshSchedule', () => {
  it('refuses an interval or a jitter that cannot be used, by name', () => {
    assert.throws(() => Flags.refreshSchedule({ intervalMs: Number.NaN }), RangeError, /intervalMs: found NaN/);
    assert.throws(() => Flags.refreshSchedule({ intervalMs: 1_000, jitter: 2 }), RangeError, /jitter: found 2/);
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
