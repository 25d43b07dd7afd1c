import { decodeReading } from '@clarity/flags-core/adapter-kit';
import { decodeDocument, type FlagDocument } from '@clarity/flags-core/document';
import { isStoreError, type Revision } from '@clarity/flags-core/ports';
import type { FlagStore } from '@clarity/flags-core/ports';
import { readStore } from '../read-store.ts';

/** What a store holds before something is written to it. */
export interface Held {
  /** Undefined: nothing. */
  readonly revision: Revision | undefined;
  readonly text?: string;
  /** As far as it can be read. Left out where nothing of it can. */
  readonly document?: FlagDocument;
}

const NOTHING: FlagDocument = { schemaVersion: 1, flags: {} };

/** @throws StoreError when that cannot be known */
export async function readHeld(store: FlagStore, signal: AbortSignal): Promise<Held> {
  try {
    const reading = await readStore(store, signal);
    const decoded = decodeReading(reading, decodeDocument);
    const readable = decoded.ok ? decoded : decoded.rest;
    const { revision, text } = reading;
    return { revision, text, ...(readable !== undefined && { document: readable.document }) };
  } catch (error) {
    if (isStoreError(error) && error.reason === 'not-found') return { revision: undefined, document: NOTHING };
    // A bad document may be published over; its revision is then known if the store told it.
    if (isStoreError(error) && error.revision !== undefined) return { revision: error.revision };
    throw error;
  }
}
