/** Postgres as the store of Effect programs: `@clarity/flags-postgres/effect`. Needs the `effect` package. */
import { FlagStore, type InvalidFlagOptions, revealed } from '@clarity/flags-core/effect';
import {
  type DocumentOptions,
  type PostgresPlace,
  postgresStore,
  type PostgresStoreOptions,
} from '@clarity/flags-postgres';
import type * as Config from 'effect/Config';
import type * as Layer from 'effect/Layer';
import type * as Redacted from 'effect/Redacted';

/** What can be configured; what is left out has the default of `postgresStore`. */
export interface PostgresConfig extends PostgresPlace, DocumentOptions, Pick<PostgresStoreOptions, 'heartbeatMs'> {
  /** `postgres://user:password@host:5432/database`, with `?sslmode=require` for TLS. */
  readonly url: Redacted.Redacted;
}

/** `postgresStore(options)` for the life of a scope. A bad option fails the layer by name. */
export const postgresLayer = (options: PostgresStoreOptions): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layer(() => postgresStore(options));

/** The same from `Config`. What is missing or bad fails the layer by name, and no secret is in the message. */
export const postgresLayerConfig = (config: Config.Wrap<PostgresConfig>): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layerConfig(config, (options: PostgresConfig) => postgresStore(revealed(options)));
