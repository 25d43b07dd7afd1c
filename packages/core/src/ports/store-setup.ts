/** The role of a store that has to be prepared before anybody publishes: its tables, and who may use them. */
export interface StoreSetup {
  /** What `run` does, for a person who is to look at it first, or to do it with other rights. Holds no secret. */
  statements(rights?: StoreRights): string;
  /** Prepares the store. It may be repeated, and changes nothing then. Rejects with a `StoreError`. */
  run(rights: StoreRights, signal: AbortSignal): Promise<void>;
  /** Releases what was opened for it, and nothing that was handed to it. Idempotent. */
  close(): Promise<void>;
}

/** Who is to have which rights: names of users that are there. */
export interface StoreRights {
  readonly reader?: string;
  readonly writer?: string;
}
