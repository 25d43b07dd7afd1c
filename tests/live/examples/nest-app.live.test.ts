import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addressOf, exampleFolder, startExample } from '../support/example.ts';
import type { Program } from '../support/program.ts';

const token = 'the-token-of-the-nest-test';
const headers = { authorization: `Bearer ${token}` };
const shipped = join(exampleFolder('nest-app'), 'flags.json');

let folder: string;
let file: string;
let program: Program;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-nest-'));
  file = join(folder, 'flags.json');
  await writeFile(file, await readFile(shipped));
  program = await startExample('nest-app', { FEATURE_FLAG_STORE_URL: file, FLAGS_TOKEN: token });
  address = await addressOf(program);
}, 30_000);

afterAll(async () => {
  await program.kill();
  await rm(folder, { recursive: true });
});

const status = async (path: string): Promise<number> => (await fetch(address + path)).status;
const checkout = async (user: string): Promise<unknown> => (await fetch(`${address}/checkout?user=${user}`)).json();

it('injects the client, guards routes by decorator and by user, and follows the store', async () => {
  expect(await checkout('u1')).toEqual({ checkout: 'one page' });
  expect([await status('/checkout/gift-cards'), await status('/beta/news?user=u1')]).toEqual([200, 200]);
  expect([await status('/beta/news?user=u2'), await status('/beta/news')]).toEqual([404, 404]);

  const edited = JSON.parse(await readFile(shipped, 'utf8')) as { flags: Record<string, object> };
  edited.flags['new_checkout'] = { status: 'disabled' };
  edited.flags['gift_cards'] = { status: 'disabled' };
  edited.flags['beta_program'] = { status: 'beta', betaUsers: ['u2'] };
  await writeFile(file, JSON.stringify(edited));
  await program.says(/Changed: .*gift_cards/);
  expect(await checkout('u1')).toEqual({ checkout: 'three pages' });
  expect(await status('/checkout/gift-cards')).toBe(404);
  expect([await status('/beta/news?user=u1'), await status('/beta/news?user=u2')]).toEqual([404, 200]);
});

it('answers probes of everybody, and shows every flag to the operator', async () => {
  const paths = ['/feature-flags/ready?strict', '/feature-flags/live', '/metrics/feature-flags/prometheus'];
  expect(await Promise.all(paths.map(status))).toEqual([200, 200, 200]);
  expect(await status('/feature-flags/status')).toBe(401);
  expect(await (await fetch(`${address}/feature-flags/status`, { headers })).json()).toHaveProperty('flags');
});

it('ends when it is told to, though somebody watches the stream', async () => {
  const watching = await fetch(`${address}/feature-flags/stream`, { headers });
  expect(watching.status).toBe(200);
  expect(await program.stop('SIGTERM')).toBe(0);
  await watching.body?.cancel().catch(() => {});
});
