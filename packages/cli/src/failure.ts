import { isStoreError } from '@clarity/flags-core/ports';
import { EXIT, type ExitCode } from './outcome.ts';
import { codeOfFailure } from './store-failure.ts';

/** By their names: what defines them is loaded only with a store. */
const USAGE_ERRORS: ReadonlySet<string> = new Set([
  'UsageError',
  'StoreAddressError',
  'MissingAdapterError',
  'TypeError',
  'RangeError',
]);

/** How a command ends that threw this, and what it says. */
export function failureOf(error: unknown): { readonly code: ExitCode; readonly message: string } {
  if (isStoreError(error)) return { code: codeOfFailure(error), message: `${error.reason}: ${error.message}` };
  const isUsage = error instanceof Error && USAGE_ERRORS.has(error.name);
  return { code: isUsage ? EXIT.usage : EXIT.store, message: error instanceof Error ? error.message : String(error) };
}
