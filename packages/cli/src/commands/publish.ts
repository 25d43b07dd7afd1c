import { neededVersions } from '@clarity/flags-changes';
import { isLost, LOST_WRITES_REMEDY, printableLine } from '@clarity/flags-core/adapter-kit';
import { decodeDocument, type FlagDocument } from '@clarity/flags-core/document';
import {
  formatRevision,
  isStoreError,
  type FlagPublisher,
  type PublishedRevision,
  type Revision,
  type StoreError,
} from '@clarity/flags-core/ports';
import type { FlagStore } from '@clarity/flags-core/ports';
import { confirm } from '../confirm.ts';
import { EXIT, type Line, type Outcome, UsageError } from '../outcome.ts';
import { needLines } from '../needs.ts';
import { readDocument } from '../read-document.ts';
import type { Call } from '../verb.ts';
import { styled } from '../styled.ts';
import { type Within, withStore } from '../with-store.ts';
import { compare, type Compared } from './differences.ts';
import { type Held, readHeld } from './held.ts';
import { noteOf, type NoteOptions } from './note.ts';
import { judgeFile, type Verdict } from '../review/verdict.ts';

export interface PublishOptions extends NoteOptions {
  readonly expect?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export interface RestoreOptions extends NoteOptions {
  readonly yes?: boolean;
}

export async function performPublish(call: Call<PublishOptions>): Promise<Outcome> {
  const [address = '', path = ''] = call.words;
  const sound = await soundText(path, call);
  if (typeof sound !== 'string') return sound;
  return withStore(call, address, (store, within) => publish(store, sound, call, within));
}

export async function performRestore(call: Call<RestoreOptions>): Promise<Outcome> {
  const [address = '', path = ''] = call.words;
  const sound = await soundText(path, call);
  if (typeof sound !== 'string') return sound;
  return withStore(call, address, (store, within) => restore(store, sound, call, within));
}

/** The text of a file that may be written, or why it is not. */
async function soundText(path: string, { around }: Call): Promise<string | Outcome> {
  const file = await readDocument(path, around);
  const verdict = judgeFile(file);
  if (verdict.code === EXIT.ok && file.text !== undefined) return file.text;
  return unwritten(verdict, file.text !== undefined && isShown(file.text));
}

/** Whether it is what show prints, with a document inside. */
function isShown(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'document' in value && 'revision' in value;
  } catch {
    return false;
  }
}

/** A verdict may sound good (valid, with one flag set aside) and still be the reason for writing nothing. */
function unwritten({ code, value, lines }: Verdict, isShown: boolean): Outcome {
  const hint = 'this is what show prints about a document; the document alone is what show --raw prints';
  return {
    code,
    value: { ...value, written: false, ...(isShown && { hint }) },
    lines: [...lines, ...(isShown ? [{ text: hint }] : []), { text: 'nothing was written', tone: 'bad' }],
  };
}

/**
 * Writes a valid document if the store still holds what is expected: by default, what it holds at this moment. What
 * reaches everybody at once is asked about.
 */
export async function publish(
  store: FlagStore,
  text: string,
  call: Call<PublishOptions>,
  within: Within,
  about: About = {},
): Promise<Outcome> {
  const { expect, dryRun = false, yes = false } = call.options;
  const publisher = publisherOf(store);
  const { revision: held, ...before } = about.held ?? (await within((signal) => readHeld(store, signal)));
  if (expect !== undefined && !isNamed(held, expect)) {
    const found = `the store holds ${nameOf(held)} and not ${expect}`;
    return conflict(isLost(revisionNamed(expect), held, Date.now()) ? `${found}, ${LOST_WRITES_REMEDY}` : found, held);
  }
  if (held !== undefined && before.text === text) return unchanged(store, held);
  const found = compareToHeld(before.document, documentIn(text));
  const compared = { ...found, lines: [...found.lines, ...(about.lines ?? [])], about: about.value };
  if (dryRun) return tried(store, held, compared);
  if (!yes && compared.questions.length > 0) await askAbout(compared, store, call);
  try {
    const note = await noteOf(call, compared.differences, about.instructions);
    const revision = await within((signal) => publisher.publish(text, held ?? 'absent', signal, note));
    return written('published', store, revision, held, compared);
  } catch (error) {
    if (isStoreError(error) && error.reason === 'conflict') return conflict(error.message, held);
    throw error;
  }
}

/** What else is told of a publication, and kept in its history. */
export interface About {
  /** What the text was made of: it is published upon that and nothing newer. By default what the store holds now. */
  readonly held?: Held;
  readonly lines?: readonly Line[];
  readonly value?: object;
  readonly instructions?: readonly unknown[];
}

/** Of a text that was judged sound. */
function documentIn(text: string): FlagDocument {
  const decoded = decodeDocument(text);
  if (!decoded.ok) throw new TypeError(decoded.problems[0]!.message);
  return decoded.document;
}

/** Shows what differs and asks for a yes. @throws UsageError without one */
async function askAbout({ lines, questions }: AgainstHeld, store: FlagStore, call: Call): Promise<void> {
  const { stdin, stderr } = call.around;
  if (!stdin.isTTY || !stderr.isTTY) {
    const [first = ''] = questions;
    const others = questions.length > 1 ? `, and ${questions.length - 1} more` : '';
    throw new UsageError(
      `nothing was written: ${first}${others}; say --yes if that is meant, and --dry-run to see what differs`,
    );
  }
  show(lines, call);
  await confirm(call, 'publish', `Publish to ${printableLine(store.source.name)}?`);
}

/** The same text again: there is nothing to write. */
function unchanged(store: FlagStore, held: Revision): Outcome {
  return {
    code: EXIT.ok,
    value: {
      store: store.source.name,
      revision: held,
      expect: nameOf(held),
      before: held,
      unchanged: true,
      differences: [],
      needs: [],
      warnings: [],
    },
    lines: [
      {
        text: `${store.source.name} holds this document already, as ${nameOf(held)}: nothing to write. A new revision of it comes by restore`,
      },
    ],
  };
}

function tried(store: FlagStore, held: Revision | undefined, compared: AgainstHeld): Outcome {
  return {
    code: EXIT.ok,
    value: {
      store: store.source.name,
      dryRun: true,
      expect: nameOf(held),
      before: held ?? null,
      differences: compared.differences,
      needs: compared.needs,
      ...compared.about,
    },
    lines: [
      ...compared.lines,
      { text: `nothing was written: a dry run against ${nameOf(held)} of ${store.source.name}` },
    ],
  };
}

/** In what a document differs from what the store holds. */
interface AgainstHeld extends Omit<Compared, 'differences'> {
  /** Null where what it holds cannot be read. */
  readonly differences: Compared['differences'] | null;
  readonly about?: object | undefined;
}

function compareToHeld(held: FlagDocument | undefined, document: FlagDocument): AgainstHeld {
  if (held !== undefined) return compare(held, document);
  const needs = neededVersions(document);
  const unread: Line = { text: 'what the store holds cannot be read, and is not compared', tone: 'doubtful' };
  return { differences: null, needs, lines: [unread, ...needLines(needs)], questions: [] };
}

/** Writes a valid document over anything that the store holds, once somebody saw in what the two differ. */
async function restore(store: FlagStore, text: string, call: Call<RestoreOptions>, within: Within): Promise<Outcome> {
  const publisher = publisherOf(store);
  const { revision: held, document } = await within((signal) => heldIfReadable(store, signal));
  const compared = compareToHeld(document, documentIn(text));
  if (call.options.yes !== true) {
    show(compared.lines, call);
    await confirm(call, 'restore', `Restore ${printableLine(store.source.name)}, and replace what it holds?`);
  }
  const note = await noteOf(call, compared.differences);
  const revision = await within((signal) => publisher.restore(text, signal, note));
  return written('restored', store, revision, held, compared);
}

/** Who may write need not be able to read, and what is there may be why something is restored. */
async function heldIfReadable(store: FlagStore, signal: AbortSignal): Promise<Held> {
  try {
    return await readHeld(store, signal);
  } catch (error) {
    if (!isStoreError(error) || isOutOfReach(error)) throw error;
    return { revision: undefined };
  }
}

/** Whether a write would fail as well. */
function isOutOfReach({ reason }: StoreError): boolean {
  return reason === 'unavailable' || reason === 'timeout' || reason === 'throttled';
}

/** On standard error, before a question. Where nobody can be asked, nothing is shown. */
function show(lines: readonly Line[], { around: { stdin, stderr } }: Call): void {
  if (!stdin.isTTY || !stderr.isTTY) return;
  for (const line of lines) stderr.write(`${styled(line, stderr)}\n`);
}

function publisherOf(store: FlagStore): FlagPublisher {
  if (store.publisher === undefined) throw new UsageError(`${store.source.name} can only be read`);
  return store.publisher;
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
  compared: AgainstHeld,
): Outcome {
  return {
    code: EXIT.ok,
    value: {
      store: store.source.name,
      revision,
      expect: nameOf(revision),
      before: before ?? null,
      differences: compared.differences,
      needs: compared.needs,
      ...compared.about,
      warnings,
    },
    lines: [...compared.lines, { text: `${how} as ${formatRevision(revision)} to ${store.source.name}`, tone: 'good' }],
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
