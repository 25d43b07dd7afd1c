/** The form of conditions. */
import { bucketing } from './buckets.ts';
import {
  be,
  type Check,
  type Form,
  type Inspection,
  isText,
  list,
  oneOrMore,
  parsed,
  pathOf,
  record,
  word,
} from './inspection.ts';
import { isObject } from './is-object.ts';
import { parseNetwork } from './network.ts';
import { servesVariant } from './other-flag.ts';
import { compilePattern } from './pattern.ts';
import { problemAt } from './problem-at.ts';
import { isSemanticVersion } from './semantic-version.ts';
import type { AllOf, AnyOf, Comparison, InBuckets, InSegment, Not, OperatorName } from './types.ts';
import { boolean, instant, name, number, scalar, text } from './values.ts';
import { OPERATORS, TEXT_OPERATORS } from './words.ts';

/**
 * What all `contains` and `matches` of a flag or segment may cost: one for each character to look for, ten for each
 * step of a pattern. What an evaluation may cost is bounded apart.
 */
const MAX_SEARCH_COST = 50_000;

/** The same of all flags and segments of a document: what is built when one is decoded. */
export const MAX_SEARCH_COST_OF_ALL = 20 * MAX_SEARCH_COST;

function spend(cost: number, at: Inspection): void {
  const before = at.searchCost;
  at.searchCost += cost;
  at.searchCostOfAll += cost;
  if (before > MAX_SEARCH_COST || at.searchCost <= MAX_SEARCH_COST) return;
  const steps = at.steps.slice(0, 2);
  at.add(
    problemAt(pathOf(steps), 'contains and matches that cost more', `at most ${MAX_SEARCH_COST} in one entry`),
    steps,
  );
}

const texts = oneOrMore(text);
const version = be('a version like 1.2.3', (value) => isText(value) && isSemanticVersion(value));
const needles = oneOrMore((value, at) => {
  text(value, at);
  if (isText(value)) spend(value.length, at);
});
const pattern: Check = (value, at) => {
  // Once too much was asked for, no more is built.
  if (!isText(value) || at.searchCost > MAX_SEARCH_COST || at.searchCostOfAll > MAX_SEARCH_COST_OF_ALL) text(value, at);
  else {
    let cost = 0;
    try {
      cost = compilePattern(value).cost;
    } catch {
      at.report(value, 'a pattern of the linear-time subset, with known syntax and not too many steps');
    }
    spend(cost * 10, at);
  }
};
const nothing: Check = () => {};

/** What each operator compares with. A flag with an operator that is not here is set aside. */
const OPERANDS: Readonly<Record<OperatorName, Check>> = {
  exists: nothing,
  equals: scalar,
  in: list(scalar),
  contains: needles,
  startsWith: texts,
  endsWith: texts,
  matches: pattern,
  lessThan: number,
  atMost: number,
  greaterThan: number,
  atLeast: number,
  before: instant,
  after: instant,
  semverEquals: version,
  semverLessThan: version,
  semverAtMost: version,
  semverGreaterThan: version,
  semverAtLeast: version,
  inNetwork: oneOrMore(parsed('a network like 10.0.0.0/8', parseNetwork)),
};

/** On others the word would do nothing, or end all comparing, unseen. */
const noCase: Check = (value, at) => at.unknown(value, `ignoreCase with ${TEXT_OPERATORS.join(', ')} and no other`);

const op = word(OPERATORS);
/** With any value; each operator has its own check of it. */
export const comparison: Form<Comparison> = { attribute: name, op, 'ignoreCase?': boolean, 'value?': nothing };
const comparisons = new Map<unknown, Check>(
  Object.entries(OPERANDS).map(([one, operand]) => [
    one,
    record({
      ...comparison,
      'ignoreCase?': TEXT_OPERATORS.includes(one) ? boolean : noCase,
      [one === 'exists' ? 'value?' : 'value']: operand,
    }),
  ]),
);
const otherComparison = record(comparison);

const segment = be(
  'the name of a segment in this document',
  (value, at) => {
    if (!at.knows('segments', value)) return false;
    at.refers.push(`s${value}`);
    return true;
  },
  true,
);

export const condition: Check = (value, at) => {
  if (!isObject(value)) at.report(value, 'a condition');
  else if (Object.hasOwn(value, 'attribute')) (comparisons.get(value['op']) ?? otherComparison)(value, at);
  else {
    const kind = Object.keys(junctions).find((one) => Object.hasOwn(value, one));
    if (kind === undefined) at.unknown(value, 'a condition with attribute, all, any, not, segment, bucket or flag');
    else junctions[kind]!(value, at);
  }
};

const junctions: Readonly<Record<string, Check>> = {
  all: record({ all: list(condition) } satisfies Form<AllOf>),
  any: record({ any: list(condition) } satisfies Form<AnyOf>),
  not: record({ not: condition } satisfies Form<Not>),
  segment: record({ segment } satisfies Form<InSegment>),
  bucket: record({ bucket: bucketing } satisfies Form<InBuckets>),
  flag: servesVariant,
};
