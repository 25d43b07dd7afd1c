// F95: proxies judge the path that was typed, so each route has one spelling. Real nginx and HAProxy before real
// servers.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedRuntime } from '../support/installed-runtime.ts';
import { type PathProxy, startPathProxy } from '../support/path-proxies.ts';
import { type Program, startProgram } from '../support/program.ts';

const METRICS = '/metrics/feature-flags/prometheus';
const OPEN = '/feature-flags/live';

/** Spellings that somewhere between a caller and a route are taken for the route's. */
const spellings: readonly string[] = [
  String.raw`/x\..\metrics\feature-flags\prometheus`,
  String.raw`\metrics\feature-flags\prometheus`,
  String.raw`/\metrics/feature-flags/prometheus`,
  `/x/..${METRICS}`,
  `/..${METRICS}`,
  `/.${METRICS}`,
  `/%2e${METRICS}`,
  `/%2E${METRICS}`,
  `/x/%2e%2e${METRICS}`,
  `/x/.%2E${METRICS}`,
  `/x/%5c..${METRICS}`,
  `/x/..%2fmetrics/feature-flags/prometheus`,
  `/x/..;${METRICS}`,
  `/;x${METRICS}`,
  `/${METRICS}`,
  `//${METRICS}`,
  `//a.test${METRICS}`,
  '/metrics//feature-flags/prometheus',
  '/metrics/./feature-flags/prometheus',
  '/metrics/x/../feature-flags/prometheus',
  '/metrics%2ffeature-flags/prometheus',
  '/%6detrics/feature-flags/prometheus',
  '/%6Detrics/feature-flags/%70rometheus',
  '/METRICS/feature-flags/prometheus',
  '/Metrics/Feature-Flags/Prometheus',
  '/metrics;x/feature-flags/prometheus',
  '/met\trics/feature-flags/prometheus',
  '/\tmetrics/feature-flags/prometheus',
  `/\u0001${METRICS}`,
  `${METRICS}/`,
  `${METRICS}/.`,
  `${METRICS}/x/..`,
  `${METRICS}#`,
  `${METRICS}#x`,
  `/#/..${METRICS}`,
  `${METRICS};x`,
  `${METRICS}%20`,
  `${METRICS}%00`,
  `${METRICS}%3fx`,
  `/?/..${METRICS}`,
  `?${METRICS}`,
  `http://a.test/x/..${METRICS}`,
  String.raw`http://a.test\metrics\feature-flags\prometheus`,
  String.raw`http:\\a.test/metrics/feature-flags/prometheus`,
  `http:${METRICS}`,
  `http:/x${METRICS}`,
  `http:///x${METRICS}`,
  `file://${METRICS}`,
  `foo:${METRICS}`,
  `foo://a.test${METRICS}`,
  METRICS.slice(1),
  '*',
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-spellings-'));
  await writeFile(
    join(folder, 'flags.json'),
    JSON.stringify({ schemaVersion: 1, flags: { banner: { status: 'enabled' } } }),
  );
});

afterAll(() => rm(folder, { recursive: true }));

/** Sends a target as it is typed, which no HTTP client does, and returns the whole answer. */
async function typed(port: number, target: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').write(`GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += chunk as string;
  return answer;
}

/** The same, with the status alone: workerd keeps a connection open that it was asked to close. */
async function statusTyped(port: number, target: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').write(`GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) {
    answer += chunk as string;
    if (answer.includes('\r\n')) break;
  }
  return statusOf(answer);
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.[01] (\d+)/.exec(answer)?.[1]);

/** The spellings that show the metrics. */
async function gettingThrough(port: number): Promise<readonly string[]> {
  const through: string[] = [];
  for (const spelling of spellings) {
    const answer = await typed(port, spelling);
    if (answer.includes('feature_flag_stale_config')) through.push(spelling);
  }
  return through;
}

const deno = [
  await installedRuntime('deno'),
  'run',
  '--node-modules-dir=manual',
  '--cached-only',
  '--no-lock',
  '--allow-all',
] as const;
const bun = [await installedRuntime('bun'), 'run', '--tsconfig-override=tests/runtimes/bun.tsconfig.json'] as const;
const node = [process.execPath] as const;

interface Place {
  readonly name: string;
  readonly program: string;
  readonly runtime: readonly [string, ...string[]];
  readonly variables?: Readonly<Record<string, string>>;
}

/** Where a request shows what was typed. */
const places: readonly Place[] = [
  { name: 'Node', program: 'serve.mjs', runtime: node },
  { name: 'Hono on Node', program: 'serve.mjs', runtime: node, variables: { HONO: '1' } },
  { name: 'Express 4', program: 'express.mjs', runtime: node, variables: { EXPRESS: 'express-4' } },
  { name: 'Express 5', program: 'express.mjs', runtime: node },
  {
    name: 'an application mounted in Express 4',
    program: 'express.mjs',
    runtime: node,
    variables: { EXPRESS: 'express-4', MOUNTED: '1' },
  },
  { name: 'an application mounted in Express 5', program: 'express.mjs', runtime: node, variables: { MOUNTED: '1' } },
  { name: 'Deno', program: 'serve.mjs', runtime: deno },
  { name: 'Hono on Deno', program: 'serve.mjs', runtime: deno, variables: { HONO: '1' } },
  { name: 'the routes of Bun', program: 'serve.mjs', runtime: bun, variables: { BUN_ROUTES: '1' } },
];

describe.each(places)('F95 under $name', ({ program, runtime, variables = {} }) => {
  let server: Program | undefined;
  let port: number;

  beforeAll(async () => {
    server = startProgram(
      `tests/live/http/${program}`,
      { ...variables, FLAGS_FILE: join(folder, 'flags.json'), FLAGS_TOKEN: 'the-token-of-the-spellings' },
      runtime,
    );
    port = Number((await server.says(/port (\d+)/))[1]);
  });

  afterAll(() => server?.kill());

  it('the metrics are shown to the one spelling of their path, and to no other', async () => {
    expect(statusOf(await typed(port, METRICS))).toBe(200);
    expect(statusOf(await typed(port, `${METRICS}?a=/../b`))).toBe(200);
    expect(await gettingThrough(port)).toEqual([]);
  });

  it.each(['nginx', 'HAProxy'] as const)('%s closes the path for every spelling', async (kind) => {
    const proxy: PathProxy = await startPathProxy(kind, port);
    try {
      // It is there, and lets through what it is to let through.
      const open = await typed(proxy.port, variables['MOUNTED'] === undefined ? OPEN : '/elsewhere');
      expect(statusOf(open)).toBe(variables['MOUNTED'] === undefined ? 200 : 404);
      expect(statusOf(await typed(proxy.port, METRICS))).toBe(403);
      expect(await gettingThrough(proxy.port)).toEqual([]);
    } finally {
      await proxy.stop();
    }
  });
});

/**
 * Where the runtime has resolved the path before a handler is asked: the guide says so, and this says when that
 * changes.
 */
describe('F95 where the runtime resolves paths first', () => {
  it('on workerd other spellings reach a route, and an authorizer still guards it', async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('../http/worker.mjs', import.meta.url))],
      bundle: true,
      logLevel: 'error',
      write: false,
      format: 'esm',
      platform: 'neutral',
      conditions: ['workerd', 'worker', 'browser', 'import'],
      target: 'es2022',
      tsconfigRaw: {},
    });
    const worker = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-07-01',
    });
    try {
      const { port } = await worker.ready;
      expect(await statusTyped(Number(port), `/x/..${OPEN}`)).toBe(200);
      expect(await statusTyped(Number(port), '/x/../feature-flags/status')).toBe(401);
      // What it does not resolve is another path here as well.
      for (const target of [`/${OPEN}`, '/feature-flags/%6cive', '/Feature-Flags/live', `${OPEN}/`])
        expect(await statusTyped(Number(port), target), target).toBe(404);
    } finally {
      await worker.dispose();
    }
  });

  it('Bun calls fetch with a resolved path, and an authorizer still guards it', async () => {
    const server = startProgram(
      'tests/live/http/serve.mjs',
      { FLAGS_FILE: join(folder, 'flags.json'), FLAGS_TOKEN: 'the-token-of-the-spellings' },
      bun,
    );
    try {
      const port = Number((await server.says(/port (\d+)/))[1]);
      expect(await statusTyped(port, `/x/..${OPEN}`)).toBe(200);
      expect(await statusTyped(port, '/x/../feature-flags/status')).toBe(401);
    } finally {
      await server.kill();
    }
  });
});
