import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { addressOf, exampleFolder, startExample } from '../support/example.ts';
import type { Program } from '../support/program.ts';

const token = 'the-token-of-the-hono-test';
const shipped = join(exampleFolder('hono'), 'flags.json');

let folder: string;
let file: string;
let program: Program;
let address: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-hono-'));
  file = join(folder, 'flags.json');
  await writeFile(file, await readFile(shipped));
  program = await startExample('hono', { FLAGS_FILE: file, FLAGS_TOKEN: token });
  address = await addressOf(program);
});

afterEach(async () => {
  await program.kill();
  await rm(folder, { recursive: true });
});

it('asks one snapshot a request, guards a route by a flag, and follows the file', async () => {
  const engine = async (user: string): Promise<unknown> => (await fetch(`${address}/search?user=${user}`)).json();
  const news = async (user: string): Promise<number> => (await fetch(`${address}/beta/news?user=${user}`)).status;
  expect([await news('u1'), await news('u2')]).toEqual([200, 404]);
  const before = await Promise.all(['u1', 'u2', 'u3', 'u4', 'u5', 'u6'].map(engine));
  expect(new Set(before.map((one) => JSON.stringify(one)))).toEqual(
    new Set(['{"engine":"meaning"}', '{"engine":"words"}']),
  );

  await writeFile(file, (await readFile(shipped, 'utf8')).replace('50', '0').replace('"u1"', '"u2"'));
  await vi.waitFor(async () => expect([await news('u1'), await news('u2')]).toEqual([404, 200]), 5_000);
  expect(await engine('u1')).toEqual({ engine: 'words' });
});

it('shows how the flags stand under the prefix that they are mounted at', async () => {
  expect(await (await fetch(`${address}/ops/flags/health`)).json()).toMatchObject({ healthy: true });
  expect(await (await fetch(`${address}/ops/metrics/prometheus`)).text()).toContain('\nfeature_flag_stale_config 0\n');
  const refresh = (headers: Record<string, string>) =>
    fetch(`${address}/ops/flags/refresh`, { method: 'POST', headers });
  expect((await refresh({})).status).toBe(401);
  expect(await (await refresh({ authorization: `Bearer ${token}` })).json()).toMatchObject({ ok: true });
  expect((await fetch(`${address}/flags/health`)).status).toBe(404);
});

it('ends with 0 when it is told to, though somebody watches the stream', async () => {
  const headers = { authorization: `Bearer ${token}` };
  const watching = await fetch(`${address}/ops/flags/stream`, { headers });
  expect(watching.status).toBe(200);
  expect(await program.stop('SIGTERM')).toBe(0);
  await watching.body?.cancel().catch(() => {});
});
