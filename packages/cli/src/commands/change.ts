import { apply, type Change, type ChangeProblem, impact, type Impact, readChange } from '@clarity/flags-changes';
import { editText } from '@clarity/flags-changes/text';
import { decodeDocument, type FlagDocument } from '@clarity/flags-core/document';
import type { FlagStore } from '@clarity/flags-core/ports';
import { EXIT, type Line, type Outcome, UsageError } from '../outcome.ts';
import { readDocument } from '../read-document.ts';
import type { Call } from '../verb.ts';
import { type Within, withStore } from '../with-store.ts';
import { readHeld } from './held.ts';
import { publish, type PublishOptions } from './publish.ts';

/** How often a change is applied anew because somebody else published meanwhile. */
const MOST_ATTEMPTS = 10;

/** Publishes a change from a file. */
export async function performApply(call: Call<PublishOptions>): Promise<Outcome> {
  const [address = '', path = ''] = call.words;
  const { text, name } = await readDocument(path, call.around);
  const read = readChange(text);
  if (!read.ok) return unreadable(name, read.problems);
  return performChange(call, address, read.change);
}

/** Publishes a change upon whatever the store holds, and again upon what somebody else published meanwhile. */
export function performChange(call: Call<PublishOptions>, address: string, change: Change): Promise<Outcome> {
  return withStore(call, address, async (store, within) => {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attemptAt(store, change, call, within);
      if (outcome.code !== EXIT.conflict || attempt === MOST_ATTEMPTS) return outcome;
    }
  });
}

async function attemptAt(
  store: FlagStore,
  change: Change,
  call: Call<PublishOptions>,
  within: Within,
): Promise<Outcome> {
  const held = await within((signal) => readHeld(store, signal));
  const { text, document, revision } = held;
  if (text === undefined || document === undefined) {
    const what = revision === undefined ? 'is empty: publish a document first' : 'cannot be read: mend it first';
    throw new UsageError(`what ${store.source.name} holds ${what}; nothing was written`);
  }
  // The decoded document says what stands against it and what it means; the text keeps what this version cannot read.
  const applied = apply(document, change);
  if (!applied.ok) return refused(applied.problems);
  const edited = editText(text, change);
  if (!edited.ok) return refused(edited.problems);
  const reach = impact(document, documentIn(edited.text), Date.now());
  const options = { ...call.options, comment: call.options.comment ?? change.comment };
  const about = { held, lines: reach.map(impactLine), value: { impact: reach }, instructions: change.instructions };
  return publish(store, edited.text, { ...call, options }, within, about);
}

function documentIn(text: string): FlagDocument {
  const decoded = decodeDocument(text);
  if (decoded.ok) return decoded.document;
  throw new UsageError(`the document would not be sound: ${decoded.problems[0]!.message}; nothing was written`);
}

function impactLine({ flagKey, text }: Impact): Line {
  return { text: `  ${flagKey}: another answer for ${text}`, tone: 'quiet' };
}

/** A change that cannot be made to what is there. */
function refused(problems: readonly ChangeProblem[]): Outcome {
  return {
    code: EXIT.findings,
    value: { applied: false, written: false, problems },
    lines: [
      ...problems.flatMap(({ message, sides }): Line[] => [
        { text: message, tone: 'bad' },
        ...(sides === undefined ? [] : sidesOf(sides)),
      ]),
      { text: 'nothing was written', tone: 'bad' },
    ],
  };
}

function sidesOf({ saw, now, wants }: NonNullable<ChangeProblem['sides']>): Line[] {
  return [
    ...(saw === undefined ? [] : [{ text: `    its author saw ${JSON.stringify(saw)}` }]),
    { text: `    there is now   ${JSON.stringify(now)}` },
    { text: `    it wants       ${JSON.stringify(wants)}` },
  ];
}

/** A file that holds no change. */
function unreadable(name: string, problems: readonly { readonly message: string }[]): Outcome {
  return {
    code: EXIT.findings,
    value: { applied: false, written: false, change: name, problems },
    lines: [
      ...problems.map(({ message }): Line => ({ text: `${name}: ${message}`, tone: 'bad' })),
      { text: 'nothing was written', tone: 'bad' },
    ],
  };
}
