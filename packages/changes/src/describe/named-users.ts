import type { FlagWords } from './flag-words.ts';
import { counted } from './texts.ts';

/** Users with targets of their own, by the answer that they get. */
export function namedUsers({ flag, word, isShort }: FlagWords): { readonly answer: string; readonly count: string }[] {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for (const { variant, keys } of flag.targets ?? []) {
    for (const key of keys) {
      // The first target that names a key wins.
      if (seen.has(String(key))) continue;
      seen.add(String(key));
      counts.set(word(variant), (counts.get(word(variant)) ?? 0) + 1);
    }
  }
  const noun = isShort ? 'tester' : 'named user';
  return [...counts].map(([answer, count]) => ({ answer, count: counted(count, noun) }));
}
