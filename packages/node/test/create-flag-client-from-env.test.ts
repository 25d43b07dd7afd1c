import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlagClient } from '@clarity/flags-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MissingAdapterError } from '../src/missing-adapter-error.ts';
import { missing } from '../src/adapters.ts';
import { connect } from '../src/connect.ts';
import { createFlagClientFromEnv, type FromEnvOptions } from '../src/create-flag-client-from-env.ts';

const DOCUMENT = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';

let folder: string;
const open: FlagClient[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-node-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  await rm(folder, { recursive: true });
});

async function client(variables: Record<string, string>, options: FromEnvOptions = {}): Promise<FlagClient> {
  const made = await createFlagClientFromEnv({ variables, logLevel: 'silent', ...options });
  open.push(made);
  return made;
}

async function flagsFile(): Promise<string> {
  const path = join(folder, 'flags.json');
  await writeFile(path, DOCUMENT);
  return path;
}

describe('a client from variables', () => {
  it('reads the file when no variable names a store', async () => {
    const flags = await client({}, { path: await flagsFile() });
    await flags.ready();
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('reads the store that FEATURE_FLAG_STORE_URL names, and watches it in mode both', async () => {
    const path = await flagsFile();
    const flags = await client({ FEATURE_FLAG_STORE_URL: `file:${path}`, ENVIRONMENT: 'production' });
    await flags.ready();
    expect(flags.health().refresh_mode).toBe('both');
    const changed = new Promise<void>((resolve) => void flags.on('changed', () => resolve()));
    await writeFile(path, '{"schemaVersion":1,"flags":{"a":{"status":"disabled"}}}');
    await changed;
    expect(flags.isEnabled('a')).toBe(false);
  });

  it('F65 serves from a file all flags but the one with a mistake', async () => {
    const path = await flagsFile();
    await writeFile(path, '{"schemaVersion":1,"flags":{"a":{"status":"enabled"},"b":{"status":true}}}');
    const flags = await client({ FEATURE_FLAG_STORE_URL: path });
    await flags.ready();
    expect(flags.isEnabled('a')).toBe(true);
    expect(flags.details('b', {}, true)).toMatchObject({ value: true, errorCode: 'PARSE_ERROR' });
    expect(flags.health().set_aside_flags).toEqual([
      { flag: 'b', reason: '$.flags.b.status: found true, allowed: enabled, disabled, beta, canary' },
    ]);
  });

  it('lets options in code stand above variables', async () => {
    const flags = await client(
      { FEATURE_FLAG_REFRESH_MODE: 'periodic' },
      { path: await flagsFile(), refreshMode: 'none' },
    );
    expect(flags.health().refresh_mode).toBe('none');
  });

  it('takes the feed from Redis when the store does not announce for itself', async () => {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(DOCUMENT);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const flags = await client({
      FEATURE_FLAG_STORE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/flags.json`,
      REDIS_URL: 'redis://127.0.0.1:1',
      FEATURE_FLAG_PUBSUB_CHANNEL: 'elsewhere',
      FEATURE_FLAG_REFRESH_MODE: 'both',
    });
    await flags.ready();
    expect(flags.isEnabled('a')).toBe(true);
    expect(['connecting', 'down']).toContain(flags.health().feed);
    server.close();
    server.closeAllConnections();
  });

  it('watches a file, even if REDIS_URL names a Redis', async () => {
    const path = await flagsFile();
    const flags = await client({
      FEATURE_FLAG_STORE_URL: path,
      REDIS_URL: 'redis://127.0.0.1:1',
      FEATURE_FLAG_REFRESH_MODE: 'both',
    });
    await flags.ready();
    const up = new Promise<void>((resolve) => void flags.on('feed', ({ state }) => state === 'up' && resolve()));
    if (flags.health().feed !== 'up') await up;
    const changed = new Promise<void>((resolve) => void flags.on('changed', () => resolve()));
    await writeFile(path, '{"schemaVersion":1,"flags":{"a":{"status":"disabled"}}}');
    await changed;
    expect(flags.isEnabled('a')).toBe(false);
  });

  it('refuses what stands for no store before anything is connected', async () => {
    await expect(client({ FEATURE_FLAG_STORE_URL: 'mongodb://host' })).rejects.toThrow(/the scheme "mongodb:"/);
    await expect(client({ FEATURE_FLAG_STORE_URL: 'upstash://host' })).rejects.toThrow(/UPSTASH_REDIS_REST_TOKEN/);
  });
});

describe('what callers without types give', () => {
  it.each([
    [null, /^options of createFlagClientFromEnv are null/],
    [5, /^options of createFlagClientFromEnv are of type number/],
    [{ path: 5 }, /^path is of type number/],
    [
      { variables: { REDIS_URL: { password: 'hunter2' } } },
      /^the variable REDIS_URL is of type object; allowed is a text$/,
    ],
  ])('%j is refused by name', async (options, message) => {
    await expect(createFlagClientFromEnv(options as never)).rejects.toThrow(message);
  });
});

describe('connect', () => {
  it('gives the roles that the store can play', async () => {
    const file = await connect(join(folder, 'flags.json'));
    expect(file).toMatchObject({ feed: expect.anything(), publisher: { guarantee: 'compare-and-set' } });
    await file.close();
    const web = await connect('https://flags.invalid/flags.json');
    expect(web).toMatchObject({ feed: undefined, publisher: undefined });
    await web.close();
    const ssm = await connect('ssm:/shop/flags?region=eu-central-1');
    expect(ssm).toMatchObject({ feed: undefined, publisher: { guarantee: 'detect' } });
    await ssm.close();
    const arn = 'arn:aws:ssm:eu-central-1:123456789012:parameter/shop/flags';
    const shared = await connect(`ssm:${arn}?region=eu-central-1`);
    expect(shared).toMatchObject({ source: { name: `ssm:${arn}` }, publisher: undefined });
    await shared.close();
  });

  it.each(['UPSTASH_REDIS_REST_TOKEN', 'KV_REST_API_TOKEN'])('takes the token of Upstash from %s', async (name) => {
    const variables = { UPSTASH_REDIS_REST_TOKEN: '', [name]: 'a-token' };
    const upstash = await connect('upstash://merry-cat-32748.upstash.io', { variables });
    expect(upstash).toMatchObject({ source: { name: 'upstash:feature_flags' } });
    await upstash.close();
  });

  it('names the command that installs a missing adapter', () => {
    const absent = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    const error = missing('a redis: address', ['@clarity/flags-redis', 'ioredis'], absent);
    expect(error).toBeInstanceOf(MissingAdapterError);
    expect((error as Error).message).toContain('npm install @clarity/flags-redis ioredis');
    const broken = new Error('the adapter itself fails');
    expect(missing('a redis: address', [], broken)).toBe(broken);
  });
});
