import { StoreError } from '@clarity/flags-core/ports';

/** @throws StoreError `invalid` when the text is no flag document. */
export function checkDocument(text: string, path: string): void {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'flags' in parsed) return;
  } catch {
    /* below */
  }
  throw new StoreError('invalid', `the document for ${path} is no flag document`);
}
