import type { FlagClient, FlagValue, Health } from '@clarity/flags-core';

/** Every flag as a request without any context gets it. */
export interface FlagsView {
  /** The served revision as text, or null. */
  readonly revision: string | null;
  /** In the order of their keys. */
  readonly flags: readonly FlagView[];
}

export interface FlagView {
  readonly key: string;
  /** Null for a flag that is set aside: callers get their fallbacks. */
  readonly value: FlagValue | null;
  /** An override stands above the document. */
  readonly overridden: boolean;
  /** This version cannot read the flag. */
  readonly set_aside: boolean;
}

/**
 * Reads every value at once and through `all`, which counts no evaluation: watching must not change the figures that are
 * watched.
 */
export function flagsView(client: FlagClient, health: Health): FlagsView {
  const values = new Map<string, FlagValue | null>(Object.entries(client.all()));
  const overridden = new Set(health.overrides);
  const setAside = new Set(health.set_aside_flags.map(({ flag }) => flag));
  for (const key of setAside) if (!overridden.has(key)) values.set(key, null);
  return {
    revision: health.revision,
    flags: [...values]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => ({
        key,
        value,
        overridden: overridden.has(key),
        set_aside: setAside.has(key) && !overridden.has(key),
      })),
  };
}
