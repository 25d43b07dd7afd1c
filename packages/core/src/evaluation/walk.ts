import { parseInstant } from '../document/instant.ts';
import { inNetwork, type Network, parseAddress } from '../document/network.ts';
import { matchesPattern, type Pattern } from '../document/pattern.ts';
import { compareSemanticVersion, type SemanticVersion } from '../document/semantic-version.ts';
import { bucketOf, threshold } from './bucket.ts';
import { fold } from './compile-condition.ts';
import { attributeOf, type EvaluationContext, readPlain, targetingKeyOf, unitOf } from './context.ts';
import {
  ANSWER,
  CONTAINS,
  DEAL,
  type Deal,
  type Dealing,
  EQUALITY,
  EXISTS,
  INSTANT,
  NETWORK,
  NUMBER,
  type Outcome,
  PATTERN,
  SCHEDULE,
  SEGMENT,
  STARTS_WITH,
  type Step,
  TARGETS,
  VERSION,
} from './step.ts';

/** What a walk may ask beside the context. `stamp` names the evaluation: within one, everything is asked once. */
export interface Surroundings {
  nowMs(stamp: number): number;
  inSegment(name: string, context: EvaluationContext, stamp: number): boolean;
}

/** Of longer lists only this many elements are looked at. */
const MAX_ELEMENTS = 1000;
/** Longer attribute values are matched by no text operator but `equals` and `in`: an answer must not take long. */
export const MAX_TEXT = 2048;

/** Follows the steps from `first` to an answer. */
export function walk(first: Step, context: EvaluationContext, stamp: number, around: Surroundings): Outcome {
  for (let at = first; ;) {
    const { kind, operand } = at;
    let passes: boolean;
    switch (kind) {
      case ANSWER:
        return operand as Outcome;
      case DEAL:
        return deal(operand as Deal, context, stamp, around);
      case TARGETS: {
        const key = targetingKeyOf(context);
        const target = key === undefined ? undefined : (operand as ReadonlyMap<string, Outcome>).get(key);
        if (target !== undefined) return target;
        passes = true;
        break;
      }
      case SCHEDULE: {
        const [onMs, offMs] = operand as readonly [number, number];
        const nowMs = around.nowMs(stamp);
        passes = nowMs >= onMs && nowMs < offMs;
        break;
      }
      case SEGMENT:
        passes = around.inSegment(at.name, context, stamp);
        break;
      default: {
        const found = at.slot < 0 ? attributeOf(context, at.name) : readPlain(context, at.name, at.slot);
        passes = typeof found === 'object' && kind !== EXISTS ? someMeets(at, found) : meets(at, found);
      }
    }
    at = (passes ? at.yes : at.no)!;
  }
}

function deal(how: Deal, context: EvaluationContext, stamp: number, around: Surroundings): Outcome {
  const { outcomes, limits, ramp } = how;
  const unit = unitFor(how, context);
  if (unit === undefined) return how.missing;
  const bucket = bucketOf(how.salt, unit);
  let index = 0;
  if (ramp !== undefined) index = bucket < threshold(ramp(around.nowMs(stamp))) ? 0 : 1;
  else while (bucket >= limits[index]!) index++;
  return outcomes[index]!;
}

export function unitFor({ by }: Dealing, context: EvaluationContext): string | undefined {
  return by === 'targetingKey' ? targetingKeyOf(context) : unitOf(attributeOf(context, by));
}

/** Of a list, one element is enough. */
function someMeets(at: Step, found: object | null): boolean {
  if (!Array.isArray(found)) return meets(at, found);
  for (let index = 0; index < found.length && index < MAX_ELEMENTS; index++) if (meets(at, found[index])) return true;
  return false;
}

/** Whether one value satisfies a comparison. A missing one satisfies none. */
function meets({ kind, operand, accept, ignoreCase }: Step, found: unknown): boolean {
  const value = ignoreCase ? fold(found, true) : found;
  switch (kind) {
    case EXISTS:
      return value !== undefined && value !== null;
    case EQUALITY:
      return (operand as ReadonlySet<unknown>).has(value);
    case NUMBER:
      return typeof value === 'number' && accepts(accept, value - (operand as number));
    case INSTANT:
      return accepts(accept, instantOf(value) - (operand as number));
  }
  if (typeof value !== 'string' || value.length > MAX_TEXT) return false;
  switch (kind) {
    case VERSION:
      return accepts(accept, compareSemanticVersion(value, operand as SemanticVersion));
    case PATTERN:
      return matchesPattern(operand as Pattern, value);
    case NETWORK: {
      const address = parseAddress(value);
      return address !== undefined && (operand as readonly Network[]).some((network) => inNetwork(address, network));
    }
  }
  if (typeof operand === 'string') return isPlaced(kind, value, operand);
  return (operand as readonly string[]).some((one) => isPlaced(kind, value, one));
}

function isPlaced(kind: number, value: string, operand: string): boolean {
  return kind === CONTAINS
    ? value.includes(operand)
    : kind === STARTS_WITH
      ? value.startsWith(operand)
      : value.endsWith(operand);
}

/** Whether the sign of a difference is one of the accepted ones. Never, when it is no number. */
function accepts(accept: number, difference: number): boolean {
  return difference < 0 ? (accept & 1) > 0 : difference > 0 ? accept > 3 : difference === 0 && (accept & 2) > 0;
}

/** Unix milliseconds of ISO 8601 text with a zone, of a number (Unix milliseconds) or of a Date; NaN for anything else. */
function instantOf(value: unknown): number {
  if (typeof value === 'string') return parseInstant(value) ?? NaN;
  return typeof value === 'number' || value instanceof Date ? Number(value) : NaN;
}
