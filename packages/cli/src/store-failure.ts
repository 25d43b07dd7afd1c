import type { StoreError } from '@clarity/flags-core/ports';
import { EXIT } from './outcome.ts';

/**
 * How a command ends whose store failed: one code for a store that is dead, closed or empty, whatever the command. What
 * it holds and nobody can read is a finding, as an invalid document is; a page that stands before it is not.
 */
export function codeOfFailure({ reason, notADocument }: StoreError): typeof EXIT.findings | typeof EXIT.store {
  return (reason === 'invalid' || reason === 'too-large') && !notADocument ? EXIT.findings : EXIT.store;
}
