import { parseInstant } from '../document/instant.ts';
import { inNetwork, parseAddress, parseNetwork } from '../document/network.ts';
import { compilePattern, matchesPattern } from '../document/pattern.ts';
import { compareSemanticVersion, parseSemanticVersion } from '../document/semantic-version.ts';
import type { Comparison, Operand, OperatorName } from '../document/types.ts';

/** Longer attribute values are matched by no text operator but `equals` and `in`: an answer must not take long. */
export const MAX_TEXT = 2048;

/** Whether one attribute value, neither missing nor a list, satisfies a comparison. Never throws. */
export type Test = (found: unknown) => boolean;

type Operator = (operands: readonly Operand[], ignoreCase: boolean) => Test;

const onText =
  (test: (found: string) => boolean): Test =>
  (found) =>
    typeof found === 'string' && found.length <= MAX_TEXT && test(found);

const fold = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

const equality: Operator = (operands, ignoreCase) => {
  const known = new Set<unknown>(ignoreCase ? operands.map(fold) : operands);
  return ignoreCase ? (found) => known.has(fold(found)) : (found) => known.has(found);
};

const search =
  (meets: (found: string, operand: string) => boolean): Operator =>
  (operands, ignoreCase) => {
    const texts = (ignoreCase ? operands.map(fold) : operands) as readonly string[];
    const only = texts[0]!;
    if (!ignoreCase && texts.length === 1) return onText((found) => meets(found, only));
    return onText((found) => {
      const folded = ignoreCase ? found.toLowerCase() : found;
      return texts.some((text) => meets(folded, text));
    });
  };

/** Operators that differ in nothing but the sign of (found - operand) that they want. */
const ordering =
  <T>(parse: (operand: never) => T | undefined, distance: (found: unknown, operand: T) => number) =>
  (order: (sign: number) => boolean): Operator =>
  ([given]) => {
    const operand = known(parse(given as never));
    return (found) => order(distance(found, operand));
  };
const numbers = ordering(
  (operand: number) => operand,
  (found, operand) => (typeof found === 'number' ? found - operand : NaN),
);
/** Attributes may be ISO 8601 text with a zone, Unix milliseconds or a Date. */
const instants = ordering(
  parseInstant,
  (found, operand) =>
    (typeof found === 'string' ? (parseInstant(found) ?? NaN) : typeof found === 'number' || found instanceof Date ? Number(found) : NaN) -
    operand,
);
const versions = ordering(parseSemanticVersion, (found, operand) =>
  typeof found === 'string' && found.length <= MAX_TEXT ? compareSemanticVersion(found, operand) : NaN,
);
const less = (sign: number): boolean => sign < 0;
const more = (sign: number): boolean => sign > 0;
const atMost = (sign: number): boolean => sign <= 0;
const atLeast = (sign: number): boolean => sign >= 0;

const OPERATORS: Readonly<Record<OperatorName, Operator>> = {
  exists: () => () => true,
  equals: equality,
  in: equality,
  contains: search((found, operand) => found.includes(operand)),
  startsWith: search((found, operand) => found.startsWith(operand)),
  endsWith: search((found, operand) => found.endsWith(operand)),
  matches: ([operand], ignoreCase) => {
    const pattern = compilePattern(operand as string, ignoreCase);
    return onText((found) => matchesPattern(pattern, found));
  },
  lessThan: numbers(less),
  atMost: numbers(atMost),
  greaterThan: numbers(more),
  atLeast: numbers(atLeast),
  before: instants(less),
  after: instants(more),
  semverEquals: versions((sign) => sign === 0),
  semverLessThan: versions(less),
  semverAtMost: versions(atMost),
  semverGreaterThan: versions(more),
  semverAtLeast: versions(atLeast),
  inNetwork: (operands) => {
    const networks = operands.map((operand) => known(parseNetwork(operand as string)));
    return onText((found) => {
      const address = parseAddress(found);
      return address !== undefined && networks.some((network) => inNetwork(address, network));
    });
  },
};

/** The test of a comparison. Throws for an operator or an operand that is not known, which no decoded document holds. */
export function operatorTest({ attribute, op, value, ignoreCase = false }: Comparison): Test {
  const operands = [value as Operand | readonly Operand[]].flat();
  // The targeting key is text, whatever its users wrote.
  return OPERATORS[op](attribute === 'targetingKey' ? operands.map(String) : operands, ignoreCase);
}

function known<T>(operand: T | undefined): T {
  if (operand === undefined) throw new Error('unknown operand');
  return operand;
}
