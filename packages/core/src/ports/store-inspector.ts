/**
 * The role of a store that tells people of itself what no reader of flags needs: what it would lose, and whether it was
 * restarted.
 */
export interface StoreInspector {
  /**
   * Asks the store, and writes nothing. What this user may not ask is said in a finding, with the right that is
   * missing. Rejects with a `StoreError` when the store cannot be asked at all.
   */
  inspect(signal: AbortSignal): Promise<StoreInspection>;
  /** Releases what was opened for it, and nothing that was handed to it. Idempotent. */
  close(): Promise<void>;
}

export interface StoreInspection {
  /** The store's clock (Unix milliseconds), where it tells. */
  readonly storeTimeMs?: number;
  readonly findings: readonly StoreFinding[];
}

export interface StoreFinding {
  /**
   * `restart`: whether the server is still the one of the last publication. `persistence`: what it would lose of what
   * it confirmed.
   */
  readonly check: 'restart' | 'persistence';
  readonly state: 'good' | 'doubtful' | 'bad';
  /** For people. Holds no secret. */
  readonly message: string;
}
