import { isAllowed } from '../../drivers/permission.ts';

interface ProcessGlobals {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** The process's variables; none where there is no process, or where Deno was not allowed to read them. */
export function runtimeVariables(): Readonly<Record<string, string | undefined>> {
  return (isAllowed({ name: 'env' }) ? (globalThis as ProcessGlobals).process?.env : undefined) ?? {};
}
