// The four examples that are one shop on four runtimes, each started by its own command.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisPublisher } from '@clarity/flags-redis';
import { startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { startUpstashServer } from '@clarity/flags-stand-ins/upstash-server';
import { upstashPublisher } from '@clarity/flags-upstash';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { addressOf, exampleFolder, startExample } from '../support/example.ts';
import { type Program, startCommand } from '../support/program.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';

const token = 'the-token-of-the-shops-test';
const shipped = join(exampleFolder('bun-server'), 'flags.json');

let redis: RedisServer;
let folder: string;
let file: string;
const programs: Program[] = [];

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.stop());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-shops-'));
  file = join(folder, 'flags.json');
  await writeFile(file, await readFile(shipped));
});

afterEach(async () => {
  for (const program of programs.splice(0)) {
    // By a signal that it can heed, so that it takes the processes with it that it has started itself.
    const patience = setTimeout(() => void program.kill(), 5_000);
    await program.stop('SIGTERM');
    clearTimeout(patience);
  }
  await redis.command('FLUSHALL');
  await rm(folder, { recursive: true });
});

async function open(name: string, variables: Readonly<Record<string, string>>) {
  const program = await startExample(name, variables);
  programs.push(program);
  const address = await addressOf(program);
  const ask = async (path: string): Promise<unknown> => (await fetch(address + path)).json();
  return { program, address, ask };
}

/** The shipped flags with free shipping for everybody. */
async function freeShipping(): Promise<string> {
  return (await readFile(shipped, 'utf8')).replace('"disabled"', '"enabled"');
}

const shops: readonly { readonly name: string; readonly variables: () => Readonly<Record<string, string>> }[] = [
  { name: 'bun-server', variables: () => ({ FEATURE_FLAG_STORE_URL: file }) },
  { name: 'deno-server', variables: () => ({ FLAGS_FILE: file }) },
  { name: 'worker', variables: () => ({ FLAGS_FILE: file, REDIS_URL: redis.url }) },
  { name: 'lambda-ssm', variables: () => ({ FLAGS_FILE: file }) },
];

describe.each(shops)('$name', ({ name, variables }) => {
  it('sells by the flags of its file, follows a change of them, and ends with 0 when it is told to', async () => {
    const { program, address, ask } = await open(name, variables());
    expect(await ask('/checkout?user=u1')).toMatchObject({ checkout: 'one page', shipping: 4.9 });
    expect(await ask('/checkout')).toMatchObject({ checkout: 'three pages', shipping: 4.9 });
    expect((await fetch(address)).status).toBe(404);
    // No URL where it is taken for a reference to a base: a shop must not end by it.
    expect((await fetch(`${address}//`)).status).toBe(404);

    await writeFile(file, await freeShipping());
    await vi.waitFor(async () => expect(await ask('/checkout')).toMatchObject({ shipping: 0 }), {
      timeout: 10_000,
      interval: 50,
    });

    expect(await program.stop('SIGTERM')).toBe(0);
    await expect(fetch(address)).rejects.toThrow('fetch failed');
  });
});

describe.each(['bun-server', 'deno-server'])('%s', (name) => {
  it('sells by the flags of Redis when that is named, and shows how it stands to those with the token', async () => {
    const publisher = redisPublisher({ url: redis.url });
    const revision = await publisher.publish(await readFile(shipped, 'utf8'), 'absent', AbortSignal.timeout(5_000));
    const { program, address, ask } = await open(name, { REDIS_URL: redis.url, FLAGS_TOKEN: token });
    expect(await ask('/checkout?user=u1')).toEqual({ checkout: 'one page', shipping: 4.9 });

    expect(await ask('/feature-flags/health')).toMatchObject({
      healthy: true,
      refresh_mode: 'both',
      origin: { kind: 'primary' },
    });
    expect((await fetch(`${address}/feature-flags/status`)).status).toBe(401);
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${address}/feature-flags/status`, { headers })).status).toBe(200);
    const metrics = await (await fetch(`${address}/metrics/feature-flags/prometheus`)).text();
    expect(metrics).toContain('\nfeature_flag_stale_config 0\n');

    await publisher.publish(await freeShipping(), revision, AbortSignal.timeout(5_000));
    await publisher.close();
    await program.says(/Changed: free_shipping\n/);
    expect(await ask('/checkout')).toMatchObject({ shipping: 0 });
    // A stream that somebody watches does not hold it.
    const watching = await fetch(`${address}/feature-flags/stream`, { headers });
    expect(await program.stop('SIGTERM')).toBe(0);
    await watching.body?.cancel().catch(() => {});
  });

  it('opens with every feature off while there is no store, and says why', async () => {
    const { program, ask } = await open(name, { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await ask('/checkout?user=u1')).toEqual({ checkout: 'three pages', shipping: 4.9 });
    expect(program.output()).toMatch(/no flags .*redis/i);
  });
});

describe('worker', () => {
  it('pushes its metrics to a collector when one is named', async () => {
    const pushed: string[] = [];
    const collector = createServer(async (request, response) => {
      pushed.push(Buffer.concat(await request.toArray()).toString());
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    const { ask } = await open('worker', {
      FLAGS_FILE: file,
      REDIS_URL: redis.url,
      OTLP_URL: `http://127.0.0.1:${port}/v1/metrics`,
    });
    expect(await ask('/checkout')).toMatchObject({ flags: 'fresh' });
    await vi.waitFor(() => expect(pushed.join()).toContain('feature_flag_refresh_success'), { timeout: 5_000 });
    collector.close();
  });

  it('sells by the flags of the database that is named, and has no stand-in beside it then', async () => {
    const upstash = await startUpstashServer({ redisUrl: redis.url, token: 'of-the-user' });
    onTestFinished(() => upstash.stop());
    const variables = { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: upstash.token };
    const publisher = upstashPublisher({ url: upstash.url, token: upstash.token });
    await publisher.publish(await freeShipping(), 'absent', AbortSignal.timeout(5_000));
    const { program, ask } = await open('worker', variables);
    expect(await ask('/checkout')).toMatchObject({ shipping: 0, flags: 'fresh' });
    expect(program.output()).not.toContain('Published');
  });

  it('does not start without a store, and says what it needs', async () => {
    const program = await startExample('worker', { FLAGS_FILE: file, REDIS_URL: 'redis://127.0.0.1:1' });
    programs.push(program);
    expect(await program.ends()).toBe(1);
    expect(program.output()).toContain('REDIS_URL names it');
  });

  it('copied to where no stand-in is, asks for a database', async () => {
    const program = startCommand([process.execPath, 'dev.ts'], { cwd: exampleFolder('worker'), env: {} });
    programs.push(program);
    expect(await program.ends()).toBe(1);
    expect(program.output()).toContain('UPSTASH_REDIS_REST_URL');
  });
});

describe('lambda-ssm', () => {
  it('sells by the parameter that is named, and has no stand-in beside it then', async () => {
    const ssm = await startSsmServer();
    onTestFinished(() => ssm.stop());
    ssm.store.put({ name: '/mine', value: await freeShipping(), type: 'String', overwrite: false }, Date.now());
    const { program, ask } = await open('lambda-ssm', {
      FLAGS_PARAMETER: '/mine',
      AWS_ENDPOINT_URL_SSM: ssm.endpoint,
      AWS_REGION: ssm.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    expect(await ask('/checkout')).toMatchObject({ shipping: 0, flags: 'fresh' });
    expect(program.output()).not.toContain('Published');
  });
});
