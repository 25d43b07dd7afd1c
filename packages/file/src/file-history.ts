import { CallScope, checkedMaxBytes, selectEntries } from '@clarity/flags-core/adapter-kit';
import type { FlagHistory } from '@clarity/flags-core/ports';
import { auditLines, lineEntry } from './audit-file.ts';
import { contentHash } from './content-hash.ts';
import { MOST_BYTES, resolveName, resolvePath, type SizedFileOptions } from './file-options.ts';
import { keptText } from './kept-texts.ts';
import { targetOf } from './path-chain.ts';
import { readWhole } from './read-whole.ts';

/**
 * Who changed a file, when and why: what `filePublisher` wrote beside it, in `<file>.audit.jsonl`, and the last 100
 * documents in `.history`. A change by hand is known from the next publication on, and not by whom.
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function fileHistory(options: SizedFileOptions): FlagHistory {
  const path = resolvePath(options);
  const name = resolveName(options.name, path);
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const scope = new CallScope(`the history of ${name}`);
  return {
    name,
    entries: (query, signal) =>
      scope.run(`read the history of ${path}`, signal, async () => {
        const lines = await auditLines(await targetOf(path));
        const places = lines.map((line, index) => ({ entry: lineEntry(line), place: `line ${index + 1}` }));
        return selectEntries(places.toReversed(), query);
      }),
    textOf: ({ hash }, signal) =>
      scope.run(`read an earlier ${path}`, signal, async (ending) => {
        if (hash === undefined) return undefined;
        const target = await targetOf(path);
        const kept = await keptText(target, hash);
        if (kept !== undefined) return kept;
        const present = await readWhole(target, { maxBytes, settle: false }, ending).catch(() => undefined);
        return present !== undefined && contentHash(present.bytes) === hash
          ? new TextDecoder().decode(present.bytes)
          : undefined;
      }),
    close: async () => scope.close(),
  };
}
