import { isLost, LOST_WRITES_REMEDY } from '@clarity/flags-core/adapter-kit';
import {
  formatRevision,
  isStoreError,
  type FlagPublisher,
  type PublishedRevision,
  type Revision,
} from '@clarity/flags-core/ports';
import type { FlagStore } from '@clarity/flags-core/ports';
import { EXIT, type Outcome, UsageError } from '../outcome.ts';

/** Writes a valid document if the store still holds what is expected: by default, what it holds at this moment. */
export async function publish(
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
export async function restore(store: FlagStore, text: string, signal: AbortSignal): Promise<Outcome> {
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
