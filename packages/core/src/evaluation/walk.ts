import { parseInstant, resemblesSeconds } from '../document/instant.ts';
import { parseAddress } from '../document/network.ts';
import { matchesPattern, type Pattern } from '../document/pattern.ts';
import { compareSemanticVersion, type SemanticVersion } from '../document/semantic-version.ts';
import { hashLimit, threshold } from './bucket.ts';
import { continueMurmur3 } from './murmur3.ts';
import { attributeOf, type EvaluationContext, readAttribute, targetingKeyOf, unitOf } from './context.ts';
import type { Doubts } from './doubts.ts';
import { bucketCost, COST, foldingCost, nameCost, placingCost, searchCost, spend } from './work.ts';
import {
  ANSWER,
  ANY_CASE,
  type AskStep,
  CONTAINS,
  DEAL,
  type Dealing,
  type DealStep,
  ENDS_WITH,
  EQUALITY,
  EXISTS,
  FLAG,
  INSTANT,
  NETWORK,
  NUMBER,
  type Outcome,
  PATTERN,
  RANGES,
  type RangeStep,
  SEGMENT,
  type Step,
  TARGETS,
  VERSION,
} from './step.ts';

/** What a walk may ask beside the context. `stamp` names the evaluation: within one, everything is asked once. */
export interface Surroundings {
  nowMs(): number;
  /** Hears of contexts without a targeting key where one is asked for. */
  readonly doubts: Doubts | undefined;
  inSegment(name: string, context: EvaluationContext, stamp: number): boolean;
  /** The variant that another flag serves; undefined for the caller's fallback, and for a flag that is not there. */
  variantOf(flagKey: string, context: EvaluationContext, stamp: number): string | undefined;
  /** Where the question whether a context belongs to a segment begins. */
  segment(name: string): Step;
}

/** Of longer lists only this many elements are looked at; details say so. */
export const MAX_ELEMENTS = 1000;
/** Longer attribute values are matched by no text operator but `equals` and `in`; details say so. */
export const MAX_TEXT = 2048;
/** Longer units are counted as work when they are hashed. */
const MAX_FREE_UNIT = 64;

/** Longer names of attributes are counted as work when they are read. */
const MAX_FREE_NAME = 64;

/** Follows the steps from `first` to an answer. Throws `EXHAUSTED` where that would cost more than it may. */
export function walk(first: Step, context: EvaluationContext, stamp: number, around: Surroundings): Outcome {
  let at = pastComparisons(first, context);
  while (at.kind !== ANSWER) {
    if (at.kind === DEAL) return deal(at, context, around);
    at = pastComparisons(at.kind === RANGES ? wayOf(at, context, around) : after(at, context, stamp, around), context);
  }
  return at;
}

function pastComparisons(first: Step, context: EvaluationContext): Step {
  let at = first;
  while (compares(at)) at = holds(at, readAttribute(context, at.name, at.slot)) ? at.yes : at.no;
  return at;
}

function compares(at: Step): at is AskStep {
  return at.kind >= EXISTS;
}

/** Where the answer to a step that compares nothing leads. */
export function after(at: AskStep, context: EvaluationContext, stamp: number, around: Surroundings): Step {
  const { kind, operand } = at;
  if (kind === SEGMENT) return around.inSegment(at.name, context, stamp) ? at.yes : at.no;
  if (kind === FLAG) {
    const variant = around.variantOf(at.name, context, stamp);
    return (operand as readonly (string | undefined)[]).includes(variant) ? at.yes : at.no;
  }
  if (kind === TARGETS) {
    const key = targetingKeyOf(context);
    if (key === undefined) around.doubts?.noTargetingKey(context);
    return (operand as ReadonlyMap<string | undefined, Outcome>).get(key) ?? at.yes;
  }
  const [onMs, offMs] = operand as readonly [number, number];
  const nowMs = around.nowMs();
  return nowMs >= onMs && nowMs < offMs ? at.yes : at.no;
}

/** Where the range that holds the unit's bucket leads. */
export function wayOf(at: RangeStep, context: EvaluationContext, around: Surroundings): Step {
  const unit = unitFor(at, context);
  if (!unit) {
    if (at.name === 'targetingKey') around.doubts?.noTargetingKey(context);
    return at.missing;
  }
  // There may be as many conditions on buckets as a document holds.
  spend(bucketCost(unit));
  const hash = continueMurmur3(at, unit) >>> 0;
  const { ends } = at;
  let from = 0;
  for (let to = ends.length; from < to;) {
    const middle = (from + to) >> 1;
    if (hash < ends[middle]!) to = middle;
    else from = middle + 1;
  }
  return at.ways[at.takesTurns ? from & 1 : from]!;
}

function deal(at: DealStep, context: EvaluationContext, around: Surroundings): Outcome {
  const unit = unitFor(at, context);
  if (!unit) {
    if (at.name === 'targetingKey') around.doubts?.noTargetingKey(context);
    return at.missing;
  }
  if (unit.length > MAX_FREE_UNIT) spend(unit.length);
  const limit = at.ramp ? hashLimit(threshold(at.ramp(around.nowMs()))) : at.limit;
  return continueMurmur3(at, unit) >>> 0 < limit ? at.first : at.second;
}

/** The unit that a dealing finds in a context. */
export function unitFor(dealing: Dealing, context: EvaluationContext): string | undefined {
  return unitAt(dealing.name, context) ?? (dealing.others && unitAt(unitKindFor(dealing, context), context));
}

/** The attribute that holds the unit; where none does, the first that may. */
export function unitKindFor({ name, others = [] }: Dealing, context: EvaluationContext): string {
  return others.find((other) => unitAt(name, context) === undefined && unitAt(other, context) !== undefined) ?? name;
}

function unitAt(name: string, context: EvaluationContext): string | undefined {
  // Many splits may meet one layer or holdout, which names it.
  if (name.length > MAX_FREE_NAME) spend(nameCost(name));
  return name === 'targetingKey' ? targetingKeyOf(context) : unitOf(attributeOf(context, name));
}

/** Whether what an attribute holds satisfies a comparison. Of a list, one element is enough. */
export function holds(at: AskStep, found: unknown): boolean {
  if (typeof found === 'string') return at.kind === EQUALITY ? isIn(at, found) : meetsText(at.kind, at, found);
  if (typeof found !== 'object' || at.kind === EXISTS || !Array.isArray(found)) return meets(at, found);
  for (let index = 0; index < found.length && index < MAX_ELEMENTS; index++) {
    spend(COST.element);
    if (meets(at, found[index])) return true;
  }
  return false;
}

/** Whether one value satisfies a comparison. A missing one satisfies none. */
function meets(at: AskStep, found: unknown): boolean {
  if (typeof found === 'string') return meetsText(at.kind, at, found);
  const kind = at.kind & ~ANY_CASE;
  if (kind === EXISTS) return found !== undefined && found !== null;
  if (kind === EQUALITY) return isIn(at, found);
  if (typeof found === 'number') {
    // Seconds would be long past for every question.
    const isMeant = kind === NUMBER || (kind === INSTANT && !resemblesSeconds(found));
    return isMeant && accepts(at, found - (at.operand as number));
  }
  return kind === INSTANT && found instanceof Date && accepts(at, Number(found) - (at.operand as number));
}

function isIn({ operand }: AskStep, found: unknown): boolean {
  return (operand as ReadonlySet<unknown>).has(found);
}

function meetsText(kind: number, at: AskStep, found: string): boolean {
  const { operand } = at;
  if (kind === EQUALITY) return isIn(at, found);
  if (kind === EXISTS) return true;
  if (kind === EQUALITY + ANY_CASE) {
    // No text has fewer characters without its case, so one that is longer than all operands is not one of them.
    if (found.length > at.accept) return false;
  } else if (found.length > MAX_TEXT) return false;
  if (kind >= ANY_CASE) {
    spend(foldingCost(found));
    return meetsText(kind - ANY_CASE, at, found.toLowerCase());
  }
  switch (kind) {
    case NUMBER:
      return false;
    case VERSION:
      return accepts(at, compareSemanticVersion(found, operand as SemanticVersion, spendOnPrerelease));
    case INSTANT:
      spend(COST.instant);
      return accepts(at, (parseInstant(found) ?? NaN) - (operand as number));
    case PATTERN:
      return matchesPattern(operand as Pattern, found, spendOnPattern);
    case NETWORK:
      return isInOneOf(operand as readonly string[], found);
  }
  if (typeof operand === 'string') return isPlaced(kind, found, operand);
  return (operand as readonly string[]).some((one) => isPlaced(kind, found, one));
}

function spendOnPrerelease(characters: number): void {
  spend(COST.prerelease + COST.prereleaseCharacter * characters);
}

function spendOnPattern(steps: number, characters: number): void {
  spend(COST.step * steps + COST.character * characters);
}

function isInOneOf(networks: readonly string[], found: string): boolean {
  spend(COST.address);
  const address = parseAddress(found);
  if (address === undefined) return false;
  return networks.some((network) => {
    spend(COST.network);
    return address.startsWith(network);
  });
}

function isPlaced(kind: number, value: string, operand: string): boolean {
  if (operand.length > value.length) return false;
  if (kind === CONTAINS) {
    spend(searchCost(value, operand));
    return value.includes(operand);
  }
  spend(placingCost(operand));
  return kind === ENDS_WITH ? value.endsWith(operand) : value.startsWith(operand);
}

/** Whether the sign of a difference is one of the accepted ones. Never, when it is no number. */
function accepts({ accept }: AskStep, difference: number): boolean {
  return (accept & (difference < 0 ? 1 : difference > 0 ? 4 : difference === 0 ? 2 : 0)) > 0;
}
