import type { LongFlag, Rule } from '@clarity/flags-core/document';
import { same } from '../diff/same.ts';
import type { Edit } from './edit.ts';
import type { Of } from './instruction.ts';
import { withMember } from './members.ts';
import { placeOf } from './named-rule.ts';
import { Refusal } from './problem.ts';

type RuleInstruction = Of<'addRule' | 'replaceRule' | 'removeRule' | 'reorderRules'>;

export function editRules(flag: LongFlag, instruction: RuleInstruction): Edit<LongFlag> {
  const { rules = [] } = flag;
  const withRules = (changed: readonly Rule[]): LongFlag =>
    withMember(flag, 'rules', changed.length === 0 ? undefined : changed);
  switch (instruction.kind) {
    case 'addRule': {
      const { rule, before } = instruction;
      if (rule.id !== undefined) {
        const known = rules.findIndex(({ id }) => id === rule.id);
        if (known >= 0 && same(rules[known], rule)) return { steps: ['rules', known], entry: flag };
        if (known >= 0) {
          const sides = { now: rules[known], wants: rule } as never;
          throw new Refusal('taken', ['rules', known], 'a rule with this id', 'another id, or replaceRule', sides);
        }
      }
      // After the last one is a place, too.
      const place = before === undefined || before === rules.length ? rules.length : placeOf(flag, before);
      return { steps: ['rules', place], entry: withRules(rules.toSpliced(place, 0, rule)) };
    }
    case 'replaceRule': {
      const { rule, with: wants, from } = instruction;
      const place = foundOrDone(flag, rule, from, wants);
      const changed = rules.with(place, wants);
      return { steps: ['rules', place], entry: withRules(changed), replaces: { now: rules[place], wants } };
    }
    case 'removeRule': {
      const place = placeOf(flag, instruction.rule, instruction.from);
      const replaces = { now: rules[place], wants: undefined };
      return { steps: ['rules', place], entry: withRules(rules.toSpliced(place, 1)), replaces };
    }
    case 'reorderRules': {
      const { order, from } = instruction;
      const places = order.map((name) => placeOf(flag, name));
      const isWhole = places.length === rules.length && new Set(places).size === places.length;
      const wants = places.map((place) => rules[place]!);
      if (isWhole) return { steps: ['rules'], entry: withRules(wants), replaces: { now: rules, wants } };
      const sides = { ...(from !== undefined && { saw: from }), now: rules, wants: order } as never;
      const found = `${order.length} of the ${rules.length} rules that there are`;
      throw new Refusal('contested', ['rules'], found, 'each rule once; say the order anew', sides);
    }
    default:
      return instruction satisfies never;
  }
}

/** A rule that was replaced already by just this one is found by what it is now. */
function foundOrDone(flag: LongFlag, name: string | number, from: Rule | undefined, wants: Rule): number {
  const { rules = [] } = flag;
  if (typeof name === 'number' && from !== undefined && !rules.some((rule) => same(rule, from))) {
    if (same(rules[name], wants)) return name;
  }
  return placeOf(flag, name, from, wants);
}
