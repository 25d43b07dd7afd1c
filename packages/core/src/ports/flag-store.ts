import type { FlagFeed } from './feed.ts';
import type { FlagHistory } from './history.ts';
import type { FlagPublisher } from './publisher.ts';
import type { FlagSource } from './source.ts';
import type { StoreInspector } from './store-inspector.ts';
import type { StoreSetup } from './store-setup.ts';

/** What one store can be to those who use it. */
export interface StoreRoles {
  readonly source: FlagSource;
  /** Without it the store announces nothing, and is polled. */
  readonly feed: FlagFeed;
  /** Without it the store is only read. */
  readonly publisher: FlagPublisher;
  /** Without it nobody is told who changed what. */
  readonly history: FlagHistory;
  /** For people: what `clarity-flags doctor` asks. */
  readonly inspector: StoreInspector;
  /** Where something has to be made before the first publication: what `clarity-flags setup` runs. */
  readonly setup: StoreSetup;
}

/** A store: it plays the roles that are named for certain, and others perhaps. */
export type FlagStore<Certain extends keyof StoreRoles = 'source'> = Pick<StoreRoles, Certain> & {
  readonly [Role in keyof StoreRoles]?: StoreRoles[Role] | undefined;
} & {
  /** Closes all roles. Idempotent. */
  close(): Promise<void>;
};
