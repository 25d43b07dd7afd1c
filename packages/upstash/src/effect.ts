/** Upstash as the store of Effect programs: `@clarity/flags-upstash/effect`. Needs the `effect` package. */
import { FlagStore, type InvalidFlagOptions, revealed } from '@clarity/flags-core/effect';
import { upstashStore, type UpstashStoreOptions } from '@clarity/flags-upstash';
import type * as Config from 'effect/Config';
import type * as Layer from 'effect/Layer';
import type * as Redacted from 'effect/Redacted';

/** What can be configured; what is left out has the default of `upstashStore`. */
export interface UpstashConfig extends Omit<UpstashStoreOptions, 'token' | 'allowEmpty'> {
  /** Token of the REST API; the read-only one is enough. */
  readonly token: Redacted.Redacted;
}

/** `upstashStore(options)` for the life of a scope. A bad option fails the layer by name. */
export const upstashLayer = (options: UpstashStoreOptions = {}): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layer(() => upstashStore(options));

/** The same from `Config`. What is missing or bad fails the layer by name, and no secret is in the message. */
export const upstashLayerConfig = (config: Config.Wrap<UpstashConfig>): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layerConfig(config, (options: UpstashConfig) => upstashStore(revealed(options)));
