/**
 * The variables of this process, and none where there is no process: some runtimes hand them to each request instead.
 */
export function environmentVariables(): Readonly<Record<string, string | undefined>> {
  const { process } = globalThis as {
    readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
  };
  return process?.env ?? {};
}
