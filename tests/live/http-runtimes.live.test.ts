// The built handler under the servers of Node, Bun and Deno, alone and mounted in Hono, asked as a user would.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installedRuntime } from './support/installed-runtime.ts';
import { promtool } from './support/prometheus.ts';
import { type Program, startProgram } from './support/program.ts';

const token = 'the-token-of-the-runtimes-test';
const authorization = `Bearer ${token}`;

let folder: string;
let file: string;
const servers: Program[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-runtimes-'));
  file = join(folder, 'flags.json');
  await write('disabled');
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
  await rm(folder, { recursive: true });
});

function write(status: 'enabled' | 'disabled'): Promise<void> {
  return writeFile(file, JSON.stringify({ schemaVersion: 1, flags: { banner: { status } } }));
}

const runtimes = {
  Node: [process.execPath],
  Bun: [
    await installedRuntime('bun'),
    'run',
    // Bun obeys the "paths" of every tsconfig.json in the workspace, which lead to sources; a user's project has none.
    '--tsconfig-override=tests/runtimes/bun.tsconfig.json',
  ],
  Deno: [
    await installedRuntime('deno'),
    'run',
    '--node-modules-dir=manual',
    '--cached-only',
    '--no-lock',
    '--allow-all',
  ],
} as const;

interface Place {
  readonly name: string;
  readonly runtime: readonly [string, ...string[]];
  readonly variables: Readonly<Record<string, string>>;
  readonly flags: string;
  readonly metrics: string;
}

const places: readonly Place[] = Object.entries(runtimes).flatMap(([name, runtime]) => [
  { name, runtime, variables: {}, flags: '/feature-flags', metrics: '/metrics/feature-flags' },
  {
    name: `Hono on ${name}`,
    runtime,
    variables: { HONO: '1' },
    flags: '/feature-flags',
    metrics: '/metrics/feature-flags',
  },
]);

async function serve({ runtime, variables }: Place): Promise<string> {
  const server = startProgram(
    'tests/live/http/serve.mjs',
    { ...variables, FLAGS_FILE: file, FLAGS_TOKEN: token, HEARTBEAT_MS: '500' },
    runtime,
  );
  servers.push(server);
  const [, port = ''] = await server.says(/port (\d+)/);
  return `http://127.0.0.1:${port}`;
}

/** Everything that a stream says from now on, as it comes in. */
function listen(response: Response): { readonly heard: () => string } {
  let heard = '';
  const decoder = new TextDecoder();
  const read = async (): Promise<void> => {
    if (response.body === null) return;
    for await (const bytes of response.body) heard += decoder.decode(bytes, { stream: true });
  };
  read().catch(() => {});
  return { heard: () => heard };
}

// What a runtime writes of it beside what the server says.
it.each([
  ['Node', /^\[clarity-flags\] an HTTP request could not be answered \(CallerDroppedError\); pass onError .*\n$/],
  ['Bun', /^$/],
  ['Deno', /^\[Error \[CallerDroppedError\]: the caller did not read the stream and was dropped\]\n$/],
] as const)(
  'a caller that reads nothing of the stream is cut off under %s, and no stack is printed',
  async (name, writes) => {
    const server = startProgram('tests/live/http/dropping-server.mjs', { NO_COLOR: '1' }, runtimes[name]);
    servers.push(server);
    const [, port] = await server.says(/port (\d+)/);
    const caller = connect(Number(port), '127.0.0.1').pause();
    caller.on('error', () => {});
    const closed = new Promise((resolve) => caller.once('close', resolve));
    caller.write('GET /feature-flags/stream HTTP/1.1\r\nHost: a\r\n\r\n');
    await server.says(/dropped\n/);
    caller.resume();
    await closed;
    await vi.waitFor(() => expect(server.output().replace(/^(port \d+|dropped)\n/gm, '')).toMatch(writes));
  },
);

describe.each(places)('the handler under $name', { timeout: 40_000 }, (place) => {
  const { flags, metrics } = place;

  it('answers every route, with the methods, headers and access that it has elsewhere', async () => {
    const address = await serve(place);
    const ask = (path: string, init?: RequestInit) => fetch(address + path, init);
    const open = [
      ...['health', 'ready', 'live'].map((name) => `${flags}/${name}`),
      ...['prometheus', 'dashboard', 'alerts', 'grafana', 'rules'].map((name) => `${metrics}/${name}`),
    ];
    for (const path of open) {
      const response = await ask(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('cache-control'), path).toBe('no-store');
      await response.arrayBuffer();
    }
    expect(await (await ask(`${flags}/health`)).json()).toMatchObject({ healthy: true, refresh_mode: 'both' });
    expect(await promtool(['check', 'metrics'], await (await ask(`${metrics}/prometheus`)).text())).toEqual({
      code: 0,
      output: '',
    });

    for (const path of [`${flags}/status`, `${flags}/stream`]) expect((await ask(path)).status, path).toBe(401);
    expect((await ask(`${flags}/refresh`, { method: 'POST' })).status).toBe(401);
    const headers = { authorization };
    expect(await (await ask(`${flags}/status`, { headers })).json()).toMatchObject({ flags: [{ key: 'banner' }] });
    const refreshed = await ask(`${flags}/refresh`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"force":true}',
    });
    expect(await refreshed.json()).toMatchObject({ ok: true });
    const tooLong = await ask(`${flags}/refresh`, { method: 'POST', headers, body: 'x'.repeat(100_000) });
    expect(tooLong.status).toBe(413);

    const head = await ask(`${flags}/live`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await ask(`${flags}/health`, { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect((await ask(`${flags}/health`, { method: 'OPTIONS' })).status).toBe(204);
    expect((await ask(`${flags}/nothing`)).headers.get('content-type')).toBe('application/problem+json');

    const page = await ask(`${flags}/`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'nonce-");
    expect(await page.text()).toContain('<h1>Feature flags</h1>');
    // The page is found without its slash, too, and redirects nobody.
    const plain = await ask(flags);
    expect([plain.status, plain.redirected]).toEqual([200, false]);
  });

  it('streams changes and heartbeats to each caller alike, and notices when one leaves', async () => {
    const address = await serve(place);
    const headers = { authorization };
    const leave = new AbortController();
    const first = listen(await fetch(`${address}${flags}/stream`, { headers, signal: leave.signal }));
    const second = listen(await fetch(`${address}${flags}/stream`, { headers }));
    const callers = async () => {
      const status = (await (await fetch(`${address}${flags}/status`, { headers })).json()) as {
        stream: { clients: number };
      };
      return status.stream.clients;
    };
    expect(await callers()).toBe(2);
    await write('enabled');
    for (const { heard } of [first, second]) {
      await vi.waitFor(
        () => {
          expect(heard()).toMatch(/^event: freshness\ndata: \{.*\}\n\nevent: flags\ndata: \{.*"value":false.*\}\n\n/);
          expect(heard()).toMatch(/event: flags\ndata: \{.*"key":"banner","value":true.*\}\n\n/);
        },
        { timeout: 10_000 },
      );
    }
    const beats = () => second.heard().split('event: freshness').length;
    const before = beats();
    await vi.waitFor(() => expect(beats()).toBeGreaterThan(before + 1), { timeout: 10_000 });
    leave.abort();
    await vi.waitFor(async () => expect(await callers()).toBe(1), { timeout: 10_000 });
  });
});
