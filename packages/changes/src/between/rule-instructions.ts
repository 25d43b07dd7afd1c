import type { FlagDefinition, Rule } from '@clarity/flags-core/document';
import { same } from '../diff/same.ts';
import type { RuleName } from '../instructions/instruction.ts';
import { withMember } from '../instructions/members.ts';
import { longOf } from '../instructions/short-and-long.ts';
import { serveWays } from './serve-instruction.ts';
import type { Trail } from './trail.ts';

/** Takes a flag's rules to others: what goes, what changes, another order, what is new. */
export function takeRules(trail: Trail, flag: string, news: readonly Rule[]): void {
  /** The rules as they are after each step. */
  let now = trail.long.rules ?? [];
  if (same(now, news)) return;
  const pairs = pairsOf(now, news);
  const becomes = new Map(pairs);
  for (const rule of now) {
    if (becomes.has(rule)) continue;
    const place = now.indexOf(rule);
    trail.take({ kind: 'removeRule', flag, rule: nameAt(now, place) });
    now = now.toSpliced(place, 1);
  }
  for (const [place, rule] of now.entries()) {
    const wants = becomes.get(rule)!;
    if (!same(rule, wants)) takeRule(trail, flag, { name: nameAt(now, place), place, old: rule, wants });
    now = now.with(place, wants);
  }

  const left = new Set(now);
  const wanted = news.filter((rule) => left.has(rule));
  if (wanted.some((rule, place) => rule !== now[place])) {
    trail.take({ kind: 'reorderRules', flag, order: wanted.map((rule) => nameAt(now, now.indexOf(rule))) });
    now = wanted;
  }
  for (const [place, rule] of news.entries()) {
    if (left.has(rule)) continue;
    trail.take({ kind: 'addRule', flag, rule, ...(place < now.length && { before: nameAt(now, place) }) });
    now = now.toSpliced(place, 0, rule);
  }
}

interface RuleStep {
  readonly name: RuleName;
  readonly place: number;
  readonly old: Rule;
  readonly wants: Rule;
}

/**
 * Changes one rule in its place: by its share or its ramp, where that is all and the rule has an id. One that is named
 * by its place could be another by then, and `from` of a share would not notice.
 */
function takeRule(trail: Trail, flag: string, { name, place, old, wants }: RuleStep): void {
  const isServe = typeof name === 'string' && same(withMember(old, 'serve', null), withMember(wants, 'serve', null));
  const ways = isServe ? serveWays(flag, name, old.serve, wants.serve).map((way) => [way]) : [];
  const isThere = (other: FlagDefinition): boolean => same(longOf(other).rules?.[place], wants);
  if (!trail.takeFirst(ways, isThere)) trail.take({ kind: 'replaceRule', flag, rule: name, with: wants });
}

type Pair = readonly [old: Rule, one: Rule];

/** Rules that are one and the same before and after: by their id, else by what they say, else by their place. */
function pairsOf(olds: readonly Rule[], news: readonly Rule[]): readonly Pair[] {
  const pairs: Pair[] = [];
  const left = new Set(news);
  const paired = new Set<Rule>();
  const pairWhere = (matches: (old: Rule, one: Rule) => boolean): void => {
    for (const old of olds) {
      const match = paired.has(old) ? undefined : news.find((one) => left.has(one) && matches(old, one));
      if (match === undefined) continue;
      paired.add(old);
      left.delete(match);
      pairs.push([old, match]);
    }
  };
  const isOnly = (rules: readonly Rule[], { id }: Rule): boolean => rules.filter((rule) => rule.id === id).length === 1;
  pairWhere((old, one) => old.id !== undefined && old.id === one.id && isOnly(olds, old) && isOnly(news, one));
  pairWhere(same);
  pairWhere((old, one) => olds.indexOf(old) === news.indexOf(one) && old.id === undefined && one.id === undefined);
  return pairs;
}

/** Its id, where no other rule has it, else its place. */
function nameAt(rules: readonly Rule[], place: number): RuleName {
  const { id } = rules[place]!;
  return id !== undefined && rules.filter((rule) => rule.id === id).length === 1 ? id : place;
}
