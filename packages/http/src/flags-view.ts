import { describe } from '@clarity/flags-changes';
import type { FlagValue, Health } from '@clarity/flags-core';
import type { FlagDefinition } from '@clarity/flags-core/document';
import type { CompleteClient } from './shown-client.ts';

/** Every flag as a request without any context gets it. */
export interface FlagsView {
  /** The served revision as text, or null. */
  readonly revision: string | null;
  /** In the order of their keys. */
  readonly flags: readonly FlagView[];
}

export interface FlagView {
  readonly key: string;
  /**
   * Null where callers get their own fallbacks: the flag is set aside, overridden with another type than its own, or
   * has no value for nobody in particular.
   */
  readonly value: FlagValue | null;
  /** An override stands above the document. */
  readonly overridden: boolean;
  /** When the override ends by itself, as ISO 8601 in UTC; null for one that stays, and where there is none. */
  readonly overridden_until: string | null;
  /** This version cannot read the flag. */
  readonly set_aside: boolean;
  /** What the document has the flag do, in words; null where it has none that can be read. */
  readonly does: string | null;
}

const SOMEBODY = { targetingKey: 'somebody' };

/**
 * Reads every value at once and through `all`, which counts no evaluation: watching must not change the figures that
 * are watched.
 */
export function flagsView(client: CompleteClient, health: Health): FlagsView {
  // A flag that is for some users only has no value of its own for nobody in particular, and then `all` leaves it out:
  // its key is known from what somebody gets.
  const values = new Map<string, FlagValue | null>(Object.keys(client.all(SOMEBODY)).map((key) => [key, null]));
  for (const [key, value] of Object.entries(client.all())) values.set(key, value);
  const { flags = {} } = client.document() ?? {};
  const nowMs = Date.now() + (client.freshness().clockOffsetMs ?? 0);
  const overridden = new Map(health.override_ends.map(({ flag, at }) => [flag, at]));
  const setAside = new Set(health.set_aside_flags.map(({ flag }) => flag));
  // `all` leaves an override out that is of another type than its flag.
  for (const key of overridden.keys()) if (!values.has(key)) values.set(key, null);
  for (const key of setAside) if (!overridden.has(key)) values.set(key, null);
  return {
    revision: health.revision,
    flags: [...values]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => ({
        key,
        value,
        overridden: overridden.has(key),
        overridden_until: overridden.get(key) ?? null,
        set_aside: setAside.has(key) && !overridden.has(key),
        does: doesOf(Object.hasOwn(flags, key) ? flags[key] : undefined, nowMs),
      })),
  };
}

function doesOf(flag: FlagDefinition | undefined, nowMs: number): string | null {
  return flag === undefined ? null : describe(flag, nowMs);
}
