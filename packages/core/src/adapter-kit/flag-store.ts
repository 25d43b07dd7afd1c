import type { StoreRoles } from '../ports/flag-store.ts';

type SomeRoles = { readonly [Role in keyof StoreRoles]?: StoreRoles[Role] | undefined };

/** The roles as one store, whose `close` closes all of them. Idempotent, as theirs are. */
export function flagStore<Roles extends SomeRoles>(roles: Roles): Roles & { close(): Promise<void> } {
  return {
    ...roles,
    close: async () => {
      const closables = Object.values<StoreRoles[keyof StoreRoles] | undefined>(roles);
      await Promise.all(closables.map(async (role) => role?.close()));
    },
  };
}
