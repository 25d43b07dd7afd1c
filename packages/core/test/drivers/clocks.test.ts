import { assert, describe, it } from '@effect/vitest';
import * as Clock from 'effect/Clock';
import * as Effect from 'effect/Effect';
import { fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, refreshed, settle, testDriver, type TestEngineOptions } from '../support/test-driver.ts';

const HOUR = 3_600_000;

/**
 * The test clock, seen through a wall clock that jumps, or through a loop that stood still: sleeping goes on as before.
 */
const jumpyClock = Effect.map(Clock.Clock, (clock) => {
  const ahead = { wallMs: 0, monotonicMs: 0 };
  const wallMs = (): number => clock.currentTimeMillisUnsafe() + ahead.wallMs;
  const monotonicNanos = (): bigint => clock.monotonicTimeNanosUnsafe() + BigInt(ahead.monotonicMs) * 1_000_000n;
  const seen: Clock.Clock = {
    currentTimeMillisUnsafe: wallMs,
    currentTimeMillis: Effect.sync(wallMs),
    currentTimeNanosUnsafe: () => BigInt(wallMs()) * 1_000_000n,
    currentTimeNanos: Effect.sync(() => BigInt(wallMs()) * 1_000_000n),
    monotonicTimeNanosUnsafe: monotonicNanos,
    monotonicTimeNanos: Effect.sync(monotonicNanos),
    sleep: (duration) => clock.sleep(duration),
  };
  return {
    jump: (ms: number) => void (ahead.wallMs += ms),
    block: (ms: number) => {
      ahead.wallMs += ms;
      ahead.monotonicMs += ms;
    },
    driver: (options: TestEngineOptions) => Effect.provideService(testDriver(options), Clock.Clock, seen),
  };
});

describe('F40 a wall clock that jumps an hour', () => {
  it.effect('backward changes nothing', () =>
    Effect.gen(function* () {
      const { jump, driver: make } = yield* jumpyClock;
      const source = scriptedSource(holds(1));
      const driver = yield* make({ source, settings: { mode: 'none' } });
      driver.start();
      yield* settle;
      yield* pass(100_000);
      jump(-HOUR);
      assert.deepInclude(driver.freshness(), { state: 'fresh', ageMs: 100_000, clockUncertain: false });
      yield* pass(200_000);
      assert.strictEqual(driver.freshness().state, 'stale');
    }),
  );

  it.effect('forward means stale until one refresh lands, where boot time cannot tell a jump from a sleep', () =>
    Effect.gen(function* () {
      const { jump, driver: make } = yield* jumpyClock;
      const source = scriptedSource(holds(1));
      const driver = yield* make({ source, settings: { mode: 'none' } });
      driver.start();
      yield* settle;
      jump(HOUR);
      assert.deepInclude(driver.freshness(), { state: 'stale', clockUncertain: true });
      assert.include(
        driver.announcements.map(({ kind }) => kind),
        'stale',
      );
      yield* refreshed(driver);
      assert.deepInclude(driver.freshness(), { state: 'fresh', clockUncertain: false });
    }),
  );

  it.effect('forward changes nothing where the runtime tells boot time', () =>
    Effect.gen(function* () {
      const { jump, driver: make } = yield* jumpyClock;
      const clock = yield* Clock.Clock;
      const source = scriptedSource(holds(1));
      const bootTimeMs = (): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6;
      const driver = yield* make({ source, bootTimeMs, settings: { mode: 'none' } });
      driver.start();
      yield* settle;
      jump(HOUR);
      assert.deepInclude(driver.freshness(), { state: 'fresh', ageMs: 0 });
    }),
  );

  it.effect('does not move the breaker', () =>
    Effect.gen(function* () {
      const { jump, driver: make } = yield* jumpyClock;
      const source = scriptedSource(fails());
      const driver = yield* make({ source, settings: { mode: 'none' } });
      driver.start();
      yield* settle;
      for (let i = 0; i < 2; i++) yield* refreshed(driver);
      for (const ms of [HOUR, -2 * HOUR]) {
        jump(ms);
        assert.deepInclude(driver.freshness().breaker, { state: 'open', retryAfterMs: 30_000 });
        assert.deepInclude(yield* refreshed(driver), { ok: false, reason: 'circuit_breaker_open' });
      }
    }),
  );
});

describe('F41 a machine that sleeps eight hours', () => {
  it.effect('is stale at once on waking, and reads immediately', () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock;
      let sleptMs = 0;
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({
        source,
        bootTimeMs: () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6 + sleptMs,
        settings: { intervalMs: 60_000 },
      });
      driver.start();
      yield* settle;
      yield* pass(10_000);
      const held = source.hold();
      sleptMs = 8 * HOUR;
      assert.deepInclude(driver.freshness(), { state: 'stale', ageMs: 8 * HOUR + 10_000 });
      yield* settle;
      assert.strictEqual(source.reads, 2);
      held.release();
      yield* settle;
      assert.deepInclude(driver.freshness(), { state: 'fresh', ageMs: 0 });
    }),
  );

  it.effect('is found out by the next timer when nobody looks', () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock;
      let sleptMs = 0;
      const source = scriptedSource(holds(1));
      const driver = yield* testDriver({
        source,
        bootTimeMs: () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6 + sleptMs,
      });
      driver.start();
      yield* settle;
      sleptMs = 8 * HOUR;
      source.behaviour = fails();
      yield* pass(60_000);
      assert.include(
        driver.announcements.map(({ kind }) => kind),
        'stale',
      );
    }),
  );
});

describe('F46 an event loop that was blocked for 30 s', () => {
  it.effect('causes one read and not a storm', () =>
    Effect.gen(function* () {
      const { block, driver: make } = yield* jumpyClock;
      const source = scriptedSource(holds(1));
      const driver = yield* make({ source, settings: { intervalMs: 5_000, staleAfterMs: 60_000 } });
      driver.start();
      yield* settle;
      yield* pass(4_000);
      block(30_000);
      // When the loop turns again, every timer of those 30 s is due.
      yield* pass(1_000);
      assert.strictEqual(source.reads, 2);
      assert.deepInclude(driver.freshness(), { state: 'fresh', ageMs: 0 });
      yield* pass(5_000);
      assert.strictEqual(source.reads, 3);
    }),
  );
});

describe('an answer from a memory in between', () => {
  it.effect('is as old as it says', () =>
    Effect.gen(function* () {
      const plain = scriptedSource(holds(1));
      const source = {
        ...plain,
        read: async (...args: Parameters<typeof plain.read>) => ({ ...(await plain.read(...args)), ageMs: 290_000 }),
      };
      const driver = yield* testDriver({ source, settings: { mode: 'none' } });
      driver.start();
      yield* settle;
      assert.deepInclude(driver.freshness(), { state: 'fresh', ageMs: 290_000 });
      yield* pass(10_000);
      assert.strictEqual(driver.freshness().state, 'stale');
    }),
  );
});
