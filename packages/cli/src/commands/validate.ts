import { existsSync } from 'node:fs';
import { redact } from '@clarity/flags-core/adapter-kit';
import type { FlagStore } from '@clarity/flags-core/ports';
import { failureOf } from '../failure.ts';
import type { Outcome } from '../outcome.ts';
import { readDocument } from '../read-document.ts';
import { readStore } from '../read-store.ts';
import { judgeFile, judgeReading, type Verdict } from '../review/verdict.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';

export async function performValidate(call: Call): Promise<Outcome> {
  const [word = '', ...others] = call.words;
  if (others.length === 0) return verdictOn(word, call);
  const verdicts: Verdict[] = [];
  for (const each of call.words) verdicts.push(await verdictOrFailure(each, call));
  return {
    // What could not be looked at weighs more than what is wrong.
    code: verdicts.map(({ code }) => code).reduce((one, other) => (other > one ? other : one)),
    value: {
      valid: verdicts.every(({ value }) => value.valid),
      documents: verdicts.map(({ value }) => value),
    },
    lines: verdicts.flatMap(({ lines }) => lines),
  };
}

/** Of several documents, one that cannot be read leaves the verdicts on the others as they are. */
async function verdictOrFailure(word: string, call: Call): Promise<Verdict> {
  try {
    return await verdictOn(word, call);
  } catch (error) {
    if (call.around.interrupted.aborted) throw error;
    const { code, message: told } = failureOf(error);
    const [document, message] = [redact(word), redact(told)];
    return {
      code,
      value: { valid: false, document, problemCount: 1, problems: [{ path: '$', message }], warnings: [] },
      lines: [{ text: `${document} was not read: ${message}`, tone: 'bad' }],
    };
  }
}

/** A file is read here, and not as a store, so that each problem has a line and a column. */
async function verdictOn(word: string, call: Call): Promise<Verdict> {
  const path = word.replace(/^file:(?:\/\/(?=\/))?/, '');
  if (word === '-') return judgeFile(await readDocument(word, call.around));
  if (existsSync(path)) return judgeFile({ ...(await readDocument(path, call.around)), name: word });
  return withStore(call, word, (store, within) => within((signal) => validate(store, signal)));
}

export async function validate(store: FlagStore, signal: AbortSignal): Promise<Verdict> {
  return judgeReading(await readStore(store, signal), store.source.name);
}
