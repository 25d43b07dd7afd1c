import { parseInstant } from '../document/instant.ts';
import { parseNetwork } from '../document/network.ts';
import { compilePattern } from '../document/pattern.ts';
import { parseSemanticVersion } from '../document/semantic-version.ts';
import type { Condition, Operand, OperatorName } from '../document/types.ts';
import { BUCKETS } from '../document/bucket-count.ts';
import { saltState } from './bucket.ts';
import { compileRanges, dealingOf } from './compile-dealing.ts';
import { slotOf } from './context.ts';
import { must } from '../document/must.ts';
import {
  ANY_CASE,
  ask,
  type AskKind,
  CONTAINS,
  ENDS_WITH,
  EQUALITY,
  EXISTS,
  FLAG,
  INSTANT,
  NETWORK,
  NUMBER,
  PATTERN,
  SEGMENT,
  STARTS_WITH,
  type Step,
  VERSION,
} from './step.ts';

/** Each operator's kind of step, and the signs of (found - operand) that it accepts. */
const OPERATORS: Readonly<Record<OperatorName, readonly [kind: AskKind, accept?: number]>> = {
  exists: [EXISTS],
  equals: [EQUALITY],
  in: [EQUALITY],
  contains: [CONTAINS],
  startsWith: [STARTS_WITH],
  endsWith: [ENDS_WITH],
  matches: [PATTERN],
  lessThan: [NUMBER, 1],
  atMost: [NUMBER, 3],
  greaterThan: [NUMBER, 4],
  atLeast: [NUMBER, 6],
  before: [INSTANT, 1],
  after: [INSTANT, 4],
  semverEquals: [VERSION, 2],
  semverLessThan: [VERSION, 1],
  semverAtMost: [VERSION, 3],
  semverGreaterThan: [VERSION, 4],
  semverAtLeast: [VERSION, 6],
  inNetwork: [NETWORK],
};

/** How operands of a kind become ready for comparison; undefined for one that cannot. Others stay as they are. */
const PARSERS: Readonly<Record<number, (operand: never, ignoreCase: boolean) => unknown>> = {
  [INSTANT]: parseInstant,
  [VERSION]: parseSemanticVersion,
  [PATTERN]: compilePattern,
  [NETWORK]: parseNetwork,
};

/** Kinds whose texts are compared without their case when that does not matter. */
const FOLDING: ReadonlySet<AskKind> = new Set([EQUALITY, CONTAINS, STARTS_WITH, ENDS_WITH]);

/**
 * The steps of a condition, which lead to `yes` or to `no`. Throws for an operator that is not known, and for anything
 * else that no condition is.
 */
export function compileCondition(condition: Condition, yes: Step, no: Step): Step {
  if ('all' in condition) return condition.all.reduceRight((next, part) => compileCondition(part, next, no), yes);
  if ('any' in condition) return condition.any.reduceRight((next, part) => compileCondition(part, yes, next), no);
  if ('not' in condition) return compileCondition(condition.not, no, yes);
  if ('segment' in condition) return ask(SEGMENT, 0, yes, no, condition.segment);
  if ('flag' in condition) return ask(FLAG, condition.variants, yes, no, condition.flag);
  if ('bucket' in condition) {
    const { by, of = BUCKETS, from, to, salt } = condition.bucket;
    return compileRanges(dealingOf(by, saltState(salt), of), [[[from, to], yes]], no, no);
  }
  const { attribute: name, op, value, ignoreCase = false } = condition;
  const [kind, accept] = OPERATORS[op];
  // A pattern looks after that itself, and for other operators there is no case.
  const folds = ignoreCase && FOLDING.has(kind);
  const operands = [value as Operand | readonly Operand[]].flat().map((given) => {
    // The targeting key is text, even where users wrote a number.
    const one: unknown = name === 'targetingKey' ? String(given) : given;
    const folded = folds && typeof one === 'string' ? one.toLowerCase() : one;
    const parse = PARSERS[kind];
    const operand = parse ? parse(folded as never, ignoreCase) : folded;
    must(operand !== undefined || kind === EXISTS);
    return operand;
  });
  const one = operands.length === 1 && kind !== NETWORK;
  const operand = kind === EQUALITY ? new Set(operands) : one ? operands[0] : operands;
  const longest = operands.reduce<number>(
    (most, each) => Math.max(most, typeof each === 'string' ? each.length : 0),
    0,
  );
  const compared = (folds ? kind + ANY_CASE : kind) as AskKind;
  return ask(compared, operand, yes, no, name, slotOf(name), kind === EQUALITY ? longest : accept);
}
