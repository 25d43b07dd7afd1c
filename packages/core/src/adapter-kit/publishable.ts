import { type DecodeLimits, decodeDocument } from '../document/decode.ts';
import type { CountedRevision, Revision } from '../document/revision.ts';
import { describeOption } from './adapter-options.ts';
import { StoreError, type StoreErrorReason } from '../ports/store-error.ts';

/**
 * What every publisher checks before it writes; also that callers without types gave a text, and something to compare
 * with (`any` for a restore).
 *
 * @throws StoreError `invalid` or `too-large` when the text must not be written as a flag document. The message says
 * where it is wrong; `destination` names the store and holds no secret.
 */
export function assertPublishable(
  text: string,
  destination: string,
  expected: Revision | 'absent' | 'any',
  limits: DecodeLimits = {},
): void {
  const refuse = (reason: StoreErrorReason, found: string): never => {
    throw new StoreError(reason, `the document for ${destination} was not written: ${found}`);
  };
  const { hash, version }: Partial<CountedRevision> = Object(expected);
  if (expected !== 'absent' && expected !== 'any' && typeof hash !== 'string' && typeof version !== 'number') {
    refuse(
      'invalid',
      `the expected revision is ${describeOption(expected)}; allowed is the one that was read, or 'absent'`,
    );
  }
  if (typeof text !== 'string') refuse('invalid', `it is ${describeOption(text)}; allowed is JSON text`);
  // Half of a surrogate pair has no UTF-8: what is read back would not be what was published, and no hash would match.
  if (/\p{Surrogate}/u.test(text)) {
    refuse('invalid', 'it holds half of a surrogate pair; write the whole character or escape it');
  }
  // Only true allows it: the text "false" of a variable does not.
  const decoded = decodeDocument(text, { ...limits, allowEmpty: limits.allowEmpty === true });
  if (decoded.ok) return;
  const [first] = decoded.problems;
  const others = decoded.problems.length - 1;
  const more = others === 0 ? '' : ` (and ${others} more)`;
  refuse(decoded.kind === 'too-large' ? 'too-large' : 'invalid', `${first?.message}${more}; mend it and publish again`);
}
