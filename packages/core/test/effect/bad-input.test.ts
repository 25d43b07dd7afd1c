import { assert, describe, expectTypeOf, it } from '@effect/vitest';
import * as Cause from 'effect/Cause';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Fiber from 'effect/Fiber';
import * as Layer from 'effect/Layer';
import * as Option from 'effect/Option';
import * as Scope from 'effect/Scope';
import * as Stream from 'effect/Stream';
import * as Context from 'effect/Context';
import {
  Breaker,
  type BreakerOpen,
  type DocumentMissing,
  Flags,
  type FlagServices,
  type FlagsClosed,
  flagsLayer,
  Refresh,
  type RefreshTimedOut,
  type RevisionOlder,
  Staleness,
  type StoreThrottled,
  type StoreUnauthorized,
  type StoreUnavailable,
} from '../../src/effect.ts';
import { fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { pass, settle } from '../support/test-driver.ts';

const options = {
  variables: false,
  logLevel: 'silent',
  refreshMode: 'periodic',
  refreshJitter: 0,
  refreshIntervalMs: 10_000,
  staleAfterMs: 30_000,
} as const;

const listening = { startImmediately: true } as const;

describe('a store that dies', () => {
  it.effect('arrives as typed events of streams, and so does its recovery', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      // Each stream has an order; that of two streams is the one in which their readers happen to wake.
      const told = { breaker: [] as string[], staleness: [] as string[], failures: [] as string[] };
      const note = <A>(stream: Stream.Stream<A>, list: keyof typeof told, word: (event: A) => string) =>
        Effect.forkScoped(
          Stream.runForEach(stream, (event) => Effect.sync(() => told[list].push(word(event)))),
          listening,
        );
      yield* Effect.gen(function* () {
        const [breaker, staleness, refresh] = [yield* Breaker, yield* Staleness, yield* Refresh];
        yield* note(breaker.changes, 'breaker', ({ to }) => to);
        yield* note(staleness.changes, 'staleness', ({ state }) => state);
        yield* note(refresh.failures, 'failures', ({ _tag }) => _tag);
        yield* settle;
        source.behaviour = fails('unavailable');
        yield* pass(60_000);
        const open = yield* Effect.flip(refresh.now);
        assert.deepInclude(open, { _tag: 'BreakerOpen', message: open.message });
        assert.strictEqual((yield* Effect.flip(breaker.protect(Effect.succeed('ran'))))._tag, 'BreakerOpen');
        const waiting = yield* Effect.forkChild(staleness.awaitFresh, listening);
        source.behaviour = holds(2);
        yield* pass(60_000);
        assert.strictEqual((yield* Fiber.join(waiting)).state, 'fresh');
        assert.strictEqual(yield* breaker.protect(Effect.succeed('ran')), 'ran');
      }).pipe(Effect.scoped, Effect.provide(flagsLayer({ ...options, source })));
      assert.deepStrictEqual(told, {
        breaker: ['open', 'half-open', 'open', 'half-open', 'closed'],
        staleness: ['never', 'fresh', 'stale', 'fresh'],
        failures: ['StoreUnavailable', 'StoreUnavailable', 'StoreUnavailable', 'StoreUnavailable'],
      });
      assert.strictEqual(source.closed, 1);
    }),
  );

  it.effect('teaches the breaker by the reads of the client alone', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      yield* Effect.gen(function* () {
        const breaker = yield* Breaker;
        for (let i = 0; i < 5; i++)
          assert.strictEqual(yield* Effect.flip(breaker.protect(Effect.fail('mine'))), 'mine');
        assert.strictEqual(yield* breaker.state, 'closed');
      }).pipe(Effect.provide(flagsLayer({ ...options, source })));
    }),
  );
});

describe('the errors of a refresh', () => {
  it('are told apart by their tags, and one that is caught is gone from the type', () => {
    const handled = Effect.flatMap(Refresh, (refresh) =>
      refresh.now.pipe(
        Effect.catchTag('BreakerOpen', ({ retryAfterMs }) => Effect.succeed(retryAfterMs)),
        Effect.catchTag('DocumentInvalid', ({ tooLarge }) => Effect.succeed(tooLarge)),
      ),
    );
    type Left = Effect.Error<typeof handled>;
    expectTypeOf<Left>().toEqualTypeOf<
      | StoreUnavailable
      | StoreThrottled
      | StoreUnauthorized
      | RefreshTimedOut
      | DocumentMissing
      | RevisionOlder
      | FlagsClosed
    >();
    expectTypeOf<Extract<Left, BreakerOpen>>().toEqualTypeOf<never>();
  });

  it.effect('a document that is not there, and one that is refused, are not a store that is down', () =>
    Effect.gen(function* () {
      const source = scriptedSource(fails('not-found'));
      yield* Effect.gen(function* () {
        const [refresh, breaker] = [yield* Refresh, yield* Breaker];
        assert.strictEqual((yield* Effect.flip(refresh.now))._tag, 'DocumentMissing');
        source.behaviour = { kind: 'holds', revision: { epoch: 1, version: 1 }, text: '{"schemaVersion":1}' };
        assert.deepInclude(yield* Effect.flip(refresh.now), { _tag: 'DocumentInvalid', tooLarge: false });
        assert.strictEqual(yield* breaker.state, 'closed');
      }).pipe(Effect.provide(flagsLayer({ ...options, source })));
    }),
  );
});

describe('what is told of a failure', () => {
  it.effect('is the same however often a document that is too large is asked for', () =>
    Effect.gen(function* () {
      yield* Effect.gen(function* () {
        const { now } = yield* Refresh;
        yield* settle;
        const again = yield* Effect.flip(now);
        assert.deepInclude(again, { _tag: 'DocumentInvalid', tooLarge: true });
        const { lastError } = yield* (yield* Staleness).freshness;
        assert.strictEqual(lastError?.reason, 'too-large');
      }).pipe(Effect.provide(flagsLayer({ ...options, source: scriptedSource(holds(1)), maxDocumentBytes: 10 })));
    }),
  );

  it.effect('to who asked and to who listens: patience and the name of the source in both', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      yield* Effect.gen(function* () {
        const refresh = yield* Refresh;
        const first = yield* Effect.forkChild(Stream.runHead(refresh.failures), listening);
        yield* settle;
        source.behaviour = { kind: 'fails', reason: 'throttled', retryAfterMs: 70_000 };
        const asked = yield* Effect.flip(refresh.now);
        const heard = Option.getOrThrow(yield* Fiber.join(first));
        assert.deepInclude(asked, { _tag: 'StoreThrottled', retryAfterMs: 70_000 });
        assert.deepInclude(heard, { _tag: 'StoreThrottled', retryAfterMs: 70_000, message: asked.message });
        assert.match(asked.message, /^store: store is throttled/);
      }).pipe(Effect.provide(flagsLayer({ ...options, source })));
    }),
  );
});

describe('the wait for flags', () => {
  it.effect('goes by the clock of Effect, and is in vain when that has passed', () =>
    Effect.gen(function* () {
      const source = scriptedSource({ kind: 'hangs' });
      yield* Effect.gen(function* () {
        const { ready } = yield* Flags;
        const waiting = yield* Effect.forkChild(Effect.flip(ready({ timeoutMs: 30_000 })), listening);
        yield* pass(29_000);
        assert.isUndefined(waiting.pollUnsafe());
        yield* pass(1_000);
        const error = yield* Fiber.join(waiting);
        assert.strictEqual(error._tag, 'FlagsNotReady');
        assert.match(error.message, /within 30000 ms .*; the client goes on trying$/);
        const next = yield* Effect.forkChild(ready({ timeoutMs: 90_000 }), listening);
        source.behaviour = holds(1);
        yield* pass(60_000);
        yield* Fiber.join(next);
      }).pipe(Effect.provide(flagsLayer({ ...options, source })));
    }),
  );

  it.effect('that asks for what cannot be is a defect, and no failure to wait for', () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Flags.use(({ ready }) => ready({ timeoutMs: -1 })));
      assert.isTrue(Exit.hasDies(exit));
      assert.match(String(Exit.isFailure(exit) && Cause.squash(exit.cause)), /timeoutMs is -1; allowed is/);
    }).pipe(Effect.provide(flagsLayer({ ...options, source: scriptedSource(holds(1)) }))),
  );
});

describe('a layer', () => {
  it.effect('that is provided twice in one program is one client, and two when it is made fresh', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      const layer = flagsLayer({ ...options, source });
      const used = Effect.flatMap(Flags, () => settle);
      yield* Effect.provide(used, Layer.mergeAll(layer, layer));
      assert.strictEqual(source.reads, 1);
      yield* Effect.provide(Effect.andThen(Flags, Effect.provide(used, layer)), layer);
      assert.strictEqual(source.reads, 2);
      yield* Effect.provide(used, Layer.mergeAll(layer, Layer.fresh(layer)));
      assert.strictEqual(source.reads, 4);
    }),
  );
});

describe('an interruption', () => {
  it.effect('of a refresh in the middle of its read ends the wait; the read ends with the client', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      yield* Effect.gen(function* () {
        const refresh = yield* Refresh;
        yield* settle;
        source.behaviour = { kind: 'hangs' };
        const fiber = yield* Effect.forkChild(refresh.now, listening);
        yield* settle;
        assert.strictEqual(source.flights, 1);
        yield* Fiber.interrupt(fiber);
        assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)));
        assert.strictEqual(source.flights, 1);
      }).pipe(Effect.provide(flagsLayer({ ...options, source })));
      yield* settle;
      assert.strictEqual(source.flights, 0);
      assert.strictEqual(source.closed, 1);
    }),
  );

  it.effect('of a layer that is being used closes its client, and leaves no read and no timer', () =>
    Effect.gen(function* () {
      const source = scriptedSource({ kind: 'hangs' });
      const program = Effect.provide(
        Effect.flatMap(Staleness, ({ awaitFresh }) => awaitFresh),
        flagsLayer({ ...options, source }),
      );
      const fiber = yield* Effect.forkChild(program, listening);
      yield* settle;
      assert.strictEqual(source.flights, 1);
      yield* Fiber.interrupt(fiber);
      yield* settle;
      assert.deepStrictEqual([source.flights, source.closed, source.reads], [0, 1, 1]);
      yield* pass(60_000);
      assert.strictEqual(source.reads, 1);
    }),
  );
});

describe('services whose scope has closed', () => {
  it.effect('fail by name, their streams end, and questions get the last good answers', () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make();
      const services: Context.Context<FlagServices> = yield* Layer.buildWithScope(
        flagsLayer({ ...options, source: scriptedSource(holds(1)) }),
        scope,
      );
      const [refresh, breaker, staleness] = [
        Context.get(services, Refresh),
        Context.get(services, Breaker),
        Context.get(services, Staleness),
      ];
      yield* settle;
      const listeners = [
        yield* Effect.forkDetach(Stream.runDrain(refresh.failures), listening),
        yield* Effect.forkDetach(Stream.runDrain(staleness.changes), listening),
      ];
      yield* settle;
      yield* Scope.close(scope, Exit.void);
      for (const listener of listeners) yield* Fiber.join(listener);
      assert.strictEqual((yield* Effect.flip(refresh.now))._tag, 'FlagsClosed');
      assert.strictEqual((yield* Effect.flip(refresh.forced))._tag, 'FlagsClosed');
      assert.strictEqual((yield* Effect.flip(staleness.awaitFresh))._tag, 'FlagsClosed');
      yield* Stream.runDrain(refresh.failures);
      yield* Stream.runDrain(refresh.changes);
      yield* Stream.runDrain(breaker.changes);
      assert.strictEqual((yield* Stream.runCollect(staleness.changes)).length, 1);
      assert.isTrue(Context.get(services, Flags).isEnabled('a'));
    }),
  );

  it.effect('fail those who wait for flags by name', () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make();
      const services = yield* Layer.buildWithScope(
        flagsLayer({ ...options, source: scriptedSource({ kind: 'hangs' }) }),
        scope,
      );
      const fresh = yield* Effect.forkChild(Effect.flip(Context.get(services, Staleness).awaitFresh), listening);
      const ready = yield* Effect.forkChild(Effect.flip(Context.get(services, Flags).ready()), listening);
      yield* settle;
      yield* Scope.close(scope, Exit.void);
      assert.strictEqual((yield* Fiber.join(fresh))._tag, 'FlagsClosed');
      assert.strictEqual((yield* Fiber.join(ready))._tag, 'FlagsClosed');
    }),
  );
});
