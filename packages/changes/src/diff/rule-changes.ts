import type { Rule } from '@clarity/flags-core/document';
import { ruleName, ruleWords } from '../describe/rule.ts';
import type { FlagWords } from '../describe/flag-words.ts';
import { movementWords, type Served } from './movement-words.ts';
import { same } from './same.ts';

interface Placed {
  readonly rule: Rule;
  readonly index: number;
}

/** How the rules of a flag change, a sentence each. One is known by its id, else by being the same, else by place. */
export function ruleChanges(key: string, before: FlagWords, after: FlagWords, atMs: number): string[] {
  let [olds, news] = [before, after].map((read) =>
    (read.isShort ? [] : (read.flag.rules ?? [])).map((rule, index): Placed => ({ rule, index })),
  ) as [Placed[], Placed[]];
  const pairs: (readonly [Placed, Placed])[] = [];
  const pairWhere = (matches: (one: Placed, other: Placed) => boolean): void => {
    olds = olds.filter((old) => {
      const match = news.find((one) => matches(old, one));
      if (match === undefined) return true;
      pairs.push([old, match]);
      news = news.filter((one) => one !== match);
      return false;
    });
  };
  pairWhere((old, one) => old.rule.id !== undefined && old.rule.id === one.rule.id);
  pairWhere((old, one) => same(old.rule, one.rule));
  pairWhere((old, one) => old.index === one.index && old.rule.id === undefined && one.rule.id === undefined);

  const lines: string[] = [];
  for (const { rule, index } of olds)
    lines.push(`rule ${ruleName(rule, index)} is gone: ${ruleWords(rule, before, atMs)}`);
  for (const { rule, index } of news)
    lines.push(`rule ${ruleName(rule, index)} is new: ${ruleWords(rule, after, atMs)}`);
  for (const [old, one] of pairs) {
    if (same(old.rule, one.rule)) continue;
    const [was, becomes] = [ruleWords(old.rule, before, atMs), ruleWords(one.rule, after, atMs)];
    const name = `rule ${ruleName(one.rule, one.index)}`;
    const moves = movementWords(servedBy(key, old.rule, before), servedBy(key, one.rule, after));
    lines.push(
      was === becomes && moves.length > 0
        ? `${name}: ${moves.join('; ')}`
        : was === becomes
          ? `${name} changes in what its words do not show`
          : `${name} was ${was}; becomes ${[becomes, ...moves].join('; ')}`,
    );
  }
  const inOrder = pairs.toSorted(([one], [other]) => one.index - other.index);
  if (inOrder.some(([, one], index) => index > 0 && one.index < inOrder[index - 1]![1].index)) {
    lines.push('rules are tried in another order');
  }
  return lines;
}

function servedBy(key: string, { serve }: Rule, { flag: { salt = key } }: FlagWords): Served {
  return { serve, salt };
}
