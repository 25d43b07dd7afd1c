import { runtimeVariables } from './options/variables.ts';

/** Those of the process's variables that name its environment, for a client that nothing else of them is to set. */
export function namingVariables(): Readonly<Record<string, string | undefined>> {
  const { ENVIRONMENT, NODE_ENV } = runtimeVariables();
  return { ENVIRONMENT, NODE_ENV };
}
