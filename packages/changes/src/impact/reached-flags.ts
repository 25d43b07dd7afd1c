import type { FlagDocument } from '@clarity/flags-core/document';
import { differing } from '../diff/same.ts';
import { entryId, reachedFrom } from '../references/reached-from.ts';
import { referencesOf, type Table } from '../references/references.ts';

const TABLES: readonly Table[] = ['flags', 'segments', 'layers', 'holdouts'];

export interface ReachedFlag {
  readonly flagKey: string;
  /** Whether something that the flag asks for changes, or something that this asks for. */
  readonly byOthers: boolean;
}

/** The flags that differ between documents, and those that ask for something that does, in the order of documents. */
export function reachedFlags(before: FlagDocument, after: FlagDocument): readonly ReachedFlag[] {
  const changed = TABLES.flatMap((table) =>
    differing(before[table] ?? {}, after[table] ?? {}).map((name) => entryId(table, name)),
  );
  const reached = reachedFrom(changed, before, after);
  const asking = new Set(
    [before, after].flatMap(referencesOf).flatMap(({ table, key, steps: [user, name] }) => {
      const isReached = user === 'flags' && reached.has(entryId(table, key));
      return isReached ? [String(name)] : [];
    }),
  );
  const keys = new Set([...Object.keys(before.flags), ...Object.keys(after.flags)]);
  return [...keys].flatMap((flagKey) =>
    reached.has(entryId('flags', flagKey)) ? [{ flagKey, byOthers: asking.has(flagKey) }] : [],
  );
}
