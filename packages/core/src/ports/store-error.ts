import { LONGEST_TIMEOUT_MS } from './longest-timeout.ts';
import type { Revision } from '../document/revision.ts';
import { isCalledOff } from './called-off.ts';

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
  /**
   * True when the store was not asked, because our host called the attempt off: it says nothing of the store, and
   * neither breaker nor health counts it.
   */
  readonly calledOff?: boolean;
  readonly cause?: unknown;
}

/** What decisions need to know of a read that failed: a `StoreError` without being an error. */
export interface StoreFailure {
  readonly reason: StoreErrorReason;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly notADocument: boolean;
  readonly revision: Revision | undefined;
  readonly calledOff: boolean;
}

export function failure(reason: StoreErrorReason, message: string, details: StoreErrorDetails = {}): StoreFailure {
  const { retryable, retryAfterMs, notADocument = false, revision, calledOff = false } = details;
  const wait = Number(retryAfterMs);
  return {
    reason,
    message,
    retryable: typeof retryable === 'boolean' ? retryable : ['unavailable', 'timeout', 'throttled'].includes(reason),
    // `Number(undefined)` and that of other values without a number is NaN, which fails this comparison.
    retryAfterMs: wait >= 0 ? Math.min(wait, LONGEST_TIMEOUT_MS) : undefined,
    notADocument,
    revision,
    calledOff,
  };
}

/**
 * The only error that a port rejects with. It is recognised by its tag and not by its class, because an application may
 * hold two copies of this module. The message never holds a credential or a payload.
 */
export class StoreError extends Error implements StoreFailure {
  readonly _tag = 'StoreError';
  readonly reason: StoreErrorReason;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly notADocument: boolean;
  readonly revision: Revision | undefined;
  readonly calledOff: boolean;

  constructor(reason: StoreErrorReason, message: string, details: StoreErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    const { retryable, retryAfterMs, notADocument, revision, calledOff } = failure(reason, message, details);
    this.name = 'StoreError';
    this.reason = reason;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.notADocument = notADocument;
    this.revision = revision;
    this.calledOff = calledOff;
  }
}

export function isStoreError(error: unknown): error is StoreError {
  return (Object(error) as { readonly _tag?: unknown })._tag === 'StoreError';
}

/**
 * What any rejection says. What an adapter did not classify counts as unavailable; its own message is kept out, because
 * client libraries put whole commands and addresses with passwords into theirs.
 */
export function failureOf(error: unknown, what: string): StoreFailure {
  if (!isStoreError(error)) {
    if (isCalledOff(error)) return calledOffError(what);
    const name = error instanceof Error ? error.name : typeof error;
    return failure('unavailable', `${what} failed with ${name}; the adapter gave no reason`);
  }
  // Made by another hand than ours, perhaps, and not quite as it should be: what is usable of it is used.
  const { reason, message } = error;
  return failure(
    STORE_ERROR_REASONS.includes(reason) ? reason : 'unavailable',
    typeof message === 'string' ? message : what,
    error as StoreErrorDetails,
  );
}

/** For what `isCalledOff`; without the cause, whose message may hold a whole address. */
export function calledOffError(what: string): StoreError {
  return new StoreError(
    'unavailable',
    `${what} was called off by the framework, as by Next while it renders a page ahead of requests; the next request reads`,
    { retryable: false, calledOff: true },
  );
}

/**
 * Any rejection as a `StoreError`: itself if it is one of ours, and as it should be. The cause of another still holds
 * its message for a debugger.
 */
export function toStoreError(error: unknown, what: string): StoreError {
  const told = failureOf(error, what);
  if (told instanceof StoreError) return told;
  if (error instanceof StoreError && error.reason === told.reason) return error;
  return new StoreError(told.reason, told.message, { ...told, cause: error } as StoreErrorDetails);
}
