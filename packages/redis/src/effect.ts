/** Redis as the store of Effect programs: `@clarity/flags-redis/effect`. Needs the `effect` package. */
import { FlagStore, type InvalidFlagOptions, revealed } from '@clarity/flags-core/effect';
import { type DocumentOptions, type RedisPlace, redisStore, type RedisStoreOptions } from '@clarity/flags-redis';
import type * as Config from 'effect/Config';
import type * as Layer from 'effect/Layer';
import type * as Redacted from 'effect/Redacted';

/** What can be configured; what is left out has the default of `redisStore`. */
export interface RedisConfig extends RedisPlace, DocumentOptions, Pick<RedisStoreOptions, 'heartbeatMs'> {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. */
  readonly url: Redacted.Redacted;
}

/** `redisStore(options)` for the life of a scope. A bad option fails the layer by name. */
export const redisLayer = (options: RedisStoreOptions): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layer(() => redisStore(options));

/** The same from `Config`. What is missing or bad fails the layer by name, and no secret is in the message. */
export const redisLayerConfig = (config: Config.Wrap<RedisConfig>): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layerConfig(config, (options: RedisConfig) => redisStore(revealed(options)));
