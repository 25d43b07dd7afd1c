/** An HTTPS address as the store of Effect programs: `@clarity/flags-fetch/effect`. Needs the `effect` package. */
import { flagStore } from '@clarity/flags-core/adapter-kit';
import { FlagStore, type InvalidFlagOptions, revealed } from '@clarity/flags-core/effect';
import { fetchSource, type FetchSourceOptions } from '@clarity/flags-fetch';
import type * as Config from 'effect/Config';
import type * as Layer from 'effect/Layer';
import type * as Redacted from 'effect/Redacted';

/** What can be configured; what is left out has the default of `fetchSource`. */
export interface FetchConfig extends Pick<FetchSourceOptions, 'name' | 'maxBytes' | 'allowHttp'> {
  /** Address of the document: `Redacted` where its query holds a secret. */
  readonly url: string | URL | Redacted.Redacted;
  /** The header `authorization`, such as `Bearer …`. Sent to the origin of `url`, and to no other. */
  readonly authorization?: Redacted.Redacted;
}

/** `fetchSource(options)` for the life of a scope. A bad option fails the layer by name. */
export const fetchLayer = (options: FetchSourceOptions): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layer(() => flagStore({ source: fetchSource(options) }));

/** The same from `Config`. What is missing or bad fails the layer by name, and no secret is in the message. */
export const fetchLayerConfig = (config: Config.Wrap<FetchConfig>): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layerConfig(config, (options: FetchConfig) => {
    const { authorization, ...place } = revealed(options);
    const headers = authorization === undefined ? {} : { headers: { authorization } };
    return flagStore({ source: fetchSource({ ...place, ...headers }) });
  });
