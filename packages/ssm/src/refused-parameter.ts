/**
 * Why AWS refuses a request for what it asks, as a sentence that says what to do. Told apart by words that AWS uses;
 * none of them is repeated.
 */
import type { StoreErrorReason } from '@clarity/flags-core/ports';

export interface Refusal {
  readonly reason: StoreErrorReason;
  /** Completes "cannot <operation> <target>: ". */
  readonly found: string;
  /** AWS was asked to turn a parameter of the advanced tier into one of the standard tier. */
  readonly isDowngrade?: true;
}

/** By the name of the error, where that says enough. */
const BY_NAME: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  [
    'HierarchyLevelLimitExceededException',
    { reason: 'invalid', found: 'the name has more than the 15 levels that AWS takes; choose a shorter path' },
  ],
  [
    'HierarchyTypeMismatchException',
    {
      reason: 'invalid',
      found: 'it exists with another type, and AWS changes none; make the option secure match it, or delete it first',
    },
  ],
  ...['ParameterPatternMismatchException', 'InvalidAllowedPatternException'].map((name): [string, Refusal] => [
    name,
    {
      reason: 'invalid',
      found: 'it was made with an allowed pattern that this value does not match; make it anew without the pattern',
    },
  ]),
  ...[
    'IncompatiblePolicyException',
    'InvalidPolicyAttributeException',
    'InvalidPolicyTypeException',
    'PoliciesLimitExceededException',
  ].map((name): [string, Refusal] => [
    name,
    {
      reason: 'invalid',
      found: 'its parameter policies do not allow this; look at them, or make it anew without policies',
    },
  ]),
  [
    'UnsupportedParameterType',
    { reason: 'invalid', found: 'its type cannot hold flags; make it anew as a String or a SecureString' },
  ],
  [
    'ParameterMaxVersionLimitExceeded',
    {
      reason: 'too-large',
      found:
        'it has 100 versions and the oldest carries a label, so AWS makes no new one; move that label to a newer version (ssm:LabelParameterVersion)',
    },
  ],
  [
    'ParameterLimitExceeded',
    {
      reason: 'too-large',
      found: 'the account has reached its number of parameters; delete some, or use the advanced tier',
    },
  ],
]);

/** A `ValidationException` has one name for all that may be wrong with a request. */
const BY_WORDS: readonly (readonly [RegExp, Refusal])[] = [
  [
    /downgrade/i,
    {
      reason: 'invalid',
      found: 'it is in the advanced tier, and AWS turns none back; use tier "advanced", or delete it',
      isDowngrade: true,
    },
  ],
  [
    /standard tier parameters support a maximum/i,
    {
      reason: 'too-large',
      found: 'a parameter of the standard tier holds 4,096 bytes; use tier "advanced" or layout "chunked"',
    },
  ],
  [
    /advanced tier parameters support a maximum/i,
    { reason: 'too-large', found: 'a parameter of the advanced tier holds 8,192 bytes; use layout "chunked"' },
  ],
  [
    /\{\{|nest another parameter/i,
    {
      reason: 'invalid',
      found:
        'the document holds {{ and }}, with which AWS would name another parameter; write one brace as \\u007b, or use layout "chunked"',
    },
  ],
  [
    /parameter name|fully qualified name/i,
    {
      reason: 'invalid',
      found:
        'AWS does not take the name; letters, digits, "_", "." and "-" are allowed between slashes, beginning with neither "aws" nor "ssm"',
    },
  ],
  [
    /at '(?:name|path)' failed to satisfy constraint/i,
    { reason: 'invalid', found: 'the name is longer than AWS takes; choose a shorter path' },
  ],
];

/** `undefined` for an error that is not a refusal of a parameter. */
export function refusalOf(name: string, message: string): Refusal | undefined {
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  if (name !== 'ValidationException') return undefined;
  return (
    BY_WORDS.find(([words]) => words.test(message))?.[1] ?? {
      reason: 'invalid',
      found: 'AWS refuses the request (ValidationException); check the path, the tier and the size',
    }
  );
}
