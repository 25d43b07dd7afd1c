import type { EvaluationContext } from '../evaluation/context.ts';
import type { FlagClient } from './flag-client.ts';
import type { Health } from './health.ts';
import { describe, InvalidOptionsError } from './option-reader.ts';

let processWide: FlagClient | undefined;

/**
 * Makes a client the one of this process, for code that asks about flags from anywhere; `undefined` takes it back. Closing stays with its owner.
 *
 * @throws InvalidOptionsError for what is no client, such as the promise of one: every question would fail later
 */
export function setFlagClient(client: FlagClient | undefined): void {
  // Code without types takes it back by null.
  const given = client ?? undefined;
  if (given !== undefined && typeof given.isEnabled !== 'function') {
    throw new InvalidOptionsError([
      `client: found ${describe(given)}; allowed is what createFlagClient gives, and not a promise of it`,
    ]);
  }
  processWide = given;
}

/**
 * The client of this process.
 *
 * @throws Error when none was set
 */
export function getFlagClient(): FlagClient {
  if (processWide === undefined) {
    throw new Error(
      'there is no flag client in this process: call setFlagClient(createFlagClient({ source })) where it starts',
    );
  }
  return processWide;
}

/** Whether a flag is on, by the client of this process; `fallback` when none was set. Never throws. */
export function isFeatureEnabled(key: string, context?: EvaluationContext, fallback = false): boolean {
  return processWide === undefined ? fallback : processWide.isEnabled(key, context, fallback);
}

/** Health of the client of this process; null when none was set. */
export function featureFlagHealth(): Health | null {
  return processWide?.health() ?? null;
}
