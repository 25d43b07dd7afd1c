import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runtimes } from '../support/runtimes.ts';

const program = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));

/** A server that accepts connections and never answers. */
async function startSilentServer(): Promise<{ readonly port: number; readonly connected: Promise<unknown> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connected: once(server, 'connection') };
}

async function flagFile(flags: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-command-line-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'flags.json');
  await writeFile(path, JSON.stringify({ schemaVersion: 1, flags }));
  return path;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

describe.each(runtimes)('the command line in $name', ({ run, start }) => {
  it.each(SIGNALS)('watches until %s, and has ended well then', async (signal) => {
    const path = await flagFile({ checkout: { status: 'enabled' } });
    const child = start(program, 'watch', path, '--format', 'json');
    const ended = once(child, 'close');
    // It has begun to watch once it tells what it found.
    const [first] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    expect(first).toContain('ready');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });

  it.each(SIGNALS)('ends with 130 when %s comes before it was done', async (signal) => {
    const silent = await startSilentServer();
    const child = start(program, 'show', `redis://127.0.0.1:${silent.port}`, '--timeout', '40');
    const ended = once(child, 'close');
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await silent.connected;
    child.kill(signal);
    expect(await ended).toEqual([130, null]);
    expect(stderr).toBe('clarity-flags: interrupted\n');
  });

  it('gives up when --timeout says so, however long the store would wait itself', async () => {
    const address = `redis://:hunter2@127.0.0.1:${(await startSilentServer()).port}`;
    const { code, stderr } = await run(program, 'show', address, '--timeout', '0.7');
    // The adapter would say that there was no connection within its 5 s.
    expect(stderr).toMatch(
      /^clarity-flags: timeout: .*stopped by the caller|^clarity-flags: timeout: no answer within 0\.7 s/,
    );
    expect(stderr).not.toContain('hunter2');
    expect(code).toBe(3);
  });
});

it('whose reader has left ends without a word', async () => {
  const many = Array.from({ length: 5_000 }, (_, index) => [`f${index}`, { status: 'enabled' }]);
  const path = await flagFile(Object.fromEntries(many));

  const child = spawn(process.execPath, [program, 'show', path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.destroy();
  const [code] = (await once(child, 'close')) as [number | null];
  expect(stderr).toBe('');
  expect(code).toBe(0);
});
