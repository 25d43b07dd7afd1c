import type { FlagFeed, FlagPublisher, FlagSource, StoreInspector } from '@clarity/flags-core/ports';

/** The roles that a store can play. */
export interface Store {
  readonly source: FlagSource;
  /** Undefined where the store cannot announce changes: it is polled. */
  readonly feed: FlagFeed | undefined;
  /** Undefined where it is only read. */
  readonly publisher: FlagPublisher | undefined;
  /** Where the store tells more of itself than readers need: what it would lose, and whether it was restarted. */
  readonly inspector?: StoreInspector;
  /** Closes all of them. Idempotent. */
  close(): Promise<void>;
}
