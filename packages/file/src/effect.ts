/** A file as the store of Effect programs: `@clarity/flags-file/effect`. Needs the `effect` package. */
import { FlagStore, type InvalidFlagOptions } from '@clarity/flags-core/effect';
import { fileStore, type FileStoreOptions } from '@clarity/flags-file';
import type * as Config from 'effect/Config';
import type * as Layer from 'effect/Layer';

/** What can be configured; what is left out has the default of `fileStore`. */
export type FileConfig = Omit<FileStoreOptions, 'allowEmpty' | 'lockStaleAfterMs'>;

/** `fileStore(options)` for the life of a scope. A bad option fails the layer by name. */
export const fileLayer = (options: FileStoreOptions): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layer(() => fileStore(options));

/** The same from `Config`. What is missing or bad fails the layer by name. */
export const fileLayerConfig = (config: Config.Wrap<FileConfig>): Layer.Layer<FlagStore, InvalidFlagOptions> =>
  FlagStore.layerConfig(config, (options: FileConfig) => fileStore(options));
