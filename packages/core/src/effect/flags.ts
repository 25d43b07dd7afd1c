import * as Context from 'effect/Context';
import * as Data from 'effect/Data';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import * as Queue from 'effect/Queue';
import type * as Scope from 'effect/Scope';
import * as Stream from 'effect/Stream';
import { startFlagClient } from '../client/start-flag-client.ts';
import type { ClientEvents } from '../client/events/events.ts';
import type { FlagEvaluations } from '../client/answers/flag-evaluations.ts';
import type { FlagClient, ReadyOptions } from '../client/flag-client.ts';
import { driverOf } from '../client/driver-of.ts';
import type { FlagClientOptions } from '../client/options/options.ts';
import type { BreakerStateName, Freshness, RefreshFailureReason } from '../refresh/freshness.ts';
import type { RefreshResult } from '../refresh/protocol.ts';
import type { State } from '../refresh/state.ts';
import { driverRunner } from '../drivers/background/run-driver.ts';
import { type InvalidFlagOptions, invalidOptions } from './invalid-flag-options.ts';

/** A refresh did not verify the flags; the last good ones are served. */
export class RefreshFailed extends Data.TaggedError('RefreshFailed')<{
  readonly reason: RefreshFailureReason;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}> {}

/** The wait for flags was in vain; the client goes on trying. */
export class FlagsNotReady extends Data.TaggedError('FlagsNotReady')<{ readonly message: string }> {}

/** The client as an Effect service: evaluation stays a plain synchronous call, everything else is an effect or a stream. */
export interface FlagsShape extends FlagEvaluations {
  readonly forContext: FlagClient['forContext'];
  /** Reads the store now. */
  readonly refresh: Effect.Effect<Extract<RefreshResult, { readonly ok: true }>, RefreshFailed>;
  /** The same, as the probe of an open breaker. */
  readonly forceRefresh: Effect.Effect<Extract<RefreshResult, { readonly ok: true }>, RefreshFailed>;
  /** Reads the store now; a failure is a value. */
  readonly refreshResult: Effect.Effect<RefreshResult>;
  ready(options?: ReadyOptions): Effect.Effect<void, FlagsNotReady>;
  readonly freshness: Effect.Effect<Freshness>;
  readonly breakerState: Effect.Effect<BreakerStateName>;
  readonly resetBreaker: Effect.Effect<void>;
  /** Each document that replaces another, from now on. */
  readonly changes: Stream.Stream<ClientEvents['changed']>;
  /** Each time that a store turns out to have lost what was served (F90), from now on. */
  readonly lostWrites: Stream.Stream<ClientEvents['store.lost-writes']>;
  /** The freshness of now, and then whenever its state turns. */
  readonly freshnessChanges: Stream.Stream<Freshness>;
  /** The plain client beneath, for code that takes one. */
  readonly client: FlagClient;
}

export class Flags extends Context.Service<Flags, FlagsShape>()('@clarity/flags-core/Flags') {}

/** What the plain client takes. */
export type FlagsOptions = FlagClientOptions;

/** A client for the life of the scope, on the clock and the random numbers of the context it is made in. */
export const makeFlags = (options: FlagsOptions): Effect.Effect<FlagsShape, InvalidFlagOptions, Scope.Scope> =>
  Effect.flatMap(Effect.context(), (context) =>
    Effect.map(
      Effect.acquireRelease(
        Effect.try({ try: () => startFlagClient(options, driverRunner(context)), catch: invalidOptions }),
        (client) => Effect.promise(() => client.close()),
      ),
      shapeOf,
    ),
  );

/** `Flags` from options. */
export const layer = (options: FlagsOptions): Layer.Layer<Flags, InvalidFlagOptions> =>
  Layer.effect(Flags, makeFlags(options));

/** `Flags` from options that an effect makes, for sources that need services. */
export const layerEffect = <E, R>(
  options: Effect.Effect<FlagsOptions, E, R>,
): Layer.Layer<Flags, E | InvalidFlagOptions, Exclude<R, Scope.Scope>> =>
  Layer.effect(Flags, Effect.flatMap(options, makeFlags));

function shapeOf(client: FlagClient): FlagsShape {
  const refreshResult = (force: boolean): Effect.Effect<RefreshResult> =>
    Effect.promise(() => client.refresh({ force }));
  return {
    client,
    isEnabled: client.isEnabled.bind(client),
    value: client.value.bind(client),
    details: client.details.bind(client),
    all: client.all.bind(client),
    allDetails: client.allDetails.bind(client),
    forContext: client.forContext.bind(client),
    refresh: Effect.flatMap(refreshResult(false), succeedIfOk),
    forceRefresh: Effect.flatMap(refreshResult(true), succeedIfOk),
    refreshResult: refreshResult(false),
    ready: (options) =>
      Effect.tryPromise({
        try: () => client.ready(options),
        // An error of ours: NotReadyError, or InvalidOptionsError for bad options of the wait.
        catch: (error) => new FlagsNotReady({ message: (error as Error).message }),
      }),
    freshness: Effect.sync(() => client.freshness()),
    breakerState: Effect.sync(() => client.breakerState()),
    resetBreaker: Effect.sync(() => client.resetBreaker()),
    changes: listen(client, (tell) => [client.on('changed', tell)]),
    lostWrites: listen(client, (tell) => [client.on('store.lost-writes', tell)]),
    freshnessChanges: listen(client, (tell) => {
      tell(client.freshness());
      let last = client.freshness().state;
      const turn = (freshness: Freshness): void => {
        if (freshness.state !== last) tell(freshness);
        last = freshness.state;
      };
      return [client.on('fresh', turn), client.on('stale', turn)];
    }),
  };
}

function succeedIfOk(
  result: RefreshResult,
): Effect.Effect<Extract<RefreshResult, { readonly ok: true }>, RefreshFailed> {
  if (result.ok) return Effect.succeed(result);
  const { reason, message, retryAfterMs } = result;
  return Effect.fail(new RefreshFailed({ reason, message, retryAfterMs }));
}

/** A stream of what listeners are told, which ends when the client is closed. A slow reader loses the oldest of more than 16. */
function listen<A>(
  client: FlagClient,
  register: (tell: (event: A) => void) => readonly (() => void)[],
): Stream.Stream<A> {
  const driver = driverOf(client);
  return Stream.callback<A>(
    (queue) =>
      Effect.acquireRelease(
        Effect.sync(() => {
          const left = register((event) => void Queue.offerUnsafe(queue, event));
          const endWith = ({ phase }: State): unknown => phase === 'closed' && Queue.endUnsafe(queue);
          endWith(driver.state());
          return [...left, driver.onChange(endWith)];
        }),
        (leave) => Effect.sync(() => leave.forEach((off) => off())),
      ),
    { bufferSize: 16, strategy: 'sliding' },
  );
}
