import { isAllowed } from '../../drivers/permission.ts';

/** The variables that a client reads. Those of stores are their adapters'. */
export const VARIABLES = [
  'ENVIRONMENT',
  'NODE_ENV',
  'FEATURE_FLAG_REFRESH_MODE',
  'FEATURE_FLAG_REFRESH_INTERVAL',
  'FEATURE_FLAG_STALE_THRESHOLD',
  'FEATURE_FLAG_BREAKER_FAILURE_THRESHOLD',
  'FEATURE_FLAG_BREAKER_RECOVERY_TIMEOUT',
  'FEATURE_FLAG_ENABLE_METRICS',
  'FEATURE_FLAG_OVERRIDES',
  'FEATURE_FLAG_LOG_LEVEL',
] as const;

export type Variable = (typeof VARIABLES)[number];

interface ProcessGlobals {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** The process's variables; none where there is no process, or where Deno was not allowed to read them. */
export function runtimeVariables(): Readonly<Record<string, string | undefined>> {
  return (isAllowed({ name: 'env' }) ? (globalThis as ProcessGlobals).process?.env : undefined) ?? {};
}
