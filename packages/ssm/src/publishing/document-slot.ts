/** The one parameter whose write publishes a document: the parameter itself, or the manifest. */
import type { CountedRevision, PublishWarning, Revision } from '@clarity/flags-core/ports';
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
  /** The publications that it stands on, newest first, where the layout keeps them. */
  readonly ancestors?: readonly CountedRevision[] | undefined;
}

/** What a publication stands on. */
export interface Asked {
  readonly held: Held | undefined;
  /** The id that is replaced, or nothing for a restore. */
  readonly base: string | undefined;
  /** The highest epoch that this publisher was told before, or 0. */
  readonly floorEpoch: number;
}

export interface Prepared {
  readonly revision: Revision;
  readonly id: string;
  readonly value: string;
  readonly description: string;
  /** What was noticed of the store meanwhile. */
  readonly warnings: readonly PublishWarning[];
}

/** How a layout fills its slot. */
export interface DocumentSlot {
  readonly parameter: string;
  /** Writes what has to be there before; throws to publish nothing. */
  prepare(text: string, asked: Asked, signal: AbortSignal): Promise<Prepared>;
  read(stored: StoredParameter): Promise<Held>;
  /**
   * `write` as it has to stand so that those adopt it who read any other of `writes`: under an epoch above theirs,
   * where there are epochs.
   */
  raise(write: Write, writes: readonly Write[]): { readonly value: string; readonly description: string };
  readWrite(version: StoredVersion): Promise<Write>;
  /** For PutParameter. */
  readonly type: 'String' | 'SecureString';
  readonly keyId: string | undefined;
  readonly tier: 'Standard' | 'Advanced' | undefined;
}

/** The id of an empty slot. */
export const ABSENT = 'absent';
