import type { RefreshMode } from '../../refresh/settings.ts';

export type Environment = 'production' | 'staging' | 'development' | 'test';

/**
 * What each environment starts from; options in code and variables stand above it. What is the same in all:
 * `refresh/settings.ts`.
 */
export interface EnvironmentDefaults {
  readonly mode: RefreshMode;
  readonly intervalMs: number;
  readonly staleAfterMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const DEVELOPMENT: EnvironmentDefaults = {
  mode: 'none',
  intervalMs: 12 * MINUTE,
  staleAfterMs: 60 * MINUTE,
};

export const ENVIRONMENT_DEFAULTS: Readonly<Record<Environment, EnvironmentDefaults>> = {
  production: { mode: 'both', intervalMs: 60 * SECOND, staleAfterMs: 5 * MINUTE },
  staging: { mode: 'periodic', intervalMs: 120 * SECOND, staleAfterMs: 10 * MINUTE },
  development: DEVELOPMENT,
  test: DEVELOPMENT,
};

const NAMES: Readonly<Record<string, Environment>> = {
  production: 'production',
  prod: 'production',
  staging: 'staging',
  stage: 'staging',
  development: 'development',
  dev: 'development',
  local: 'development',
  test: 'test',
};

export interface DetectedEnvironment {
  readonly environment: Environment;
  /** The name as it was given, when it is not one that is known; development was assumed. */
  readonly unknown: string | undefined;
  /** Nobody named one; development was assumed. */
  readonly unnamed: boolean;
}

/** Reads an environment's name. No name means development; so does an unknown one, which deserves a warning. */
export function detectEnvironment(name: string | undefined): DetectedEnvironment {
  const given = name?.trim() ?? '';
  if (given === '') return { environment: 'development', unknown: undefined, unnamed: true };
  const environment = Object.hasOwn(NAMES, given.toLowerCase()) ? NAMES[given.toLowerCase()] : undefined;
  return {
    environment: environment ?? 'development',
    unknown: environment === undefined ? given : undefined,
    unnamed: false,
  };
}
