import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FlagClient } from '@clarity/flags-core';
import express5, { type Application } from 'express';
import express4 from 'express-4';
import { onTestFinished } from 'vitest';
import { setupFeatureFlags } from '../src/index.ts';
import { scriptedFlags, type ScriptedFlags } from './scripted-flags.ts';

export const on = { status: 'enabled' };
export const off = { status: 'disabled' };
export const forAda = { status: 'beta', betaUsers: ['ada'] };

/** Each version of Express that is supported, for `describe.each`. */
export const VERSIONS = [
  ['Express 4', express4],
  ['Express 5', express5],
] as const;

interface FlaggedApp {
  readonly app: Application;
  readonly store: ScriptedFlags;
  readonly client: FlagClient;
}

/** Sets an app up over a store in memory, which is down without flags. The client is closed after the test. */
export async function setUp(
  app: Application,
  flags: Readonly<Record<string, unknown>> | undefined,
  options: Readonly<Record<string, unknown>> = {},
): Promise<FlaggedApp> {
  const store = scriptedFlags(flags);
  const client = await setupFeatureFlags(app, {
    source: store.source,
    variables: false,
    logLevel: 'silent',
    ...options,
  });
  onTestFinished(() => client.close());
  return { app, store, client };
}

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** The server's address. It is closed after the test. */
export async function listening(server: Server): Promise<string> {
  if (!server.listening) await once(server, 'listening');
  onTestFinished(() => closeServer(server));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function listen(app: Application): Promise<string> {
  return listening(app.listen(0, '127.0.0.1'));
}

export async function textOf(address: string, init?: RequestInit): Promise<string> {
  return (await fetch(address, init)).text();
}
