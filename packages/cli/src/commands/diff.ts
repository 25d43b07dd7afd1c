import { decodeDocument, type FlagDocument } from '@clarity/flags-core/document';
import { decodeReading } from '@clarity/flags-core/adapter-kit';
import { existsSync } from 'node:fs';
import { EXIT, type Outcome } from '../outcome.ts';
import { readDocument } from '../read-document.ts';
import { readStore } from '../read-store.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';
import { compare } from './differences.ts';
import { judgeFile, judgeReading } from '../review/verdict.ts';

export interface DiffOptions {
  readonly exitCode?: boolean;
}

export async function performDiff(call: Call<DiffOptions>): Promise<Outcome> {
  const [before, after] = [await documentAt(call.words[0]!, call), await documentAt(call.words[1]!, call)];
  for (const found of [before, after]) if ('code' in found) return found;
  const { differences, needs, lines } = compare(before as FlagDocument, after as FlagDocument);
  return {
    code: call.options.exitCode === true && differences.length > 0 ? EXIT.findings : EXIT.ok,
    value: { differences, needs },
    lines,
  };
}

/** The document of a file or a store, or what is wrong with it. */
async function documentAt(word: string, call: Call): Promise<FlagDocument | Outcome> {
  if (word === '-' || existsSync(word)) {
    const file = await readDocument(word, call.around);
    const decoded = file.text === undefined ? undefined : decodeDocument(file.text);
    return decoded?.ok === true ? decoded.document : judgeFile(file);
  }
  return withStore(call, word, async (store, within) => {
    const read = await within((signal) => readStore(store, signal));
    const decoded = decodeReading(read, decodeDocument);
    return decoded.ok ? decoded.document : judgeReading(read, store.source.name);
  });
}
