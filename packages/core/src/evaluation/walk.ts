import { parseInstant } from '../document/instant.ts';
import { parseAddress } from '../document/network.ts';
import { matchesPattern, type Pattern } from '../document/pattern.ts';
import { compareSemanticVersion, type SemanticVersion } from '../document/semantic-version.ts';
import { bucketOf, threshold } from './bucket.ts';
import { continueMurmur3 } from './murmur3.ts';
import { attributeOf, type EvaluationContext, readAttribute, targetingKeyOf, unitOf } from './context.ts';
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
  INSTANT,
  NETWORK,
  NUMBER,
  type Outcome,
  PATTERN,
  SEGMENT,
  type Step,
  TARGETS,
  VERSION,
} from './step.ts';

/** What a walk may ask beside the context. `stamp` names the evaluation: within one, everything is asked once. */
export interface Surroundings {
  nowMs(): number;
  inSegment(name: string, context: EvaluationContext, stamp: number): boolean;
}

/** Of longer lists only this many elements are looked at. */
const MAX_ELEMENTS = 1000;
/** Longer attribute values are matched by no text operator but `equals` and `in`: an answer must not take long. */
const MAX_TEXT = 2048;

/** Follows the steps from `first` to an answer. */
export function walk(first: Step, context: EvaluationContext, stamp: number, around: Surroundings): Outcome {
  let at = first;
  while (compares(at)) {
    const found = readAttribute(context, at.name, at.slot);
    const passes =
      typeof found !== 'string'
        ? meetsAny(at, found)
        : at.kind === EQUALITY
          ? isIn(at, found)
          : meetsText(at.kind, at, found);
    at = passes ? at.yes : at.no;
  }
  return at.kind === ANSWER ? at : walkOn(at, context, stamp, around);
}

function compares(at: Step): at is AskStep {
  return at.kind >= EXISTS;
}

/** The steps that compare nothing. */
function walkOn(at: AskStep | DealStep, context: EvaluationContext, stamp: number, around: Surroundings): Outcome {
  if (at.kind === DEAL) return deal(at, context, around);
  const { kind, operand } = at;
  let passes = true;
  if (kind === SEGMENT) passes = around.inSegment(at.name, context, stamp);
  else if (kind === TARGETS) {
    const target = (operand as ReadonlyMap<string | undefined, Outcome>).get(targetingKeyOf(context));
    if (target) return target;
  } else {
    const [onMs, offMs] = operand as readonly [number, number];
    const nowMs = around.nowMs();
    passes = nowMs >= onMs && nowMs < offMs;
  }
  return walk(passes ? at.yes : at.no, context, stamp, around);
}

function deal(at: DealStep, context: EvaluationContext, around: Surroundings): Outcome {
  const unit = unitFor(at, context);
  if (!unit) return at.missing;
  return (
    (continueMurmur3(at, unit) >>> 0 < at.limit ? at.first : at.second) ?? dealMore(at, bucketOf(at, unit), around)
  );
}

/** Deals more than two outcomes, or two by the time. */
function dealMore({ limits, outcomes, ramp }: DealStep, bucket: number, around: Surroundings): Outcome {
  const ends = ramp ? [threshold(ramp(around.nowMs()))] : limits;
  // What lies in no range gets the last.
  return outcomes.at(ends.findIndex((end) => bucket < end))!;
}

export function unitFor({ name }: Dealing, context: EvaluationContext): string | undefined {
  return name === 'targetingKey' ? targetingKeyOf(context) : unitOf(attributeOf(context, name));
}

/** Of a list, one element is enough. */
function meetsAny(at: AskStep, found: unknown): boolean {
  if (typeof found !== 'object' || at.kind === EXISTS || !Array.isArray(found)) return meets(at, found);
  for (let index = 0; index < found.length && index < MAX_ELEMENTS; index++) if (meets(at, found[index])) return true;
  return false;
}

/** Whether one value satisfies a comparison. A missing one satisfies none. */
function meets(at: AskStep, found: unknown): boolean {
  if (typeof found === 'string') return meetsText(at.kind, at, found);
  const kind = at.kind & ~ANY_CASE;
  if (kind === EXISTS) return found !== undefined && found !== null;
  if (kind === EQUALITY) return isIn(at, found);
  // Instants may be Unix milliseconds or a Date.
  const isNumber = typeof found === 'number' || (kind === INSTANT && found instanceof Date);
  return isNumber && (kind === NUMBER || kind === INSTANT) && accepts(at, Number(found) - (at.operand as number));
}

function isIn({ operand }: AskStep, found: unknown): boolean {
  return (operand as ReadonlySet<unknown>).has(found);
}

function meetsText(kind: number, at: AskStep, found: string): boolean {
  const { operand } = at;
  if (kind === EQUALITY) return isIn(at, found);
  if (found.length > MAX_TEXT && kind !== EQUALITY + ANY_CASE) return kind === EXISTS;
  if (kind >= ANY_CASE) return meetsText(kind - ANY_CASE, at, found.toLowerCase());
  switch (kind) {
    case EXISTS:
      return true;
    case NUMBER:
      return false;
    case VERSION:
      return accepts(at, compareSemanticVersion(found, operand as SemanticVersion));
    case INSTANT:
      return accepts(at, (parseInstant(found) ?? NaN) - (operand as number));
    case PATTERN:
      return matchesPattern(operand as Pattern, found);
    case NETWORK: {
      const address = parseAddress(found);
      return !!address && (operand as readonly string[]).some((network) => address.startsWith(network));
    }
  }
  if (typeof operand === 'string') return isPlaced(kind, found, operand);
  return (operand as readonly string[]).some((one) => isPlaced(kind, found, one));
}

function isPlaced(kind: number, value: string, operand: string): boolean {
  if (kind === ENDS_WITH) return value.endsWith(operand);
  return kind === CONTAINS ? value.includes(operand) : value.startsWith(operand);
}

/** Whether the sign of a difference is one of the accepted ones. Never, when it is no number. */
function accepts({ accept }: AskStep, difference: number): boolean {
  return (accept & (difference < 0 ? 1 : difference > 0 ? 4 : difference === 0 ? 2 : 0)) > 0;
}
