import { isLost, LOST_WRITES_REMEDY } from '@clarity/flags-core/adapter-kit';
import {
  formatRevision,
  isStoreError,
  type FlagPublisher,
  type PublishedRevision,
  type Revision,
} from '@clarity/flags-core/ports';
import type { FlagStore } from '@clarity/flags-core/ports';
import { confirm } from '../confirm.ts';
import { EXIT, type Outcome, UsageError } from '../outcome.ts';
import { readDocument } from '../read-document.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';
import { judgeFile, type Verdict } from './validate.ts';

export interface PublishOptions {
  readonly expect?: string;
}

export interface RestoreOptions {
  readonly yes?: boolean;
}

export async function performPublish(call: Call<PublishOptions>): Promise<Outcome> {
  const [address = '', path = ''] = call.words;
  const sound = await soundText(path, call);
  if (typeof sound !== 'string') return sound;
  return withStore(call, address, (store, within) =>
    within((signal) => publish(store, sound, call.options.expect, signal)),
  );
}

export async function performRestore(call: Call<RestoreOptions>): Promise<Outcome> {
  const [address = '', path = ''] = call.words;
  const sound = await soundText(path, call);
  if (typeof sound !== 'string') return sound;
  return withStore(call, address, async (store, within) => {
    if (call.options.yes !== true) {
      const { name } = store.source;
      await confirm(call, 'restore', `Restore ${name}, and replace what it holds?`);
    }
    return within((signal) => restore(store, sound, signal));
  });
}

/** The text of a file that may be written, or why it is not. */
async function soundText(path: string, { around }: Call): Promise<string | Outcome> {
  const file = await readDocument(path, around);
  const verdict = judgeFile(file);
  return verdict.code === EXIT.ok && file.text !== undefined ? file.text : unwritten(verdict);
}

/** A verdict may sound good (valid, with one flag set aside) and still be the reason for writing nothing. */
function unwritten({ code, value, lines }: Verdict): Outcome {
  return {
    code,
    value: { ...value, written: false },
    lines: [...lines, { text: 'nothing was written', tone: 'bad' }],
  };
}

/** Writes a valid document if the store still holds what is expected: by default, what it holds at this moment. */
async function publish(
  store: FlagStore,
  text: string,
  expect: string | undefined,
  signal: AbortSignal,
): Promise<Outcome> {
  const publisher = publisherOf(store);
  const held = await heldBy(store, signal);
  if (expect !== undefined && !isNamed(held, expect)) {
    const found = `the store holds ${nameOf(held)} and not ${expect}`;
    return conflict(isLost(revisionNamed(expect), held, Date.now()) ? `${found}, ${LOST_WRITES_REMEDY}` : found, held);
  }
  try {
    const revision = await publisher.publish(text, held ?? 'absent', signal);
    return written('published', store, revision, held);
  } catch (error) {
    if (isStoreError(error) && error.reason === 'conflict') return conflict(error.message, held);
    throw error;
  }
}

/** Writes a valid document over anything that the store holds. */
async function restore(store: FlagStore, text: string, signal: AbortSignal): Promise<Outcome> {
  const publisher = publisherOf(store);
  return written('restored', store, await publisher.restore(text, signal), undefined);
}

function publisherOf(store: FlagStore): FlagPublisher {
  if (store.publisher === undefined) throw new UsageError(`${store.source.name} can only be read`);
  return store.publisher;
}

async function heldBy(store: FlagStore, signal: AbortSignal): Promise<Revision | undefined> {
  try {
    return (await store.source.read(undefined, signal)).revision;
  } catch (error) {
    if (isStoreError(error) && error.reason === 'not-found') return undefined;
    // A bad document may be published over; its revision is then known if the store told it.
    if (isStoreError(error) && error.revision !== undefined) return error.revision;
    throw error;
  }
}

function nameOf(revision: Revision | undefined): string {
  return revision === undefined ? 'absent' : formatRevision(revision);
}

/** Whether this is how people, or JSON with its whole hash, name the revision. */
function isNamed(revision: Revision | undefined, expect: string): boolean {
  return (
    expect === nameOf(revision) || (revision !== undefined && !('version' in revision) && expect === revision.hash)
  );
}

/** What `nameOf` gave of a revision that counts; hashes have no order, so nothing is known of others. */
function revisionNamed(expect: string): Revision | 'absent' {
  const [, epoch, version] = /^(\d{1,16})\.(\d{1,16})$/.exec(expect) ?? [];
  return epoch === undefined || version === undefined ? 'absent' : { epoch: Number(epoch), version: Number(version) };
}

function written(
  how: 'published' | 'restored',
  store: FlagStore,
  { warnings = [], ...revision }: PublishedRevision,
  before: Revision | undefined,
): Outcome {
  return {
    code: EXIT.ok,
    value: { store: store.source.name, revision, expect: nameOf(revision), before: before ?? null, warnings },
    lines: [{ text: `${how} as ${formatRevision(revision)} to ${store.source.name}`, tone: 'good' }],
    warnings: warnings.map(({ message }) => message),
  };
}

function conflict(message: string, held: Revision | undefined): Outcome {
  return {
    code: EXIT.conflict,
    value: { conflict: message, held: held ?? null },
    lines: [
      { text: `conflict: ${message}; look at what is there (clarity-flags show) and publish again`, tone: 'bad' },
    ],
  };
}
