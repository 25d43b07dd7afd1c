import type { Revision } from '../document/revision.ts';

/** Why a store could not do what was asked: a closed set, so that breaker, metrics and alerts can count by it. */
export type StoreErrorReason =
  | 'unavailable'
  | 'timeout'
  | 'unauthorized'
  | 'throttled'
  | 'not-found'
  | 'invalid'
  | 'too-large'
  | 'conflict';

/** Reasons in the order of the design, for metric labels and checks. */
export const STORE_ERROR_REASONS: readonly StoreErrorReason[] = [
  'unavailable',
  'timeout',
  'unauthorized',
  'throttled',
  'not-found',
  'invalid',
  'too-large',
  'conflict',
];

export interface StoreErrorDetails {
  /** Whether the same call may succeed a moment later. Default: true for unavailable, timeout and throttled. */
  readonly retryable?: boolean;
  /** How long the store asked us to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs?: number;
  /**
   * For `invalid`: true when the answer was not a document at all (an HTML page, a body cut short). That says the store
   * is down and the breaker counts it; a document that arrived whole and is bad leaves the breaker alone.
   */
  readonly notADocument?: boolean;
  /** What the store holds now, when the source knows it although it cannot read it. */
  readonly revision?: Revision;
  readonly cause?: unknown;
}

/**
 * The only error that a port rejects with. It is recognised by its tag and not by its class, because an application may
 * hold two copies of this module. The message never holds a credential or a payload.
 */
export class StoreError extends Error {
  readonly _tag = 'StoreError';
  readonly reason: StoreErrorReason;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly notADocument: boolean;
  readonly revision: Revision | undefined;

  constructor(reason: StoreErrorReason, message: string, details: StoreErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'StoreError';
    this.reason = reason;
    this.retryable = details.retryable ?? (reason === 'unavailable' || reason === 'timeout' || reason === 'throttled');
    this.retryAfterMs = waitOf(details.retryAfterMs);
    this.notADocument = details.notADocument ?? false;
    this.revision = details.revision;
  }
}

export function isStoreError(error: unknown): error is StoreError {
  return typeof error === 'object' && error !== null && '_tag' in error && error._tag === 'StoreError';
}

/**
 * Any rejection as a `StoreError`. What an adapter did not classify counts as unavailable; its own message is kept out,
 * because client libraries put whole commands and addresses with passwords into theirs. The cause still holds it for
 * a debugger.
 */
export function toStoreError(error: unknown, what: string): StoreError {
  if (isStoreError(error)) {
    const { reason, message, retryAfterMs, retryable, notADocument, revision } = error;
    if (STORE_ERROR_REASONS.includes(reason) && waitOf(retryAfterMs) === retryAfterMs) return error;
    // Made by another hand than ours, and not quite as it should be: what is usable of it is used.
    return new StoreError(STORE_ERROR_REASONS.includes(reason) ? reason : 'unavailable', message, {
      ...(typeof retryable === 'boolean' && { retryable }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(revision !== undefined && { revision }),
      notADocument,
      cause: error,
    });
  }
  const name = error instanceof Error ? error.name : typeof error;
  return new StoreError('unavailable', `${what} failed with ${name}; the adapter gave no reason`, { cause: error });
}

const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** A wait that timers can keep; a date that was no date comes as NaN. */
function waitOf(ms: number | undefined): number | undefined {
  return ms === undefined || !(ms >= 0) ? undefined : Math.min(ms, LONGEST_WAIT_MS);
}
