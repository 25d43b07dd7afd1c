interface DenoGlobals {
  readonly Deno?: {
    readonly permissions?: { querySync?(descriptor: Descriptor): { readonly state: string } };
  };
}

interface Descriptor {
  readonly name: string;
  readonly kind?: string;
}

/** Deno asks its user, or throws; looking first does neither. Elsewhere everything is allowed. */
export function isAllowed(descriptor: Descriptor): boolean {
  const { permissions } = (globalThis as DenoGlobals).Deno ?? {};
  return permissions?.querySync === undefined || permissions.querySync(descriptor).state === 'granted';
}
