import type { FlagDocument } from '@clarity/flags-core/document';
import { counted, listed, quoted } from '../describe/texts.ts';
import { entryId, reachedFrom } from '../references/reached-from.ts';

const MOST_KEYS = 5;

/**
 * The flags that a change of a segment, a layer or a holdout reaches, by their own rules and splits, by other segments,
 * and by flags that they ask: `reaches a and b`.
 */
export function reachWords(of: 'segment' | 'layer' | 'holdout', name: string, document: FlagDocument): string {
  const reached = reachedFrom([entryId(`${of}s`, name)], document);
  const keys = Object.keys(document.flags).flatMap((key) => (reached.has(entryId('flags', key)) ? [quoted(key)] : []));
  const named =
    keys.length > MOST_KEYS ? [...keys.slice(0, MOST_KEYS), counted(keys.length - MOST_KEYS, 'other')] : keys;
  return named.length === 0 ? 'reaches no flag' : `reaches ${listed(named, 'and')}`;
}
