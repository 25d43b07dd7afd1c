/** Flags, Refresh, Breaker and Staleness over one client. */
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import type * as Scope from 'effect/Scope';
import { driverOf } from '../client/driver-of.ts';
import type { Logger } from '../client/events/logger.ts';
import { startFlagClient } from '../client/start-flag-client.ts';
import type { FlagClientOptions } from '../client/options/options.ts';
import { driverRunner } from '../drivers/background/run-driver.ts';
import { Around } from '../drivers/background/services.ts';
import { Breaker, type BreakerShape, breakerOf } from './breaker.ts';
import { configProblems } from './config-problems.ts';
import { effectLogger } from './effect-logger.ts';
import { FlagStore } from './flag-store.ts';
import { FlagsConfig } from './flags-config.ts';
import { Flags, type FlagsShape, flagsOf } from './flags.ts';
import { type InvalidFlagOptions, invalidOptions } from './invalid-flag-options.ts';
import { Refresh, type RefreshShape, refreshOf } from './refresh.ts';
import { makeSpans } from './spans.ts';
import { Staleness, type StalenessShape, stalenessOf } from './staleness.ts';

/** What a layer of flags gives. */
export type FlagServices = Flags | Refresh | Breaker | Staleness;

/** The same by name. */
export interface FlagServicesShape {
  readonly flags: FlagsShape;
  readonly refresh: RefreshShape;
  readonly breaker: BreakerShape;
  readonly staleness: StalenessShape;
}

/**
 * What the plain client takes, but for its tracer: spans go to Effect's, and log lines too unless there is a `logger`.
 */
export type FlagsOptions = Omit<FlagClientOptions, 'tracer'>;

/** What is left to say where a `FlagStore` says where the document is. */
export type FlagsFromStoreOptions = Omit<FlagsOptions, 'source' | 'feed'>;

/** A client for the life of the scope, on the clock and the random numbers of the context it is made in. */
export const makeFlags = Effect.fnUntraced(function* (
  options: FlagsOptions,
): Effect.fn.Return<FlagServicesShape, InvalidFlagOptions, Scope.Scope> {
  const spans = yield* makeSpans;
  const logger = yield* effectLogger;
  const context = Context.add(yield* Effect.context(), Around, spans.around);
  const client = yield* Effect.acquireRelease(
    Effect.try({
      try: () => startFlagClient(withLogger(options, logger), driverRunner(context)),
      catch: invalidOptions,
    }),
    (started) => Effect.promise(() => started.close()),
  );
  driverOf(client).onChange(spans.noteAdoption);
  return {
    flags: flagsOf(client),
    refresh: refreshOf(client, spans),
    breaker: breakerOf(client),
    staleness: yield* stalenessOf(client),
  };
});

/** Options that are no object are left for the client to refuse. */
function withLogger(options: FlagsOptions, logger: Logger): FlagsOptions {
  return typeof options === 'object' && options !== null ? { ...options, logger: options.logger ?? logger } : options;
}

/** All four services, from options. A layer that is provided twice in one program is one client. */
export const flagsLayer = (options: FlagsOptions): Layer.Layer<FlagServices, InvalidFlagOptions> =>
  Layer.effectContext(servicesOf(options));

/** The same from options that an effect makes, for sources that need services. */
export const flagsLayerEffect = <E, R>(
  options: Effect.Effect<FlagsOptions, E, R>,
): Layer.Layer<FlagServices, E | InvalidFlagOptions, Exclude<R, Scope.Scope>> =>
  Layer.effectContext(Effect.flatMap(options, servicesOf));

/** The same over the store of an adapter's layer. */
export const flagsFromStore = (
  options: FlagsFromStoreOptions = {},
): Layer.Layer<FlagServices, InvalidFlagOptions, FlagStore> =>
  Layer.effectContext(
    FlagStore.use(({ source, feed }) => servicesOf({ ...options, source, ...(feed !== undefined && { feed }) })),
  );

/**
 * The same with `FlagsConfig` as its variables. Options in code stand above them; only
 * `FEATURE_FLAG_ENABLE_METRICS=false` silences a sink that is given in code too.
 */
export const flagsFromConfig = (
  options: Omit<FlagsFromStoreOptions, 'variables'> = {},
): Layer.Layer<FlagServices, InvalidFlagOptions, FlagStore> =>
  Layer.unwrap(
    FlagsConfig.pipe(
      Effect.catch(configProblems),
      Effect.map((variables) => flagsFromStore({ ...options, variables })),
    ),
  );

const servicesOf = (
  options: FlagsOptions,
): Effect.Effect<Context.Context<FlagServices>, InvalidFlagOptions, Scope.Scope> =>
  Effect.map(makeFlags(options), ({ flags, refresh, breaker, staleness }) =>
    Context.make(Flags, flags).pipe(
      Context.add(Refresh, refresh),
      Context.add(Breaker, breaker),
      Context.add(Staleness, staleness),
    ),
  );
