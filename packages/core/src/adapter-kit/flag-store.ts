import type { StoreRoles } from '../ports/flag-store.ts';

type SomeRoles = { readonly [Role in keyof StoreRoles]?: StoreRoles[Role] | undefined };

/** The roles as one store, whose `close` closes all of them. Idempotent, as theirs are. */
export function flagStore<Roles extends SomeRoles>(roles: Roles): Roles & { close(): Promise<void> } {
  return {
    ...roles,
    close: async () => {
      await Promise.all(Object.values(roles).map((role) => role?.close()));
    },
  };
}
