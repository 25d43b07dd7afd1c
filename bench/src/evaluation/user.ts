import { ALL_COUNTRIES, type TargetedFlag } from './flag.ts';

/** Who asks. Each subject makes its own kind of context of it, before anything is timed. */
export interface User {
  readonly id: string;
  readonly country: string;
  /** A semantic version. */
  readonly version: string;
  readonly email: string;
}

/** The same users at every run. Of every 32, `preReleases` have a version that is not released yet. */
export function makeUsers(count: number, { preReleases = 0 } = {}): readonly User[] {
  const random = randomNumbers(0x5eed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, number) => {
    const version = below(32) < preReleases ? `2.${below(8)}.0-rc.1` : `${1 + below(5)}.${below(20)}.${below(30)}`;
    const domain = ['example.com', 'example.com', 'example.com', 'mail.example.org'][below(4)]!;
    return {
      id: `user-${number + 10_000}`,
      country: ALL_COUNTRIES[below(ALL_COUNTRIES.length)]!,
      version,
      email: `person${number}@${domain}`,
    };
  });
}

/** Whether a user meets a flag's three conditions, in plain words: what all subjects must agree on. */
export function meets({ country, version, email }: User, flag: TargetedFlag): boolean {
  const [release = '', preRelease] = version.split('-');
  const found = release.split('.').map(Number);
  const index = found.findIndex((part, place) => part !== flag.version[place]);
  const isVersion = index < 0 ? preRelease === undefined : found[index]! > flag.version[index]!;
  return flag.countries.includes(country) && isVersion && email.endsWith(flag.emailSuffix);
}

/**
 * Numbers from 0 to 1 that follow from a seed (a linear congruential generator with the constants of Numerical
 * Recipes).
 */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
