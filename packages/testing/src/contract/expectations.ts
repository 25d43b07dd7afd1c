/** What checks assert with: plain functions, so that a suite runs under any test framework. */
import { isStoreError, STORE_ERROR_REASONS, type StoreError, type StoreErrorReason } from '@clarity/flags-core/ports';
import { ContractViolation } from './check.ts';

/** A call that is stopped must settle within this time, in milliseconds. */
export const PROMPTLY_MS = 1_000;
/** What else is awaited must come within this time, in milliseconds. */
export const EVENTUALLY_MS = 5_000;

export function expectThat(holds: boolean, violation: string): asserts holds {
  if (!holds) throw new ContractViolation(violation);
}

export function expectSame(found: unknown, expected: unknown, what: string): void {
  const [a, b] = [stable(found), stable(expected)];
  expectThat(a === b, `${what} is ${shorten(a)} and should be ${shorten(b)}`);
}

/** JSON with sorted keys. */
function stable(value: unknown): string {
  const sorted = (_key: string, inner: unknown): unknown =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return value === undefined ? 'undefined' : JSON.stringify(value, sorted);
}

function shorten(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}... (${text.length} characters)` : text;
}

/** The promise's outcome, or a violation when there is none after `ms` milliseconds. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ContractViolation(`${what} did not happen within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export interface Expected {
  /** Completes the sentence "... should reject". */
  readonly what: string;
  readonly secrets: readonly string[];
  /** Default: any of the closed set. */
  readonly reasons?: readonly StoreErrorReason[];
  readonly ms?: number;
}

/**
 * The `StoreError` that the promise rejects with. Every rejection that a suite sees passes here, so every message is
 * searched for secrets.
 */
export async function expectRejection(promise: Promise<unknown>, expected: Expected): Promise<StoreError> {
  const { what, secrets, reasons, ms = EVENTUALLY_MS } = expected;
  const outcome = await within(
    ms,
    `the settling of ${what}`,
    promise.then(
      () => ({ rejected: false, error: undefined }) as const,
      (error: unknown) => ({ rejected: true, error }) as const,
    ),
  );
  expectThat(outcome.rejected, `${what} should reject and resolved`);
  return expectStoreError(outcome.error, { what, secrets, ...(reasons !== undefined && { reasons }) });
}

export function expectStoreError(error: unknown, expected: Expected): StoreError {
  const { what, secrets, reasons } = expected;
  expectThat(isStoreError(error), `${what} should reject with a StoreError and did so with ${describe(error)}`);
  expectThat(
    STORE_ERROR_REASONS.includes(error.reason),
    `${what}: the reason "${error.reason}" is not of the closed set`,
  );
  expectThat(typeof error.retryable === 'boolean', `${what}: retryable is not a boolean`);
  expectThat(typeof error.message === 'string' && error.message !== '', `${what}: the message is empty`);
  expectNoSecret(error.message, secrets, what);
  expectNoSecret(String(error), secrets, what);
  if (reasons !== undefined) {
    expectThat(
      reasons.includes(error.reason),
      `${what} should be refused as ${reasons.join(' or ')} and was as ${error.reason}: ${error.message}`,
    );
  }
  return error;
}

/** Never repeats the secret: a failing check's message ends in somebody's log. */
function expectNoSecret(text: string, secrets: readonly string[], what: string): void {
  const shown = secrets.findIndex((secret) => secret !== '' && text.includes(secret));
  expectThat(shown === -1, `${what} shows secret number ${shown + 1} of the harness`);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Ports are known to people by their name. */
export function expectName(name: unknown, secrets: readonly string[]): void {
  expectThat(typeof name === 'string' && name.trim() !== '', 'the name is empty');
  expectThat(name.length <= 100, `the name has ${name.length} characters and at most 100 are allowed`);
  expectNoSecret(name, secrets, 'the name');
}

/** A signal that never aborts. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** Lets everything that is ready run: microtasks, and one round of timers. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** Tries until it holds, for stores that need a moment after they were mended. */
export async function eventually(what: string, attempt: () => Promise<void>): Promise<void> {
  const deadlineMs = performance.now() + EVENTUALLY_MS;
  for (;;) {
    try {
      await within(EVENTUALLY_MS, what, attempt());
      return;
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  }
}
