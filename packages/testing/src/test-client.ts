import type { FlagClient, FlagValue } from '@clarity/flags-core';
import { openFlagClient } from '@clarity/flags-core/driver';
import type { Widened } from '@clarity/flags-core/evaluation';
import { type HeldFlags, holdFlags } from './hold-flags.ts';
import { silentLogger } from './recording-logger.ts';
import { copyOf, documentOf, sameFlags, type TestFlags } from './test-flags.ts';

/** A client for tests of applications: `FlagClient`, and a hand on its flags. */
export interface TestFlagClient<Flags extends TestFlags = TestFlags> extends FlagClient {
  /**
   * From now on the flag has this value, for everyone. `changed` listeners hear of it before this returns.
   *
   * @throws TypeError when no flag can have the value.
   */
  set<Key extends keyof Flags & string>(key: Key, value: Widened<Flags[Key]>): void;
  /** From now on there is no such flag: callers get their fallbacks. */
  remove(key: keyof Flags & string): void;
  /** Back to the flags that the client was made with. Overrides are removed, listeners stay. */
  reset(): void;
}

/**
 * A client with these flags, each of which answers everyone with its value. It is the client that applications have,
 * over a driver that holds the flags in memory: ready and fresh from the start, without a timer, a store or a file, so
 * it runs wherever JavaScript does. It logs nothing. Flags count as visible to clients.
 *
 * @example
 * const flags = createTestClient({ new_checkout: true, theme: 'dark' });
 * flags.set('new_checkout', false);
 *
 * @throws TypeError when no flag can have one of the values.
 */
export function createTestClient(): TestFlagClient;
export function createTestClient<Flags extends TestFlags>(flags: Flags): TestFlagClient<Flags>;
export function createTestClient(given: TestFlags = {}): TestFlagClient {
  const initial: ReadonlyMap<string, FlagValue> = new Map(
    Object.entries(given).map(([key, value]) => [key, copyOf(key, value)]),
  );
  let flags = initial;
  let held: HeldFlags | undefined;
  const client = openFlagClient((parts) => (held = holdFlags(parts, documentOf(initial))), {
    environment: 'test',
    logger: silentLogger,
    refreshMode: 'none',
    variables: false,
  });
  const swap = (next: ReadonlyMap<string, FlagValue>): void => {
    if (sameFlags(flags, next)) return;
    flags = next;
    held?.put(documentOf(next));
  };
  return Object.assign(client, {
    set: (key: string, value: FlagValue) => swap(new Map([...flags, [key, copyOf(key, value)]])),
    remove: (key: string) => swap(new Map([...flags].filter(([name]) => name !== key))),
    reset: () => {
      for (const key of client.health().overrides) client.removeOverride(key);
      swap(initial);
    },
  });
}
