// No declaration that users reach names this file: it speaks of packages that they may not have installed.
import { MissingAdapterError } from './missing-adapter-error.ts';

// Each import stands in a `try` of its own: by that esbuild and webpack see that the package may be absent, and bundle
// an application without it.

export async function fetchAdapter(): Promise<typeof import('@clarity/flags-fetch')> {
  try {
    return await import('@clarity/flags-fetch');
  } catch (error) {
    throw missing('an https: address', ['@clarity/flags-fetch'], error);
  }
}

export async function redisAdapter(): Promise<typeof import('@clarity/flags-redis')> {
  try {
    return await import('@clarity/flags-redis');
  } catch (error) {
    throw missing('a redis: address', ['@clarity/flags-redis', 'ioredis'], error);
  }
}

export async function postgresAdapter(): Promise<typeof import('@clarity/flags-postgres')> {
  try {
    return await import('@clarity/flags-postgres');
  } catch (error) {
    throw missing('a postgres: address', ['@clarity/flags-postgres', 'pg'], error);
  }
}

export async function ssmAdapter(): Promise<typeof import('@clarity/flags-ssm')> {
  try {
    return await import('@clarity/flags-ssm');
  } catch (error) {
    throw missing('an ssm: address', ['@clarity/flags-ssm', '@aws-sdk/client-ssm'], error);
  }
}

export async function upstashAdapter(): Promise<typeof import('@clarity/flags-upstash')> {
  try {
    return await import('@clarity/flags-upstash');
  } catch (error) {
    throw missing('an upstash: address', ['@clarity/flags-upstash', '@upstash/redis'], error);
  }
}

/** The error with the install command when a package of an adapter is not there; any other as it is. */
export function missing(what: string, packages: readonly string[], error: unknown): unknown {
  return isNotFound(error) ? new MissingAdapterError(what, packages, error) : error;
}

/** Node and Deno give a code; Bun says it in the name. */
function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || error.name === 'ResolveMessage';
}
