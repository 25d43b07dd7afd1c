import { flagStore } from '@clarity/flags-core/adapter-kit';
import type { FlagStore } from '@clarity/flags-core/ports';
import { type SsmPublisher, ssmPublisher, type SsmPublisherOptions } from './ssm-publisher.ts';
import { ssmSource } from './ssm-source.ts';

/** Both roles over one path. Parameter Store announces nothing, so there is no feed. */
export type SsmStore = FlagStore & { readonly publisher: SsmPublisher };

/**
 * A source of the latest version and a publisher over one path.
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function ssmStore(options: SsmPublisherOptions): SsmStore {
  return flagStore({ source: ssmSource(options), publisher: ssmPublisher(options) });
}
