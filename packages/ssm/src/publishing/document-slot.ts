/** The one parameter whose write publishes a document: the parameter itself, or the manifest. */
import type { Revision } from '@clarity/flags-core/ports';
import type { StoredParameter, StoredVersion } from '../ssm-calls.ts';
import type { Write } from './lost-update.ts';

/** What the slot holds before a publication. */
export interface Held {
  readonly revision: Revision | undefined;
  /** Names this publication of it, so that a later one can say what it replaced. */
  readonly id: string;
  readonly stored: StoredParameter;
  /** Why it cannot be published upon, when it cannot. Completes "... holds something that ...". */
  readonly unreadable: string | undefined;
}

export interface Prepared {
  readonly revision: Revision;
  readonly id: string;
  readonly value: string;
  readonly description: string;
}

/** How a layout fills its slot. */
export interface DocumentSlot {
  readonly parameter: string;
  /** Writes whatever has to be there before; throws to publish nothing. `base`: the id replaced, or nothing for a restore. */
  prepare(text: string, held: Held | undefined, base: string | undefined, signal: AbortSignal): Promise<Prepared>;
  read(stored: StoredParameter): Promise<Held>;
  readWrite(version: StoredVersion): Promise<Write>;
  /** For PutParameter. */
  readonly type: 'String' | 'SecureString';
  readonly keyId: string | undefined;
  readonly tier: 'Standard' | 'Advanced' | undefined;
}

/** The id of an empty slot. */
export const ABSENT = 'absent';
