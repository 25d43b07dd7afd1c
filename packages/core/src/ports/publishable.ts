import { type DecodeLimits, decodeDocument } from '../document/decode.ts';
import { StoreError } from './store-error.ts';

/**
 * What every publisher checks before it writes.
 *
 * @throws StoreError `invalid` or `too-large` when the text must not be written as a flag document. The message says where
 * it is wrong; `destination` names the store and holds no secret.
 */
export function assertPublishable(text: string, destination: string, limits: DecodeLimits = {}): void {
  // Half of a surrogate pair has no UTF-8: what is read back would not be what was published, and no hash would match.
  if (/\p{Surrogate}/u.test(text)) {
    throw new StoreError(
      'invalid',
      `the document for ${destination} holds half of a surrogate pair; write the whole character or escape it`,
    );
  }
  const decoded = decodeDocument(text, limits);
  if (decoded.ok) return;
  const [first] = decoded.problems;
  const others = decoded.problems.length - 1;
  const more = others === 0 ? '' : ` (and ${others} more)`;
  throw new StoreError(
    decoded.kind === 'too-large' ? 'too-large' : 'invalid',
    `the document for ${destination} was not written: ${first?.message}${more}; mend it and publish again`,
  );
}
