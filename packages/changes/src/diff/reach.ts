import { toLongForm } from '@clarity/flags-core/definition';
import type { Condition, FlagDefinition, FlagDocument } from '@clarity/flags-core/document';
import { counted, listed, quoted } from '../describe/texts.ts';
import { splitsIn } from './splits-in.ts';

/** What a document's entries are told apart by here: `segment staff`. */
type Entry = `${'segment' | 'layer' | 'holdout' | 'flag'} ${string}`;

const MOST_KEYS = 5;

/**
 * The flags that a change of a segment, a layer or a holdout reaches, by their own rules and splits, by other segments,
 * and by flags that they ask: `reaches a and b`.
 */
export function reachWords(of: 'segment' | 'layer' | 'holdout', name: string, document: FlagDocument): string {
  const users = usersIn(document);
  const reached = new Set<Entry>([`${of} ${name}`]);
  // A set is walked to its end, also while it grows.
  for (const entry of reached) for (const user of users.get(entry) ?? []) reached.add(user);
  const keys = Object.keys(document.flags).flatMap((key) => (reached.has(`flag ${key}`) ? [quoted(key)] : []));
  const named =
    keys.length > MOST_KEYS ? [...keys.slice(0, MOST_KEYS), counted(keys.length - MOST_KEYS, 'other')] : keys;
  return named.length === 0 ? 'reaches no flag' : `reaches ${listed(named, 'and')}`;
}

/** Which entries use each: segments and flags. */
function usersIn({ segments = {}, flags }: FlagDocument): ReadonlyMap<Entry, readonly Entry[]> {
  const users = new Map<Entry, Entry[]>();
  const add = (user: Entry, used: readonly Entry[]): void => {
    for (const one of used) {
      const others = users.get(one);
      if (others === undefined) users.set(one, [user]);
      else others.push(user);
    }
  };
  for (const [name, { when }] of Object.entries(segments))
    if (when !== undefined) add(`segment ${name}`, askedIn(when));
  for (const [key, flag] of Object.entries(flags)) add(`flag ${key}`, usedBy(flag));
  return users;
}

function usedBy(definition: FlagDefinition): readonly Entry[] {
  const { prerequisites = [], rules = [] } = 'status' in definition ? toLongForm(definition) : definition;
  return [
    ...prerequisites.map(({ flag }): Entry => `flag ${flag}`),
    ...rules.flatMap(({ when }) => askedIn(when)),
    ...splitsIn(definition).flatMap(({ layer, holdout }): Entry[] => [
      ...(layer === undefined ? [] : [`layer ${layer}` as const]),
      ...(holdout === undefined ? [] : [`holdout ${holdout}` as const]),
    ]),
  ];
}

/** The segments and flags that a condition asks. */
function askedIn(condition: Condition): readonly Entry[] {
  if ('all' in condition) return condition.all.flatMap(askedIn);
  if ('any' in condition) return condition.any.flatMap(askedIn);
  if ('not' in condition) return askedIn(condition.not);
  if ('segment' in condition) return [`segment ${condition.segment}`];
  return 'flag' in condition ? [`flag ${condition.flag}`] : [];
}
