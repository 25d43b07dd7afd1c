import type { LongFlag, Rule } from '@clarity/flags-core/document';
import { same } from '../diff/same.ts';
import type { RuleName } from './instruction.ts';
import { Refusal } from './problem.ts';
import type { Steps } from '../references/references.ts';
import { quoted } from '../describe/texts.ts';

/** Where a rule stands. With `from`, a rule that is named by its place is found wherever it is now. */
export function placeOf(flag: LongFlag, name: RuleName, from?: Rule, wants?: unknown): number {
  const { rules = [] } = flag;
  if (typeof name === 'number') {
    const there = rules[name];
    if (there !== undefined && (from === undefined || same(there, from))) return name;
    const places = from === undefined ? [] : rules.flatMap((rule, index) => (same(rule, from) ? [index] : []));
    if (places.length === 1) return places[0]!;
    throw missing(there === undefined ? 'gone' : 'contested', name, rules, from, wants);
  }
  const places = rules.flatMap(({ id }, index) => (id === name ? [index] : []));
  if (places.length === 1) return places[0]!;
  if (places.length === 0) throw missing('gone', name, rules, from, wants);
  throw new Refusal('cannot', ['rules'], `${places.length} rules with this id`, 'one; name the rule by its place');
}

function missing(
  reason: 'gone' | 'contested',
  name: RuleName,
  rules: readonly Rule[],
  from: Rule | undefined,
  wants: unknown,
): Refusal {
  const steps: Steps = typeof name === 'number' ? ['rules', name] : ['rules'];
  const there = typeof name === 'number' ? rules[name] : undefined;
  const allowed =
    reason === 'contested'
      ? 'the rule that the author saw; look at what is there, and say it anew'
      : `one of the flag's rules: ${rules.map(nameOf).join(', ') || 'it has none'}`;
  const found =
    reason === 'contested' ? 'another rule' : typeof name === 'number' ? 'no rule' : `no rule ${quoted(name)}`;
  const sides = { ...(from !== undefined && { saw: from }), now: there ?? null, wants: wants ?? null } as never;
  return new Refusal(reason, steps, found, allowed, sides);
}

function nameOf({ id }: Rule, place: number): string {
  return id === undefined ? String(place) : quoted(id);
}
