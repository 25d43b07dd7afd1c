import { type ReadDocument, StoreError } from '@clarity/flags-core/ports';
import type { FlagStore } from '@clarity/flags-core/ports';
import { tooLate } from './deadline.ts';

/** The document of a store. @throws StoreError */
export async function readStore(store: FlagStore, signal: AbortSignal): Promise<ReadDocument> {
  const result = await store.source.read(undefined, signal).catch((error: unknown) => {
    throw tooLate(signal) ?? error;
  });
  if (result.kind === 'document') return result;
  throw new StoreError('invalid', `${store.source.name} says "unchanged" to somebody who knows nothing`);
}
