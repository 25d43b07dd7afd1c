import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import * as Fiber from 'effect/Fiber';
import * as Stream from 'effect/Stream';
import { driverOf } from '../../src/client/driver-of.ts';
import * as Flags from '../../src/effect.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, settle } from '../support/test-driver.ts';

describe('the services of a client', () => {
  it.effect('runs on the clock of its context, and is closed with its scope', () => {
    const source = scriptedSource(holds(1));
    const program = Effect.gen(function* () {
      const flags = yield* Flags.Flags;
      yield* settle;
      assert.isTrue(flags.isEnabled('a'));
      yield* pass(61_000);
      assert.strictEqual(source.reads, 2);
      assert.strictEqual((yield* (yield* Flags.Staleness).freshness).state, 'fresh');
      assert.strictEqual(yield* (yield* Flags.Breaker).state, 'closed');
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
      yield* Effect.provide(program, Flags.flagsLayer(options));
      assert.strictEqual(source.closed, 1);
      yield* pass(600_000);
      assert.strictEqual(source.reads, 2);
    });
  });

  it.effect('fails a refresh with an error of its own type for each reason', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails('unauthorized'));
      const { flags, refresh } = yield* Flags.makeFlags({ source, variables: false, logLevel: 'silent' });
      yield* settle;
      assert.strictEqual((yield* Effect.flip(refresh.now))._tag, 'StoreUnauthorized');
      source.behaviour = { kind: 'fails', reason: 'throttled', retryable: false, retryAfterMs: 30_000 };
      const throttled = yield* Effect.flip(refresh.forced);
      assert.deepInclude(throttled, { _tag: 'StoreThrottled', retryAfterMs: 30_000 });
      source.behaviour = holds(3);
      assert.deepStrictEqual((yield* refresh.forced).revision, counted(3));
      yield* flags.ready();
    }),
  );

  it.effect('leaves nothing behind when flags were waited for: before, while and after they came, or in vain', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails('unavailable'));
      const { flags, refresh } = yield* Flags.makeFlags({ source, variables: false, logLevel: 'silent' });
      const driver = driverOf(flags.client);
      const onChange = driver.onChange.bind(driver);
      const listening = new Set<unknown>();
      driver.onChange = (listener) => {
        listening.add(listener);
        const leave = onChange(listener);
        return () => {
          listening.delete(listener);
          leave();
        };
      };
      const inVain = yield* Effect.forkChild(Effect.flip(flags.ready({ timeoutMs: 5_000 })), {
        startImmediately: true,
      });
      const waiting = yield* Effect.forkChild(flags.ready({ timeoutMs: 60_000 }), { startImmediately: true });
      yield* pass(6_000);
      assert.strictEqual((yield* Fiber.join(inVain))._tag, 'FlagsNotReady');
      assert.strictEqual(listening.size, 1);
      source.behaviour = holds(1);
      yield* refresh.forced;
      yield* Fiber.join(waiting);
      yield* flags.ready();
      assert.strictEqual(listening.size, 0);
    }),
  );

  it.effect('names bad options in a typed error', () =>
    Effect.gen(function* () {
      const invalid = yield* Effect.flip(
        Effect.provide(
          Flags.Flags,
          Flags.flagsLayer({ source: scriptedSource(holds(1)), refreshIntervalMs: -1, variables: false }),
        ),
      );
      assert.strictEqual(invalid._tag, 'InvalidFlagOptions');
      assert.match(invalid.problems[0] ?? '', /refreshIntervalMs is -1/);
    }),
  );

  it.effect('ends its streams with the client, and those that begin after it', () =>
    Effect.gen(function* () {
      const options = { source: scriptedSource(holds(1)), variables: false, logLevel: 'silent' } as const;
      const [staleness, changes, turns] = yield* Effect.scoped(
        Effect.gen(function* () {
          const { refresh, staleness } = yield* Flags.makeFlags(options);
          yield* settle;
          const changes = yield* Effect.forkDetach(Stream.runCollect(refresh.changes));
          const turns = yield* Effect.forkDetach(
            Stream.runCollect(Stream.map(staleness.changes, ({ state }) => state)),
          );
          yield* settle;
          return [staleness, changes, turns] as const;
        }),
      );
      assert.deepStrictEqual(yield* Fiber.join(changes), []);
      assert.deepStrictEqual(yield* Fiber.join(turns), ['fresh']);
      const states = yield* Stream.runCollect(Stream.map(staleness.changes, ({ state }) => state));
      assert.deepStrictEqual(states, ['fresh']);
    }),
  );

  it.effect('streams changes, and freshness as it turns', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const { refresh, staleness } = yield* Flags.makeFlags({
        source,
        refreshMode: 'none',
        staleAfterMs: 10_000,
        variables: false,
        logLevel: 'silent',
      });
      yield* settle;
      const states = yield* Effect.forkChild(
        staleness.changes.pipe(
          Stream.map(({ state }) => state),
          Stream.take(3),
          Stream.runCollect,
        ),
      );
      const change = yield* Effect.forkChild(refresh.changes.pipe(Stream.take(1), Stream.runCollect));
      yield* settle;
      yield* pass(10_000);
      source.behaviour = holds(2);
      yield* refresh.now;
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
      const { refresh } = yield* Flags.makeFlags({ source, refreshMode: 'none', variables: false, logLevel: 'silent' });
      yield* settle;
      const told = yield* Effect.forkChild(refresh.lostWrites.pipe(Stream.take(1), Stream.runCollect));
      yield* settle;
      const revision = counted(4, 2_000);
      source.behaviour = { kind: 'holds', revision, text: documentText(4), ancestors: [counted(3), counted(2)] };
      yield* refresh.now;
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
          const staleness = yield* Flags.Staleness;
          yield* settle;
          return (yield* staleness.freshness).revision;
        }),
        Flags.flagsLayerEffect(made),
      );
      assert.deepStrictEqual(revision, counted(4));
    }),
  );
});
