import type { FlagSource, ReadDocument, Revision } from '@clarity/flags-core/ports';
import { EVENTUALLY_MS, expectThat, never, within } from './expectations.ts';

export function read(source: FlagSource, known: Revision | undefined): ReturnType<FlagSource['read']> {
  return within(EVENTUALLY_MS, 'the end of a read', source.read(known, never()));
}

/** Of a read that must give one. */
export async function readDocument(source: FlagSource, known: Revision | undefined): Promise<ReadDocument> {
  const result = await read(source, known);
  expectThat(result.kind === 'document', 'the read says unchanged and should give a document');
  return result;
}
