import { parseInstant } from '../document/instant.ts';
import { inNetwork, parseAddress, parseNetwork } from '../document/network.ts';
import { compilePattern, matchesPattern } from '../document/pattern.ts';
import { compareSemanticVersion, parseSemanticVersion } from '../document/semantic-version.ts';
import type { Comparison, Operand } from '../document/types.ts';

/** Longer attribute values are matched by no text operator but `equals` and `in`: an answer must not take long. */
export const MAX_TEXT = 2048;

/** Whether one attribute value, neither missing nor a list, satisfies a comparison. Never throws for plain values. */
export type Test = (value: unknown) => boolean;

/** The test of a comparison. Throws a one-line reason for an operator or an operand that this version does not know. */
export function operatorTest({ op, value, ignoreCase = false, attribute }: Comparison): Test {
  const list = Array.isArray(value) ? (value as readonly Operand[]) : [value as Operand];
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  const texts = list.map((one) => fold(String(one)));
  const text = texts[0]!;
  const some =
    (holds: (value: string, operand: string) => boolean): Test =>
    (found) => {
      if (typeof found !== 'string' || found.length > MAX_TEXT) return false;
      const folded = fold(found);
      return texts.length === 1 ? holds(folded, text) : texts.some((one) => holds(folded, one));
    };
  const number =
    (holds: (difference: number) => boolean): Test =>
    (found) =>
      typeof found === 'number' && holds(found - (value as number));
  const instant = (holds: (difference: number) => boolean): Test => {
    const operand = needed(parseInstant(text), text);
    return (found) => holds(instantOf(found) - operand);
  };
  const version = (holds: (order: number) => boolean): Test => {
    const operand = needed(parseSemanticVersion(text), text);
    return (found) => typeof found === 'string' && found.length <= MAX_TEXT && holds(compareSemanticVersion(found, operand));
  };

  switch (op) {
    case 'exists':
      return () => true;
    case 'equals':
    case 'in': {
      // The targeting key is text, whatever its users wrote.
      const operands = new Set<unknown>(
        list.map((one) => (typeof one === 'string' ? fold(one) : attribute === 'targetingKey' ? String(one) : one)),
      );
      const only = text;
      if (ignoreCase) return (found) => operands.has(typeof found === 'string' ? fold(found) : found);
      if (operands.size === 1 && operands.has(only)) return (found) => found === only;
      return (found) => operands.has(found);
    }
    case 'contains':
      return some((found, operand) => found.includes(operand));
    case 'startsWith':
      return some((found, operand) => found.startsWith(operand));
    case 'endsWith':
      return some((found, operand) => found.endsWith(operand));
    case 'matches': {
      const pattern = compilePattern(value as string);
      if (typeof pattern === 'string') throw new Error(pattern);
      return (found) => typeof found === 'string' && found.length <= MAX_TEXT && matchesPattern(pattern, found, ignoreCase);
    }
    case 'lessThan':
      return number((difference) => difference < 0);
    case 'atMost':
      return number((difference) => difference <= 0);
    case 'greaterThan':
      return number((difference) => difference > 0);
    case 'atLeast':
      return number((difference) => difference >= 0);
    case 'before':
      return instant((difference) => difference < 0);
    case 'after':
      return instant((difference) => difference > 0);
    case 'semverEquals':
      return version((order) => order === 0);
    case 'semverLessThan':
      return version((order) => order < 0);
    case 'semverAtMost':
      return version((order) => order <= 0);
    case 'semverGreaterThan':
      return version((order) => order > 0);
    case 'semverAtLeast':
      return version((order) => order >= 0);
    case 'inNetwork': {
      const networks = texts.map((one) => needed(parseNetwork(one), one));
      return (found) => {
        const address = typeof found === 'string' ? parseAddress(found) : undefined;
        return address !== undefined && networks.some((network) => inNetwork(address, network));
      };
    }
    default:
      throw new Error(`unknown operator ${String(op satisfies never)}`);
  }
}

function needed<T>(parsed: T | undefined, text: string): T {
  if (parsed === undefined) throw new Error(`cannot read ${text.slice(0, 60)}`);
  return parsed;
}

/** Unix milliseconds of ISO 8601 text with a zone, of a number (Unix milliseconds) or of a Date; NaN for anything else. */
function instantOf(found: unknown): number {
  if (typeof found === 'string') return parseInstant(found) ?? NaN;
  if (typeof found === 'number') return found;
  return found instanceof Date ? found.getTime() : NaN;
}
