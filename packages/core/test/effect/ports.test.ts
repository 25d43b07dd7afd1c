import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import * as Fiber from 'effect/Fiber';
import * as Stream from 'effect/Stream';
import * as Flags from '../../src/effect.ts';
import { manualFeed } from '../support/manual-feed.ts';
import { fails, scriptedSource } from '../support/scripted-source.ts';
import { settle } from '../support/test-engine.ts';

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
