import type { FlagSource } from '@clarity/flags-core/ports';
import { type SsmPublisher, ssmPublisher, type SsmPublisherOptions } from './ssm-publisher.ts';
import { ssmSource } from './ssm-source.ts';

/** Both roles over one path. Parameter Store announces nothing, so there is no feed. */
export interface SsmStore {
  readonly source: FlagSource;
  readonly publisher: SsmPublisher;
  /** Closes both. Idempotent. */
  close(): Promise<void>;
}

/**
 * A source of the latest version and a publisher over one path.
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function ssmStore(options: SsmPublisherOptions): SsmStore {
  const source = ssmSource(options);
  const publisher = ssmPublisher(options);
  return {
    source,
    publisher,
    close: async () => {
      await Promise.all([source.close(), publisher.close()]);
    },
  };
}
