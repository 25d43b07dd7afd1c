import * as Data from 'effect/Data';
import type { RefreshFailureReason } from '../refresh/freshness.ts';

interface Told {
  /** For people. Holds no secret and no payload. */
  readonly message: string;
}

/** A circuit breaker refused the attempt. */
export class BreakerOpen extends Data.TaggedError('BreakerOpen')<{
  /**
   * When the next attempt is admitted, in milliseconds from now. While the breaker's probe runs: when that has ended at
   * the latest.
   */
  readonly retryAfterMs: number;
}> {
  override get message(): string {
    return `the circuit breaker is open; the next attempt is admitted in ${this.retryAfterMs} ms`;
  }
}

/** The store did not answer, or not with a document. */
export class StoreUnavailable extends Data.TaggedError('StoreUnavailable')<Told> {}

/** The store asked for patience. */
export class StoreThrottled extends Data.TaggedError('StoreThrottled')<
  Told & {
    /** The patience that it asked for, in milliseconds; undefined where it named none. */
    readonly retryAfterMs: number | undefined;
  }
> {}

/** The store does not know these credentials, or does not let them read. */
export class StoreUnauthorized extends Data.TaggedError('StoreUnauthorized')<Told> {}

/** The one deadline of a refresh has passed. */
export class RefreshTimedOut extends Data.TaggedError('RefreshTimedOut')<Told> {}

/** The store is up and holds no document. */
export class DocumentMissing extends Data.TaggedError('DocumentMissing')<Told> {}

/** A document arrived whole and is refused; the last good one is served. */
export class DocumentInvalid extends Data.TaggedError('DocumentInvalid')<
  Told & {
    /** Whether it is refused for its size alone. */
    readonly tooLarge: boolean;
  }
> {}

/** The store answered with an older document than the one that is served, which stays. */
export class RevisionOlder extends Data.TaggedError('RevisionOlder')<Told> {}

/** The scope of the client has closed. */
export class FlagsClosed extends Data.TaggedError('FlagsClosed')<Told> {}

/** What can become of a refresh, other than success. In each case the last good flags are served. */
export type RefreshError =
  | BreakerOpen
  | StoreUnavailable
  | StoreThrottled
  | StoreUnauthorized
  | RefreshTimedOut
  | DocumentMissing
  | DocumentInvalid
  | RevisionOlder
  | FlagsClosed;

interface Failure extends Told {
  readonly retryAfterMs?: number | undefined;
}

/** One for each reason: a reason that is added without an error does not compile. */
const BY_REASON: Readonly<Record<RefreshFailureReason, (failure: Failure) => RefreshError>> = {
  circuit_breaker_open: ({ retryAfterMs = 0 }) => new BreakerOpen({ retryAfterMs: Math.ceil(retryAfterMs) }),
  unavailable: ({ message }) => new StoreUnavailable({ message }),
  conflict: ({ message }) => new StoreUnavailable({ message }),
  throttled: ({ message, retryAfterMs }) => new StoreThrottled({ message, retryAfterMs }),
  unauthorized: ({ message }) => new StoreUnauthorized({ message }),
  timeout: ({ message }) => new RefreshTimedOut({ message }),
  'not-found': ({ message }) => new DocumentMissing({ message }),
  // What arrived is not a document at all, such as a page of a proxy: see `invalid_document` for one that is.
  invalid: ({ message }) => new StoreUnavailable({ message }),
  invalid_document: ({ message }) => new DocumentInvalid({ message, tooLarge: false }),
  'too-large': ({ message }) => new DocumentInvalid({ message, tooLarge: true }),
  older_revision: ({ message }) => new RevisionOlder({ message }),
  closed: ({ message }) => new FlagsClosed({ message }),
};

/** The error that says the same as a failure of the plain client. */
export const refreshError = (failure: Failure & { readonly reason: RefreshFailureReason }): RefreshError =>
  BY_REASON[failure.reason](failure);
