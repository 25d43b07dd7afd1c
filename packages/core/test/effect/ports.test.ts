import { assert, describe, it } from '@effect/vitest';
import * as Deferred from 'effect/Deferred';
import * as Effect from 'effect/Effect';
import * as Fiber from 'effect/Fiber';
import * as Stream from 'effect/Stream';
import * as Flags from '../../src/effect.ts';
import { manualFeed } from '../support/manual-feed.ts';
import { fails, scriptedSource } from '../support/scripted-source.ts';
import { settle } from '../support/test-driver.ts';

describe('port lifts', () => {
  it.effect('a source fails with the typed StoreError and is aborted by interruption', () =>
    Effect.gen(function* () {
      const port = scriptedSource(fails('throttled'));
      const source = Flags.liftSource(port);
      const reason = yield* source.read(undefined).pipe(
        Effect.map(() => 'none'),
        Effect.catchTag('StoreError', (error) => Effect.succeed(error.reason)),
      );
      assert.strictEqual(reason, 'throttled');
      port.behaviour = { kind: 'hangs' };
      const fiber = yield* Effect.forkChild(source.read(undefined));
      yield* settle;
      assert.strictEqual(port.flights, 1);
      yield* Fiber.interrupt(fiber);
      yield* settle;
      assert.strictEqual(port.flights, 0);
    }),
  );

  it.effect('a feed becomes a stream and a port again, with nothing lost', () =>
    Effect.gen(function* () {
      const port = manualFeed();
      const feed = yield* Flags.lowerFeed(Flags.liftFeed(port));
      const told: string[] = [];
      const controller = new AbortController();
      yield* Effect.promise(() =>
        feed.subscribe(
          { notice: ({ kind }) => told.push(kind), down: ({ reason }) => told.push(reason), up: () => told.push('up') },
          controller.signal,
        ),
      );
      port.notice();
      port.down();
      port.up();
      yield* settle;
      assert.deepStrictEqual(told, ['changed', 'unavailable', 'up']);
      controller.abort();
      yield* settle;
      assert.isTrue(port.subscriptions[0]?.signal.aborted);
    }),
  );

  it.effect('a flood of notices that nobody reads waits as a hundred of them, and one that says to look again', () =>
    Effect.gen(function* () {
      const port = manualFeed();
      const goOn = yield* Deferred.make<void>();
      const read: Flags.FeedSignal[] = [];
      yield* Effect.forkChild(
        Stream.runForEach(Flags.liftFeed(port).signals, (signal) => {
          read.push(signal);
          return Deferred.await(goOn);
        }),
      );
      yield* settle;
      const notice = (version: number) => ({ kind: 'changed', revision: { epoch: 1, version } }) as const;
      for (let version = 1; version <= 1_000; version += 1) port.notice(notice(version));
      port.down();
      yield* Deferred.succeed(goOn, undefined);
      yield* settle;
      const notices = read.flatMap((signal) => (signal.kind === 'notice' ? [signal.notice] : []));
      assert.deepStrictEqual(notices, [
        ...Array.from({ length: 100 }, (_, index) => notice(index + 1)),
        { kind: 'changed' },
      ]);
      assert.strictEqual(read.at(-1)?.kind, 'down');
      port.notice(notice(1_001));
      yield* settle;
      assert.deepStrictEqual(read.at(-1), { kind: 'notice', notice: notice(1_001) });
    }),
  );

  it.effect(
    'a stream as a feed ends its subscription with a StoreError when it is aborted before it was acknowledged',
    () =>
      Effect.gen(function* () {
        const feed = yield* Flags.lowerFeed({ name: 'feed', signals: Stream.never });
        const listener = { notice: () => {}, down: () => {}, up: () => {} };
        const controller = new AbortController();
        const later = feed.subscribe(listener, controller.signal);
        controller.abort();
        for (const subscribing of [later, feed.subscribe(listener, AbortSignal.abort())]) {
          const error = yield* Effect.promise(() =>
            subscribing.then(
              () => undefined,
              (refused: unknown) => refused,
            ),
          );
          assert.deepInclude(error, { _tag: 'StoreError', message: 'subscribing to feed has ended' });
        }
      }),
  );

  it.effect('F45 a stream as a feed goes on when its listener throws', () =>
    Effect.gen(function* () {
      const port = manualFeed();
      const feed = yield* Flags.lowerFeed(Flags.liftFeed(port));
      const told: string[] = [];
      const throwing = (name: string) => (): never => {
        told.push(name);
        throw new TypeError('mine');
      };
      const listener = { notice: throwing('notice'), down: throwing('down'), up: throwing('up') };
      yield* Effect.promise(() => feed.subscribe(listener, new AbortController().signal));
      port.notice();
      port.down();
      port.up();
      port.notice();
      yield* settle;
      assert.deepStrictEqual(told, ['notice', 'down', 'up', 'notice']);
    }),
  );

  it.effect('a stream that ends is a feed that is down, and says so', () =>
    Effect.gen(function* () {
      const feed = yield* Flags.lowerFeed({ name: 'feed', signals: Stream.make({ kind: 'acknowledged' } as const) });
      const told: string[] = [];
      const listener = { notice: () => {}, down: ({ message }: Error) => told.push(message), up: () => {} };
      yield* Effect.promise(() => feed.subscribe(listener, new AbortController().signal));
      yield* settle;
      assert.deepStrictEqual(told, ['subscribing to feed has ended']);
    }),
  );

  it.effect('fails with the typed StoreError where a port throws at once', () =>
    Effect.gen(function* () {
      const throws = (): never => {
        throw new TypeError('no');
      };
      const port = { name: 'port', read: throws, subscribe: throws, close: throws };
      const failed = [
        yield* Effect.flip(Flags.liftSource(port).read(undefined)),
        yield* Effect.flip(Stream.runDrain(Flags.liftFeed(port).signals)),
      ];
      for (const error of failed) assert.deepInclude(error, { _tag: 'StoreError', reason: 'unavailable' });
    }),
  );

  it.effect('a stream as a feed is ended by a signal that was aborted before', () =>
    Effect.gen(function* () {
      let ended = false;
      const signals = Stream.callback<Flags.FeedSignal>(() =>
        Effect.acquireRelease(Effect.void, () => Effect.sync(() => (ended = true))),
      );
      const feed = yield* Flags.lowerFeed({ name: 'feed', signals });
      void feed.subscribe({ notice: () => {}, down: () => {}, up: () => {} }, AbortSignal.abort()).catch(() => {});
      yield* settle;
      assert.isTrue(ended);
    }),
  );
});
