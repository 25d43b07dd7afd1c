import type { FlagClient } from '@clarity/flags-core';
import { expect } from 'vitest';
import { createFlagHandler, type FlagHandlerOptions } from '../src/index.ts';
import { clientIn } from './client-in-state.ts';

const origin = 'http://flags.test';

interface Options extends Partial<Omit<FlagHandlerOptions, 'client'>> {
  readonly client?: FlagClient | Promise<FlagClient>;
}

/** Asks a handler of these options for a path. */
export function handlerFor({ client = clientIn('fresh'), ...options }: Options = {}) {
  return async (path: string, init?: RequestInit) =>
    createFlagHandler({ client: await client, ...options })(new Request(origin + path, init));
}

/** The problem details that an answer is, checked. */
export async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ type: 'about:blank', title: expect.any(String), status: response.status });
  return body;
}
