import { describeOption } from '../adapter-kit/adapter-options.ts';
import type { EvaluationContext } from '../evaluation/context.ts';
import type { FlagClient } from './flag-client.ts';
import type { Health } from './health.ts';
import { InvalidOptionsError } from './options/option-reader.ts';
import { SAY, say } from './events/say.ts';

/**
 * Where the process keeps its client: bundlers and hot reload evaluate this module more than once in one process, and
 * each copy has to find the same client (F62). The number changes when something else than a client is kept.
 */
const PROCESS_WIDE: unique symbol = Symbol.for('@clarity/flags-core/process-wide/1') as never;
const place = globalThis as { [PROCESS_WIDE]?: FlagClient | undefined };
/** Of this copy alone, where the global object takes nothing. */
let here: FlagClient | undefined;

/** What stands there may be anybody's. */
function present(): FlagClient | undefined {
  const there = place[PROCESS_WIDE];
  return typeof there?.isEnabled === 'function' ? there : here;
}

/**
 * Makes a client the one of this process, for code that asks about flags from anywhere; `undefined` takes it back.
 * Closing stays with its owner: one that takes the place of a client that is still open is put there, and the log
 * warns.
 *
 * @throws InvalidOptionsError for what is no client, such as the promise of one: every question would fail later
 */
export function setFlagClient(client: FlagClient | undefined): void {
  // Code without types takes it back by null.
  const given = client ?? undefined;
  if (given !== undefined && typeof given.isEnabled !== 'function') {
    throw new InvalidOptionsError([
      `client is ${describeOption(given)}; allowed is what createFlagClient gives, and not a promise of it`,
    ]);
  }
  warnOfReplaced(present(), given);
  try {
    place[PROCESS_WIDE] = given;
  } catch {
    here = given;
  }
}

/**
 * The client of this process.
 *
 * @throws Error when none was set
 */
export function getFlagClient(): FlagClient {
  const client = present();
  if (client === undefined) {
    throw new Error(
      'there is no flag client in this process: call setFlagClient(createFlagClient({ source })) where it starts',
    );
  }
  return client;
}

/** Whether a flag is on, by the client of this process; `fallback` when none was set. Never throws. */
export function isFeatureEnabled(key: string, context?: EvaluationContext, fallback = false): boolean {
  return present()?.isEnabled(key, context, fallback) ?? fallback;
}

/** Health of the client of this process; null when none was set. */
export function featureFlagHealth(): Health | null {
  return present()?.health() ?? null;
}

/**
 * A client that nobody asks any more goes on reading and keeps its connections. One of a test holds nothing, and has no
 * log.
 */
function warnOfReplaced(before: FlagClient | undefined, given: FlagClient | undefined): void {
  if (before === undefined || given === undefined || before === given) return;
  if (!(SAY in before) || before.health().closed) return;
  const entry = {
    level: 'warn',
    message:
      'another client took the place of the process-wide one, which is still open and goes on reading; close it first, or create one only while featureFlagHealth() is null where a module is evaluated more than once',
    fields: {},
  } as const;
  if (!say(given, entry)) say(before, entry);
}
