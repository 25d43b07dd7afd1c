import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addressOf, exampleFolder, startExample } from '../support/example.ts';
import type { Program } from '../support/program.ts';

const token = 'the-token-of-the-twin-test';
const shipped = join(exampleFolder('clarity-digital-twin'), 'flags.json');

let folder: string;
let file: string;
let program: Program;
let address: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-twin-'));
  file = join(folder, 'flags.json');
  await writeFile(file, await readFile(shipped));
  program = await startExample('clarity-digital-twin', { FLAGS_FILE: file, FLAGS_TOKEN: token });
  address = await addressOf(program);
});

afterEach(async () => {
  await program.kill();
  await rm(folder, { recursive: true });
});

const ask = async (path: string): Promise<unknown> => (await fetch(address + path)).json();

it('asks by named checks, keeps an analysis behind the decorator, and follows the file', async () => {
  expect(await ask('/twins/u1/features')).toMatchObject({ maniaRisk: true });
  expect(await ask('/twins/u1')).toMatchObject({ userId: 'u1', days: 7, maniaRisk: expect.any(Number) });
  expect((await fetch(`${address}/twins/u1`)).headers.get('cache-control')).toBe('no-store');

  const edited = JSON.parse(await readFile(shipped, 'utf8')) as { flags: Record<string, Record<string, unknown>> };
  edited.flags['mania_risk_analysis'] = { status: 'disabled' };
  edited.flags['pat_model_v2'] = { status: 'enabled' };
  edited.flags['enhanced_security'] = { status: 'disabled' };
  edited.flags['sleep_window'] = { ...edited.flags['sleep_window'], fallthrough: 'fortnight' };
  await writeFile(file, JSON.stringify(edited));
  await program.says(/Changed: .*mania_risk_analysis/);
  expect(await ask('/twins/u1/features')).toEqual({ maniaRisk: false, patModelV2: true });
  expect(await ask('/twins/u1')).toEqual({ userId: 'u1', model: 'pat-v2', days: 14, maniaRisk: null });
  expect((await fetch(`${address}/twins/u1`)).headers.get('cache-control')).toBeNull();
});

it('shows health and refreshes for the operator, and answers probes of everybody', async () => {
  const status = async (path: string, init?: RequestInit): Promise<number> =>
    (await fetch(address + path, init)).status;
  const headers = { authorization: `Bearer ${token}` };
  expect(await status('/feature-flags/health')).toBe(401);
  expect(await status('/feature-flags/health', { headers: { authorization: 'Bearer some-other-token' } })).toBe(401);
  expect(await (await fetch(`${address}/feature-flags/health`, { headers })).json()).toMatchObject({ healthy: true });
  expect(await status('/feature-flags/refresh', { method: 'POST' })).toBe(401);
  const refreshed = await fetch(`${address}/feature-flags/refresh`, { method: 'POST', headers });
  expect(await refreshed.json()).toMatchObject({ ok: true });
  expect(await status('/metrics/feature-flags/prometheus')).toBe(401);
  expect([await status('/feature-flags/live'), await status('/feature-flags/ready')]).toEqual([200, 200]);
});

it('is strict while it has no flags, for that is what its registry says', async () => {
  await program.stop('SIGTERM');
  program = await startExample('clarity-digital-twin', { FLAGS_FILE: join(folder, 'missing.json') });
  address = await addressOf(program);
  expect((await fetch(`${address}/twins/u1`)).headers.get('cache-control')).toBe('no-store');
  expect(await ask('/twins/u1')).toMatchObject({ model: 'pat-v1', maniaRisk: null });
});

it('ends with 0 when it is told to', async () => {
  expect(await program.stop('SIGTERM')).toBe(0);
});
