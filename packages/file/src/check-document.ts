import { decodeDocument, StoreError } from '@clarity/flags-core/ports';

export interface DocumentRules {
  readonly maxBytes: number;
  readonly allowEmpty: boolean;
}

/** @throws StoreError `invalid` or `too-large` when the text must not be written as a flag document; the message says where it is wrong. */
export function checkDocument(text: string, path: string, rules: DocumentRules): void {
  // Half of a surrogate pair has no UTF-8: what is read back would not be what was published.
  if (/\p{Surrogate}/u.test(text)) {
    throw new StoreError(
      'invalid',
      `the document for ${path} holds half of a surrogate pair; write the whole character or escape it`,
    );
  }
  const decoded = decodeDocument(text, rules);
  if (decoded.ok) return;
  const [first] = decoded.problems;
  const others = decoded.problems.length - 1;
  const more = others === 0 ? '' : ` (and ${others} more)`;
  const reason = decoded.kind === 'too-large' ? 'too-large' : 'invalid';
  throw new StoreError(
    reason,
    `the document for ${path} was not written: ${first?.message}${more}; mend it and publish again`,
  );
}
