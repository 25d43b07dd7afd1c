import type { Health } from '@clarity/flags-core';

/** Set-aside flags that are named in one answer. */
const MOST_NAMED = 100;

/** Health as it is sent: with the first of the set-aside flags, and how many more there are when there are more. */
export type SentHealth = Health & { readonly set_aside_not_named?: number };

/**
 * An older version of a program may set every flag of a large document aside. Probes and streams ask for health all the
 * time, and must not be sent megabytes each time.
 */
export function sentHealth(health: Health): SentHealth {
  const { set_aside_flags: setAside } = health;
  if (setAside.length <= MOST_NAMED) return health;
  return {
    ...health,
    set_aside_flags: setAside.slice(0, MOST_NAMED),
    set_aside_not_named: setAside.length - MOST_NAMED,
  };
}
