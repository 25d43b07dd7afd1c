import * as Config from 'effect/Config';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import type * as Scope from 'effect/Scope';
import { type FallbackSources, sourcesOf } from '../client/options/fallback.ts';
import { releaseAll, use } from '../client/shared-stores.ts';
import type { FlagFeed } from '../ports/feed.ts';
import type { FlagSource } from '../ports/source.ts';
import { configProblems } from './config-problems.ts';
import { type InvalidFlagOptions, invalidOptions } from './invalid-flag-options.ts';

/** What a store is to a client. */
export interface FlagStoreShape {
  /** One source, or several in order by `fallback([first, second])`. */
  readonly source: FlagSource | FallbackSources;
  /** Announces changes, for the modes `pubsub` and `both`. */
  readonly feed?: FlagFeed | undefined;
}

/** Closing a store settles within this time, whatever it does. */
const CLOSE_TIMEOUT_MS = 2_000;

/** A store such as `redisStore(options)`. */
export interface ClosableStore extends FlagStoreShape {
  close(): Promise<void>;
}

/** Where the flag document is: the layers of adapters give it, and `flagsFromStore` takes it. */
export class FlagStore extends Context.Service<FlagStore, FlagStoreShape>()('@clarity/flags-core/FlagStore') {
  /**
   * A store such as `redisStore(options)`, for the life of a scope. It is closed with the scope, and not by the clients
   * that use it meanwhile. What `open` throws at its options is `InvalidFlagOptions`.
   */
  static readonly layer = (open: () => ClosableStore): Layer.Layer<FlagStore, InvalidFlagOptions> =>
    Layer.effect(FlagStore, opened(open));

  /**
   * The same from `Config`: with what is missing or bad the layer fails by name, and without the value, which may be a
   * secret.
   */
  static readonly layerConfig = <A>(
    config: Config.Wrap<A>,
    open: (options: A) => ClosableStore,
  ): Layer.Layer<FlagStore, InvalidFlagOptions> =>
    Layer.effect(
      FlagStore,
      Effect.flatMap(Effect.catch(Config.unwrap(config), configProblems), (options) => opened(() => open(options))),
    );
}

const opened = Effect.fnUntraced(function* (
  open: () => ClosableStore,
): Effect.fn.Return<FlagStoreShape, InvalidFlagOptions, Scope.Scope> {
  const { source, feed } = yield* Effect.acquireRelease(
    Effect.try({ try: () => held(open()), catch: invalidOptions }),
    ({ release }) => Effect.promise(release),
  );
  return { source, feed };
});

/** The store with one more user, so that the last of its clients does not close it. */
function held(store: ClosableStore): FlagStoreShape & { readonly release: () => Promise<unknown> } {
  const { source, feed } = store;
  const endUse = use(new Set([...sourcesOf(source), ...(feed === undefined ? [] : [feed])]));
  return {
    source,
    feed,
    release: () => {
      endUse();
      return releaseAll([{ name: 'store', close: () => store.close() }], CLOSE_TIMEOUT_MS);
    },
  };
}
