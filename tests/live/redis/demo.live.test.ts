// The demo as a newcomer runs it on Redis: over the built packages.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Program, startProgram } from '../support/program.ts';
import { freePorts, type RedisServer, startRedis } from '../support/redis-server.ts';
import { eventually } from './watched-client.ts';

const shipped = new URL('../../../examples/express-server/flags.json', import.meta.url);
const programs: Program[] = [];
let server: RedisServer;
let folder: string;
let file: string;

beforeEach(async () => {
  server = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'clarity-demo-redis-'));
  file = join(folder, 'flags.json');
  await writeFile(file, await readFile(shipped));
});

afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill();
  await server.stop();
  await rm(folder, { recursive: true });
});

function run(name: 'main' | 'publish', variables: Readonly<Record<string, string>> = {}): Program {
  const program = startProgram(`examples/express-server/${name}.ts`, {
    PORT: '0',
    HOST: '127.0.0.1',
    FLAGS_FILE: file,
    REDIS_URL: server.url,
    ...variables,
  });
  programs.push(program);
  return program;
}

async function edit(status: string): Promise<void> {
  const document = JSON.parse(await readFile(file, 'utf8')) as { flags: Record<string, Record<string, unknown>> };
  Object.assign(document.flags['mania_risk_analysis'] ?? {}, { status });
  await writeFile(file, JSON.stringify(document, null, 2));
}

async function addressOf(program: Program): Promise<string> {
  const [, address = ''] = await program.says(/runs at (http:\/\/\S+)/);
  await program.says(/Ctrl\+C stops/);
  return address;
}

/** Whether the flag is on for user u1. */
async function mania(address: string): Promise<unknown> {
  const answer = (await (await fetch(`${address}/risk/u1`)).json()) as { mania_risk_analysis: { enabled: boolean } };
  return answer.mania_risk_analysis.enabled;
}

it('fills an empty Redis with its flags, follows what is published, and leaves by itself', async () => {
  const demo = run('main');
  const address = await addressOf(demo);
  expect(demo.output()).toContain('Redis had no flags');
  expect(demo.output()).toContain('npm run demo -- publish');
  expect(await mania(address)).toBe(true);

  await edit('disabled');
  const publishing = run('publish');
  await publishing.says(/Published .*flags\.json as revision \d+\.2/);
  expect(await publishing.ends()).toBe(0);
  await eventually(async () => expect(await mania(address)).toBe(false), 1_000);

  // A second one finds flags there and leaves them as they are.
  const other = run('main');
  const otherAddress = await addressOf(other);
  expect(other.output()).not.toContain('were published');
  expect(await mania(otherAddress)).toBe(false);
  expect(await demo.stop('SIGTERM')).toBe(0);
  expect(await other.stop('SIGINT')).toBe(0);
});

it('publishes nothing that is not a flag document, and says where it is wrong', async () => {
  const address = await addressOf(run('main'));
  await writeFile(file, (await readFile(file, 'utf8')).replace(',', ''));
  const publishing = run('publish');
  await publishing.says(/Not published: the document for feature_flags:document was not written: .*mend it/);
  expect(await publishing.ends()).toBe(1);
  expect(await mania(address)).toBe(true);
});

it('starts while Redis is away, says so without the password, and serves once it is there', async () => {
  const [port = 0] = await freePorts(1);
  const REDIS_URL = `redis://:hunter2-hunter2@127.0.0.1:${port}`;
  // Else the breaker, which has opened meanwhile, is waited for.
  const demo = run('main', { REDIS_URL, FEATURE_FLAG_BREAKER_RECOVERY_TIMEOUT: '1' });
  const address = await addressOf(demo);
  expect(demo.output()).toContain('were not published');
  expect(await mania(address)).toBe(false);
  const late = await startRedis({ port, args: ['--requirepass', 'hunter2-hunter2'] });
  try {
    const publishing = run('publish', { REDIS_URL });
    expect(await publishing.ends()).toBe(0);
    await eventually(async () => expect(await mania(address)).toBe(true), 15_000);
    expect(demo.output() + publishing.output()).not.toContain('hunter2');
  } finally {
    await late.stop();
  }
});

it.each([
  ['http://localhost', /REDIS_URL: the address of Redis has the protocol "http:"/],
  ['redis://:hunter2-hunter2@host:port', /REDIS_URL: the address of Redis is not a URL/],
])('refuses REDIS_URL=%s and says what is allowed', async (REDIS_URL, pattern) => {
  const demo = run('main', { REDIS_URL });
  await demo.says(pattern);
  expect(await demo.ends()).toBe(1);
  expect(demo.output()).not.toContain('hunter2');
});
