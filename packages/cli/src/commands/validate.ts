import { existsSync } from 'node:fs';
import type { FlagStore } from '@clarity/flags-core/ports';
import { EXIT, type Outcome } from '../outcome.ts';
import { readDocument } from '../read-document.ts';
import { readStore } from '../read-store.ts';
import { judgeFile, judgeReading, type Verdict } from '../review/verdict.ts';
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
      valid: verdicts.every(({ value }) => value.valid),
      documents: verdicts.map(({ value }) => value),
    },
    lines: verdicts.flatMap(({ lines }) => lines),
  };
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
