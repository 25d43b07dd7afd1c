// Express over a real file: what an application sees when the file comes, changes, breaks and goes.
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlagClient, LogEntry } from '@clarity/flags-core';
import { type SetupOptions, setupFeatureFlags } from '@clarity/flags-express';
import { fileCache, fileStore } from '@clarity/flags-file';
import express5, { type Application } from 'express';
import express4 from 'express-4';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startProgram } from './support/program.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-express-'));
  path = join(folder, 'flags.json');
});

afterEach(() => rm(folder, { recursive: true }));

function write(status: 'enabled' | 'disabled'): Promise<void> {
  return writeFile(path, JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status } } }));
}

interface Running {
  readonly flags: FlagClient;
  readonly log: readonly LogEntry[];
  ask(path: string): Promise<Response>;
  /** What a request sees of the flag; its fallback is true. */
  checkout(): Promise<boolean>;
  close(): Promise<void>;
}

/** An Express server over the file. */
async function serveWith(express: () => Application, options: Partial<SetupOptions>): Promise<Running> {
  const app = express();
  const { source, feed } = fileStore({ path });
  const log: LogEntry[] = [];
  const flags = await setupFeatureFlags(app, {
    source,
    feed,
    refreshMode: 'both',
    variables: false,
    logger: { log: (entry) => void log.push(entry) },
    ...options,
  } as SetupOptions);
  app.get('/', (request, response) => void response.json(request.flags.isEnabled('new_checkout', true)));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await once(server.close(), 'close');
    await flags.close();
  };
  onTestFinished(close);
  const ask = (target: string): Promise<Response> => fetch(address + target);
  return { flags, log, ask, checkout: async () => (await (await ask('/')).json()) as boolean, close };
}

function soon(assertion: () => Promise<void>): Promise<void> {
  return vi.waitFor(assertion, { timeout: 1_000, interval: 20 });
}

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('%s over a file', (_name, express) => {
  const serve = (options: Partial<SetupOptions> = {}): Promise<Running> => serveWith(express, options);

  it('is ready with the flags of the file when setup resolves, and follows its changes', async () => {
    await write('disabled');
    const { ask, checkout } = await serve();
    expect(await checkout()).toBe(false);
    expect((await ask('/feature-flags/ready?strict')).status).toBe(200);
    await write('enabled');
    await soon(async () => expect(await checkout()).toBe(true));
  });

  it('F52 starts without the file after the wait, serves fallbacks, says why, and recovers when the file appears', async () => {
    const { ask, checkout, log } = await serve({ readyTimeoutMs: 100 });
    expect(await checkout()).toBe(true);
    expect(log.filter(({ message }) => message.includes('the application starts with what there is'))).toHaveLength(1);
    expect((await ask('/feature-flags/ready')).status).toBe(503);
    expect(await (await ask('/feature-flags/health')).json()).toMatchObject({ healthy: false, freshness: 'never' });

    await write('disabled');
    await soon(async () => expect(await checkout()).toBe(false));
    expect((await ask('/feature-flags/ready?strict')).status).toBe(200);
  });

  it('F59 starts from the last-known-good cache when the file is gone: ready, and not strictly so', async () => {
    const cachePath = join(folder, 'last-good.json');
    await write('disabled');
    const first = await serve({ cache: fileCache({ path: cachePath }) });
    expect(await first.checkout()).toBe(false);
    await first.close();
    await rename(path, `${path}.gone`);

    const second = await serve({ cache: fileCache({ path: cachePath }), readyTimeoutMs: 100 });
    expect(await second.checkout()).toBe(false);
    expect((await second.ask('/feature-flags/ready')).status).toBe(200);
    const strict = await second.ask('/feature-flags/ready?strict');
    expect(strict.status).toBe(503);
    expect(await strict.json()).toMatchObject({ status: 503, ready: false, freshness: 'stale' });
  });

  it('F43 closes file, feed and client with the server, in the middle of requests', async () => {
    await write('disabled');
    const { ask, flags, close } = await serve();
    const asked = Array.from({ length: 20 }, () => ask('/').catch(() => undefined));
    await close();
    await Promise.all(asked);
    expect(await flags.refresh()).toMatchObject({ ok: false, reason: 'closed' });
    expect(flags.isEnabled('new_checkout', {}, true)).toBe(false);
  });

  it('leaves a process that ends by itself once its server has closed', async () => {
    await write('enabled');
    const program = join(folder, 'program.mjs');
    const modules = (name: string): string => JSON.stringify(import.meta.resolve(name));
    await writeFile(
      program,
      `import express from ${modules('express')};
       import { setupFeatureFlags } from ${modules('@clarity/flags-express')};
       import { fileStore } from ${modules('@clarity/flags-file')};
       const app = express();
       const { source, feed } = fileStore({ path: process.env.FLAGS });
       const flags = await setupFeatureFlags(app, { source, feed, refreshMode: 'both' });
       const server = app.listen(0, '127.0.0.1', async () => {
         const answer = await fetch('http://127.0.0.1:' + server.address().port + '/feature-flags/health');
         console.log('health', answer.status, flags.isEnabled('new_checkout'));
         server.close();
       });`,
    );
    const running = startProgram(program, { FLAGS: path });
    onTestFinished(() => running.kill());
    await running.says(/health 200 true/);
    expect(await running.ends()).toBe(0);
  });
});
