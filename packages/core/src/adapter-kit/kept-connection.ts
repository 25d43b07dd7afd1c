import type { StoreError } from '../ports/store-error.ts';

/** A connection on which a feed hears its store, for one life: once lost, it is not made again. */
export interface KeptConnection {
  /** Resolves, once the connection is gone, with the reason. Never rejects. */
  readonly lost: Promise<StoreError>;
  /** Asks for a sign of life. An error reply is one too. */
  ping(): Promise<unknown>;
  /** Whether this connection keeps the process alive. */
  keepAlive(keep: boolean): void;
  /** Ends it at once, also with a server that hangs. Idempotent. */
  end(reason?: StoreError): void;
}
