import * as Cause from 'effect/Cause';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Fiber from 'effect/Fiber';
import * as Queue from 'effect/Queue';
import * as Stream from 'effect/Stream';
import type { Revision } from '../document/revision.ts';
import { runnerIn } from '../drivers/background/boundary.ts';
import type { FlagFeed, Notice } from '../ports/feed.ts';
import type { PublicationNote } from '../ports/history.ts';
import type { FlagPublisher, PublishedRevision } from '../ports/publisher.ts';
import type { FlagSource, ReadResult } from '../ports/source.ts';
import { StoreError, toStoreError } from '../ports/store-error.ts';

/** The reading role of a store as an effect. */
export interface EffectSource<R = never> {
  readonly name: string;
  /** `announced`: see `FlagSource`. */
  read(known: Revision | undefined, announced?: Revision): Effect.Effect<ReadResult, StoreError, R>;
}

/** What a subscription tells, in its order. A lost subscription that will not come back fails the stream. */
export type FeedSignal =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'down'; readonly error: StoreError }
  | { readonly kind: 'notice'; readonly notice: Notice };

/** The announcing role of a store as a stream. */
export interface EffectFeed<R = never> {
  readonly name: string;
  readonly signals: Stream.Stream<FeedSignal, StoreError, R>;
}

/** The writing role of a store as effects. */
export interface EffectPublisher {
  readonly name: string;
  readonly guarantee: FlagPublisher['guarantee'];
  publish(
    text: string,
    expected: Revision | 'absent',
    note?: PublicationNote,
  ): Effect.Effect<PublishedRevision, StoreError>;
  restore(text: string, note?: PublicationNote): Effect.Effect<PublishedRevision, StoreError>;
}

/** A source port as effects; interruption aborts the read. */
export const liftSource = (source: FlagSource): EffectSource => ({
  name: source.name,
  read: (known, announced) => call(source.name, (signal) => source.read(known, signal, announced)),
});

/** Notices that wait for a slow reader. After so many one without a revision says all that they would: look again. */
const LONGEST_QUEUE = 100;

/**
 * A feed port as a stream; ending the stream ends the subscription. Of notices that its reader does not keep up with,
 * those beyond 100 become one.
 */
export const liftFeed = (feed: FlagFeed): EffectFeed => ({
  name: feed.name,
  signals: Stream.callback<FeedSignal, StoreError>((queue) =>
    Effect.acquireRelease(subscribe(feed, queue), (controller) => Effect.sync(() => controller.abort())),
  ),
});

const subscribe = Effect.fnUntraced(function* (
  feed: FlagFeed,
  queue: Queue.Queue<FeedSignal, StoreError | Cause.Done>,
): Effect.fn.Return<AbortController> {
  const { now } = runnerIn(yield* Effect.context());
  const controller = new AbortController();
  let joined = false;
  const tell = (signal: FeedSignal): void => void now(Queue.offer(queue, signal));
  const refused = (error: unknown): void =>
    void now(Queue.fail(queue, toStoreError(error, `subscribing to ${feed.name}`)));
  const listener = {
    notice: (notice: Notice) => {
      const waiting = now(Queue.size(queue));
      if (waiting < LONGEST_QUEUE) tell({ kind: 'notice', notice });
      else if (!joined) tell({ kind: 'notice', notice: { kind: 'changed' } });
      joined = waiting >= LONGEST_QUEUE;
    },
    down: (error: StoreError) => tell({ kind: 'down', error }),
    up: () => tell({ kind: 'acknowledged' }),
  };
  // In a function of its own: what it throws is a rejection like any other.
  (async () => feed.subscribe(listener, controller.signal))().then(() => tell({ kind: 'acknowledged' }), refused);
  return controller;
});

/** A publisher port as effects. */
export const liftPublisher = (publisher: FlagPublisher): EffectPublisher => ({
  name: publisher.name,
  guarantee: publisher.guarantee,
  publish: (text, expected, note) => call(publisher.name, (signal) => publisher.publish(text, expected, signal, note)),
  restore: (text, note) => call(publisher.name, (signal) => publisher.restore(text, signal, note)),
});

/** An effect as a source port, with what it needs from here. Aborting interrupts it. */
export const lowerSource = <R>(source: EffectSource<R>): Effect.Effect<FlagSource, never, R> =>
  Effect.map(Effect.context<R>(), (context) => {
    const { promise } = runnerIn(context);
    return {
      name: source.name,
      read: (known, signal, announced) => promise(source.read(known, announced), signal),
      close: () => Promise.resolve(),
    };
  });

/**
 * A stream as a feed port. The first `acknowledged` settles the subscription; when the stream ends, it is down for
 * good. What a listener throws is its own and stops nothing.
 */
export const lowerFeed = <R>(feed: EffectFeed<R>): Effect.Effect<FlagFeed, never, R> =>
  Effect.map(Effect.context<R>(), (context) => {
    const { fork } = runnerIn(context);
    const what = `subscribing to ${feed.name}`;
    return {
      name: feed.name,
      subscribe: (listener, signal) =>
        new Promise((resolve, reject) => {
          let acknowledged = false;
          const take = (told: FeedSignal): void => {
            try {
              if (told.kind === 'notice') listener.notice(told.notice);
              else if (told.kind === 'down') listener.down(told.error);
              else if (acknowledged) listener.up();
              else {
                acknowledged = true;
                resolve();
              }
            } catch {
              // A listener's mistake ends no subscription.
            }
          };
          const ended = (exit: Exit.Exit<void, StoreError>): void => {
            const error =
              signal.aborted || Exit.isSuccess(exit)
                ? new StoreError('unavailable', `${what} has ended`)
                : toStoreError(Cause.squash(exit.cause), what);
            if (!acknowledged) reject(error);
            else if (!signal.aborted) take({ kind: 'down', error });
          };
          const fiber = fork(Stream.runForEach(feed.signals, (told) => Effect.sync(() => take(told))));
          fiber.addObserver(ended);
          const interrupt = (): void => void fork(Fiber.interrupt(fiber));
          if (signal.aborted) interrupt();
          else signal.addEventListener('abort', interrupt, { once: true });
        }),
      close: () => Promise.resolve(),
    };
  });

function call<A>(name: string, work: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, StoreError> {
  return Effect.tryPromise({ try: async (signal) => work(signal), catch: (error) => toStoreError(error, name) });
}
