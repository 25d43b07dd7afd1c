/** Parameter Store as the store of Effect programs: `@clarity/flags-ssm/effect`. Needs the `effect` package. */
import { flagStore } from '@clarity/flags-core/adapter-kit';
import { FlagStore, type InvalidFlagOptions, revealed } from '@clarity/flags-core/effect';
import { ssmSource, type SsmSourceOptions, type SsmStoreOptions } from '@clarity/flags-ssm';
import type * as Config from 'effect/Config';
import type * as Layer from 'effect/Layer';
import type * as Redacted from 'effect/Redacted';

/** What can be configured; what is left out has the default of `ssmSource`. */
export interface SsmConfig extends Omit<SsmStoreOptions, 'client' | 'credentials'> {
  readonly layout: SsmSourceOptions['layout'];
  /** Only versions with this label. */
  readonly label?: string;
  /** Default: the SDK's chain (variables, profile, container or instance role). */
  readonly credentials?: SsmCredentialsConfig;
}

/** A fixed identity. */
export interface SsmCredentialsConfig {
  readonly accessKeyId: string;
  readonly secretAccessKey: Redacted.Redacted;
  readonly sessionToken?: Redacted.Redacted;
}

/** `ssmSource(options)` for the life of a scope. A bad option fails the layer by name. */
export const ssmLayer = (options: SsmSourceOptions): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layer(() => flagStore({ source: ssmSource(options) }));

/** The same from `Config`. What is missing or bad fails the layer by name, and no secret is in the message. */
export const ssmLayerConfig = (config: Config.Wrap<SsmConfig>): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layerConfig(config, ({ credentials, ...place }: SsmConfig) => {
    const identity = credentials === undefined ? {} : { credentials: revealed(credentials) };
    return flagStore({ source: ssmSource({ ...revealed(place), ...identity }) });
  });
