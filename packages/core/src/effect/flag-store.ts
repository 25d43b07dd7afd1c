import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import { type FallbackSources, sourcesOf } from '../client/options/fallback.ts';
import { releaseAll, use } from '../client/shared-stores.ts';
import type { FlagFeed } from '../ports/feed.ts';
import type { FlagSource } from '../ports/source.ts';
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

/** Where the flag document is: the layers of adapters give it, and `flagsFromStore` takes it. */
export class FlagStore extends Context.Service<FlagStore, FlagStoreShape>()('@clarity/flags-core/FlagStore') {
  /**
   * A store such as `redisStore(options)`, for the life of a scope. It is closed with the scope, and not by the clients that use it
   * meanwhile. What `open` throws at its options is `InvalidFlagOptions`.
   */
  static readonly layer = (
    open: () => FlagStoreShape & { close(): Promise<void> },
  ): Layer.Layer<FlagStore, InvalidFlagOptions> =>
    Layer.effect(
      FlagStore,
      Effect.map(
        Effect.acquireRelease(
          Effect.try({
            try: () => {
              const store = open();
              const { source, feed } = store;
              return { store, endUse: use(new Set([...sourcesOf(source), ...(feed === undefined ? [] : [feed])])) };
            },
            catch: invalidOptions,
          }),
          ({ store, endUse }) =>
            Effect.promise(() => {
              endUse();
              return releaseAll([{ name: 'store', close: () => store.close() }], CLOSE_TIMEOUT_MS);
            }),
        ),
        ({ store: { source, feed } }) => ({ source, feed }),
      ),
    );
}
