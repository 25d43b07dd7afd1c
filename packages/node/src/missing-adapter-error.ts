/** What an address stands for needs a package that the application may not have installed. */
export class MissingAdapterError extends Error {
  constructor(what: string, packages: readonly string[], cause: unknown) {
    super(`${what} needs ${packages.join(' and ')}: npm install ${packages.join(' ')}`, { cause });
    this.name = 'MissingAdapterError';
  }
}
