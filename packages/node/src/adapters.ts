/** What an address stands for needs a package that the application may not have installed. */
export class MissingAdapterError extends Error {
  constructor(what: string, packages: readonly string[], cause: unknown) {
    super(`${what} needs ${packages.join(' and ')}: npm install ${packages.join(' ')}`, { cause });
    this.name = 'MissingAdapterError';
  }
}

/**
 * Loads an optional adapter when an address asks for it.
 *
 * @throws MissingAdapterError with the install command when a package of it is not there
 */
export async function loadAdapter<Module>(
  what: string,
  packages: readonly string[],
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (isNotFound(error)) throw new MissingAdapterError(what, packages, error);
    throw error;
  }
}

/** Node and Deno give a code; Bun says it in the name. */
function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || error.name === 'ResolveMessage';
}
