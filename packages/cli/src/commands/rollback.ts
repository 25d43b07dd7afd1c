import { decodeDocument, type FlagDocument } from '@clarity/flags-core/document';
import { type FlagHistory, formatRevision, type Revision } from '@clarity/flags-core/ports';
import { nearest } from '../nearest.ts';
import { type Outcome, UsageError } from '../outcome.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';
import { type Held, readHeld } from './held.ts';
import { historyOf } from './history.ts';
import { publish, type PublishOptions } from './publish.ts';

export interface RollbackOptions extends PublishOptions {
  readonly flag?: string;
}

/** Publishes an earlier document, or one flag of it, upon what the store holds now. */
export function performRollback(call: Call<RollbackOptions>): Promise<Outcome> {
  const [address = '', named = ''] = call.words;
  return withStore(call, address, async (store, within) => {
    const history = historyOf(store);
    const revision = await within((signal) => revisionNamed(history, named, signal));
    const text = await within((signal) => history.textOf(revision, signal));
    if (text === undefined) throw new UsageError(`the document of ${named} is not kept any more; nothing was written`);
    const { flag, comment = `back to ${named}` } = call.options;
    const held = await within((signal) => readHeld(store, signal));
    const wanted = flag === undefined ? text : withFlagOf(text, flag, named, held);
    return publish(store, wanted, { ...call, options: { ...call.options, comment } }, within, { held });
  });
}

/** By the number of an entry, `#12` or `12`, or by a revision as history and show tell it. */
async function revisionNamed(history: FlagHistory, named: string, signal: AbortSignal): Promise<Revision> {
  const seq = /^#?(\d{1,12})$/.exec(named)?.[1];
  const names: string[] = [];
  let beforeSeq: number | undefined;
  do {
    const page = await history.entries({ limit: 1_000, ...(beforeSeq !== undefined && { beforeSeq }) }, signal);
    for (const { seq: number, after } of page.entries) {
      if (after === null) continue;
      // A revision may be of digits alone, too.
      if (isNamed(after, named) || (seq !== undefined && number === Number(seq))) return after;
      names.push(formatRevision(after));
    }
    beforeSeq = page.olderThan;
  } while (beforeSeq !== undefined);
  const meant = nearest(named, names);
  const hint = meant === undefined ? 'clarity-flags history tells them' : `did you mean ${meant}?`;
  throw new UsageError(`the history has no ${named}; ${hint}; nothing was written`);
}

function isNamed(revision: Revision, named: string): boolean {
  return formatRevision(revision) === named || revision.hash === named;
}

/** What the store holds now, with one flag as it was. */
function withFlagOf(text: string, flag: string, named: string, held: Held): string {
  const now = parsed(held.text);
  const was = flagIn(documentOf(text), flag);
  if (now === undefined) throw new UsageError('what the store holds cannot be read: roll back without --flag');
  const flags = { ...(now['flags'] as Readonly<Record<string, unknown>>) };
  if (was === undefined && !Object.hasOwn(flags, flag))
    throw new UsageError(`neither ${named} nor the store has a flag ${JSON.stringify(flag)}; nothing was written`);
  if (JSON.stringify(flags[flag]) === JSON.stringify(was)) return held.text!;
  if (was === undefined) delete flags[flag];
  else Object.defineProperty(flags, flag, { value: was, enumerable: true, configurable: true, writable: true });
  return JSON.stringify({ ...now, flags }, null, 2);
}

function documentOf(text: string): FlagDocument {
  const decoded = decodeDocument(text);
  if (!decoded.ok) throw new UsageError(`the document then is not one now: ${decoded.problems[0]!.message}`);
  return decoded.document;
}

function flagIn({ flags }: FlagDocument, flag: string): unknown {
  return Object.hasOwn(flags, flag) ? flags[flag] : undefined;
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  } catch {
    return undefined;
  }
}
