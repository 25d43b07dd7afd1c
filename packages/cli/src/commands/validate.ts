import { decodeDocument, type DecodeResult } from '@clarity/flags-core/document';
import { decodeReading } from '@clarity/flags-core/adapter-kit';
import type { FlagStore } from '@clarity/flags-core/ports';
import { existsSync } from 'node:fs';
import { counted } from '../counted.ts';
import { EXIT, type Line, type Outcome } from '../outcome.ts';
import { readDocument, type ReadFile } from '../read-document.ts';
import { readStore } from '../read-store.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';

export async function performValidate(call: Call): Promise<Outcome> {
  const verdicts: Verdict[] = [];
  for (const word of call.words) verdicts.push(await verdictOn(word, call));
  const [first, ...others] = verdicts;
  if (first !== undefined && others.length === 0) return first;
  return {
    code: verdicts.some(({ code }) => code === EXIT.findings) ? EXIT.findings : EXIT.ok,
    value: {
      valid: verdicts.every(({ value }) => value['valid'] === true),
      documents: verdicts.map(({ value }) => value),
    },
    lines: verdicts.flatMap(({ lines }) => lines),
  };
}

async function verdictOn(word: string, call: Call): Promise<Verdict> {
  if (word === '-' || existsSync(word)) return judgeFile(await readDocument(word, call.around));
  return withStore(call, word, (store, within) => within((signal) => validate(store, signal)));
}

export async function validate(store: FlagStore, signal: AbortSignal): Promise<Verdict> {
  return judge(decodeReading(await readStore(store, signal), decodeDocument), store.source.name);
}

/** The verdict on what a file holds. */
export function judgeFile({ name, text, encoding }: ReadFile): Verdict {
  if (text !== undefined) return judge(decodeDocument(text), name);
  const message = `${name} is ${encoding}; allowed is UTF-8: save it as UTF-8`;
  const problem = { path: '$', found: encoding, allowed: 'UTF-8', message };
  return {
    code: EXIT.findings,
    value: { valid: false, kind: 'not-a-document', problems: [problem] },
    lines: [{ text: message, tone: 'bad' }],
  };
}

export interface Verdict extends Outcome {
  readonly value: Readonly<Record<string, unknown>>;
}

/** The verdict on a document: everything that is wrong with it, with its place. */
export function judge(decoded: DecodeResult, name: string): Verdict {
  if (!decoded.ok) {
    const { kind, problems } = decoded;
    const lines: Line[] = problems.map(({ message }) => ({ text: message, tone: 'bad' }));
    return {
      code: EXIT.findings,
      value: { valid: false, kind, problems },
      lines: [{ text: `${name} is not a valid flag document`, tone: 'bad' }, ...lines],
    };
  }
  const { flags, segments = {}, setAside = [] } = decoded.document;
  const counts = `${counted(Object.keys(flags).length, 'flag')}, ${counted(Object.keys(segments).length, 'segment')}`;
  const aside: Line[] = setAside.map(({ flagKey, problem }) => ({
    text: `${flagKey} would be set aside: ${problem.message}`,
    tone: 'doubtful',
  }));
  return {
    code: setAside.length === 0 ? EXIT.ok : EXIT.findings,
    value: { valid: true, flags: Object.keys(flags).length, segments: Object.keys(segments).length, setAside },
    lines: [{ text: `${name} is valid: ${counts}`, tone: 'good' }, ...aside],
  };
}
