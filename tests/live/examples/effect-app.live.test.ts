import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisPublisher } from '@clarity/flags-redis';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { addressOf, exampleFolder, startExample } from '../support/example.ts';
import type { Program } from '../support/program.ts';
import { startRedis } from '../support/redis-server.ts';

const shipped = join(exampleFolder('effect-app'), 'flags.json');

let folder: string;
let file: string;
let program: Program;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-effect-app-'));
  file = join(folder, 'flags.json');
});

afterEach(async () => {
  await program.kill();
  await rm(folder, { recursive: true });
});

it('assesses by the flags of its file, logs each change of them, and closes its layers when it is told to', async () => {
  await writeFile(file, await readFile(shipped));
  program = await startExample('effect-app', { FLAGS_FILE: file });
  const address = await addressOf(program);
  const ask = async (path: string): Promise<unknown> => (await fetch(address + path)).json();
  expect(await ask('/risk?user=u1')).toEqual({ model: 'pat-v1', analyses: ['sleep', 'mania_risk'] });
  expect(await ask('/risk')).toEqual({ model: 'pat-v1', analyses: ['sleep'] });
  expect(await ask('/health')).toMatchObject({ healthy: true, refresh_mode: 'both' });
  expect(await ask('/')).toEqual({ error: 'Try /risk?user=u1' });
  expect(await ask('//')).toEqual({ error: 'Try /risk?user=u1' });

  await writeFile(file, (await readFile(shipped, 'utf8')).replace('"disabled"', '"enabled"'));
  await program.says(/Changed: pat_model_v2\n/);
  expect(await ask('/risk?user=u1')).toEqual({ model: 'pat-v2', analyses: ['sleep', 'mania_risk'] });
  expect(await program.stop('SIGTERM')).toBe(0);
});

it('shows a store that dies: failures, breaker, staleness and recovery, by what its streams tell', async () => {
  program = await startExample('effect-app', { FLAGS_FILE: shipped });
  const address = await addressOf(program);
  await program.says(/outage \| The store dies\n/);
  await program.says(/outage \| A refresh now: not asked, for \d+ ms\n/);
  await program.says(/outage \| Flags: stale\n/);
  await program.says(/outage \| The last good answer meanwhile: true\n/);
  await program.says(/outage \| Over: the breaker is closed\n/);
  const told = [...program.output().matchAll(/outage \| (Failed: \w+|Breaker: [\w-]+|Flags: \w+)/g)].map(
    ([, event = '']) => event,
  );
  const kinds = (prefix: string): readonly string[] => told.filter((event) => event.startsWith(prefix));
  expect(new Set(kinds('Failed'))).toEqual(new Set(['Failed: StoreUnavailable']));
  expect(kinds('Breaker').slice(0, 2)).toEqual(['Breaker: open', 'Breaker: half-open']);
  expect(kinds('Breaker').at(-1)).toBe('Breaker: closed');
  expect(kinds('Flags')).toEqual(['Flags: fresh', 'Flags: stale', 'Flags: fresh']);
  // Its own flags had another store, and no outage.
  expect(await (await fetch(`${address}/health`)).json()).toMatchObject({ healthy: true });
  expect(await program.stop('SIGINT')).toBe(0);
});

it('reads Redis where its address is set, and shows no secret of it where that is none', async () => {
  const server = await startRedis();
  const publisher = redisPublisher({ url: server.url });
  try {
    await publisher.publish(await readFile(shipped, 'utf8'), 'absent', new AbortController().signal);
    program = await startExample('effect-app', { REDIS_URL: server.url, SHOW_OUTAGE: 'false' });
    const address = await addressOf(program);
    expect(await (await fetch(`${address}/risk?user=u1`)).json()).toMatchObject({ analyses: ['sleep', 'mania_risk'] });
    await server.kill();
    await program.says(/Failed: StoreUnavailable/);
    expect(await program.stop('SIGTERM')).toBe(0);
  } finally {
    await publisher.close();
    await server.stop();
  }
  program = await startExample('effect-app', { REDIS_URL: 'http://flags:hunter2@redis.internal' });
  expect(await program.ends()).toBe(1);
  expect(program.output()).toMatch(/InvalidFlagOptions.*the address of Redis/s);
  expect(program.output()).not.toContain('hunter2');
});

it('starts without its file, says so, and follows once it is there', async () => {
  program = await startExample('effect-app', { FLAGS_FILE: file });
  await program.says(/WARN .*flags\.json/);
  const address = await addressOf(program);
  expect(await (await fetch(`${address}/risk?user=u1`)).json()).toEqual({ model: 'pat-v1', analyses: ['sleep'] });
  await writeFile(file, await readFile(shipped));
  await vi.waitFor(
    async () =>
      expect(await (await fetch(`${address}/risk?user=u1`)).json()).toMatchObject({
        analyses: ['sleep', 'mania_risk'],
      }),
    5_000,
  );
  expect(await program.stop('SIGINT')).toBe(0);
});

it('ends with what is wrong when its port is taken', async () => {
  const other = createServer();
  await once(other.listen(0, '127.0.0.1'), 'listening');
  try {
    const port = String((other.address() as AddressInfo).port);
    program = await startExample('effect-app', { FLAGS_FILE: shipped, PORT: port });
    await program.says(/EADDRINUSE/);
    expect(await program.ends()).toBe(1);
  } finally {
    other.close();
  }
});
