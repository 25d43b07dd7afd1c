/** A flag in words that every system has. Each subject writes it in its own format. */
export type Flag = StaticFlag | RolloutFlag | TargetedFlag;

export interface StaticFlag {
  readonly kind: 'static';
  readonly key: string;
  readonly on: boolean;
}

/** On for a share of users. */
export interface RolloutFlag {
  readonly kind: 'rollout';
  readonly key: string;
  readonly percentage: number;
}

/** On for a share of the users who meet all three conditions. */
export interface TargetedFlag {
  readonly kind: 'targeted';
  readonly key: string;
  readonly countries: readonly string[];
  /** The user's version is at least this one: semantic versioning, major.minor.patch. */
  readonly version: readonly [major: number, minor: number, patch: number];
  readonly emailSuffix: string;
  readonly percentage: number;
}

const COUNTRIES = [
  'AT',
  'AU',
  'BE',
  'BR',
  'CA',
  'CH',
  'CZ',
  'DE',
  'DK',
  'ES',
  'FI',
  'FR',
  'GB',
  'IE',
  'IT',
  'JP',
  'NL',
  'NO',
  'PL',
  'PT',
  'SE',
  'US',
];

/** Where users are, every one as often as the others. */
export const ALL_COUNTRIES: readonly string[] = COUNTRIES;

export function staticFlags(count: number): readonly StaticFlag[] {
  return numbered(count, (number) => ({ kind: 'static', key: `static-${number}`, on: number % 2 === 0 }));
}

export function rolloutFlags(count: number, percentage = 50): readonly RolloutFlag[] {
  return numbered(count, (number) => ({ kind: 'rollout', key: `rollout-${number}`, percentage }));
}

export function targetedFlags(count: number, percentage = 30): readonly TargetedFlag[] {
  return numbered(count, (number) => ({
    kind: 'targeted',
    key: `targeted-${number}`,
    // Sixteen of twenty-two, other ones for each flag.
    countries: COUNTRIES.map((_, index) => COUNTRIES[(index + number) % COUNTRIES.length]!).slice(0, 16),
    version: [2, number % 8, 0],
    emailSuffix: number % 2 === 0 ? '@example.com' : '.com',
    percentage,
  }));
}

/** A third of each kind, mixed. */
export function mixedFlags(count: number): readonly Flag[] {
  const kinds = [staticFlags(count), rolloutFlags(count), targetedFlags(count)] as const;
  return numbered(count, (number) => kinds[number % 3]![number]!);
}

function numbered<T>(count: number, make: (number: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, number) => make(number));
}
