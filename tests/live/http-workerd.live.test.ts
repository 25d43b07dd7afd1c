// The built handler in workerd, bundled as an edge application is, over the client for runtimes without a background.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demandBuiltPackages } from './support/built-packages.ts';
import { promtool } from './support/prometheus.ts';

const origin = 'http://flags.test';
const headers = { authorization: 'Bearer the-token-of-the-worker-test' };

let worker: Miniflare;

beforeAll(async () => {
  demandBuiltPackages();
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('http/worker.mjs', import.meta.url))],
    bundle: true,
    logLevel: 'error',
    write: false,
    format: 'esm',
    platform: 'neutral',
    conditions: ['workerd', 'worker', 'browser', 'import'],
    target: 'es2022',
    // Not the workspace's, whose "paths" lead to sources.
    tsconfigRaw: {},
  });
  worker = new Miniflare({ modules: true, script: outputFiles[0]?.text ?? '', compatibilityDate: '2026-07-01' });
  await worker.ready;
}, 60_000);

afterAll(() => worker.dispose());

function ask(path: string, init?: RequestInit) {
  return worker.dispatchFetch(origin + path, init as Parameters<Miniflare['dispatchFetch']>[1]);
}

describe('the handler in workerd', () => {
  it('answers every route, open and closed as elsewhere', async () => {
    expect((await ask('/publish')).status).toBe(200);
    expect(await (await ask('/feature-flags/health')).json()).toMatchObject({
      healthy: true,
      freshness: 'fresh',
      revision: expect.stringMatching(/^1\.\d+$/),
      bound: { healthy_seconds: null },
    });
    for (const name of ['ready?strict', 'live']) expect((await ask(`/feature-flags/${name}`)).status, name).toBe(200);
    for (const name of ['prometheus', 'dashboard', 'alerts', 'grafana', 'rules']) {
      expect((await ask(`/metrics/feature-flags/${name}`)).status, name).toBe(200);
    }
    const text = await (await ask('/metrics/feature-flags/prometheus')).text();
    expect(text).toMatch(/\nfeature_flag_refresh_success_total [1-9]/);
    expect(text).toContain('\nfeature_flag_stale_config 0\n');
    expect(await promtool(['check', 'metrics'], text)).toEqual({ code: 0, output: '' });

    expect((await ask('/feature-flags/status')).status).toBe(401);
    expect(await (await ask('/feature-flags/status', { headers })).json()).toMatchObject({
      flags: [{ key: 'banner', value: true }],
    });
    const refreshed = await ask('/feature-flags/refresh', { method: 'POST', headers });
    expect(await refreshed.json()).toMatchObject({ ok: true });
    expect((await ask('/feature-flags/')).headers.get('content-security-policy')).toContain("script-src 'nonce-");
  });

  it('streams the state at once and with each heartbeat, to each caller for itself', async () => {
    const leave = new AbortController();
    const streams = await Promise.all(
      [1, 2].map(() => ask('/feature-flags/stream', { headers, signal: leave.signal })),
    );
    const heard = streams.map(() => '');
    for (const [n, stream] of streams.entries()) {
      const read = async (): Promise<void> => {
        const decoder = new TextDecoder();
        for await (const bytes of stream.body ?? []) heard[n] += decoder.decode(bytes as Uint8Array, { stream: true });
      };
      read().catch(() => {});
    }
    await vi.waitFor(
      () => {
        for (const text of heard) expect(text.split('event: freshness').length).toBeGreaterThan(3);
      },
      { timeout: 10_000 },
    );
    leave.abort();
  });
});
