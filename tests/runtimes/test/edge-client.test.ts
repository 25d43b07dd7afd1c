import { Miniflare, Response } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundle } from '../support/bundle.ts';
import { builtGraph } from '../support/built-graph.ts';

const DOCUMENT = JSON.stringify({ schemaVersion: 1, flags: { on: { status: 'enabled' } } });

it('the built ./edge holds nothing of Effect, for workerd forbids what its primitives need', () => {
  const graph = builtGraph('@clarity/flags-core/edge');
  expect(graph.packages).toEqual([]);
  expect(
    graph.sources.filter((source) => /\/node_modules\/effect\/|\/src\/drivers\/background\//.test(source)),
  ).toEqual([]);
});

// Since 2024-10-14 a promise may be settled by another request than the one that waits for it.
describe.each([
  { compatibilityDate: '2024-09-01', compatibilityFlags: [] },
  { compatibilityDate: '2024-09-01', compatibilityFlags: ['nodejs_compat'] },
  { compatibilityDate: '2026-07-01', compatibilityFlags: [] },
  { compatibilityDate: '2026-07-01', compatibilityFlags: ['nodejs_compat'] },
])('the edge client in workerd, $compatibilityDate $compatibilityFlags', (compatibility) => {
  let script: string;
  let worker: Miniflare;
  let hung = 0;

  beforeAll(async () => {
    script = await bundle('src/edge-worker.mjs');
    worker = new Miniflare({
      modules: true,
      script,
      ...compatibility,
      outboundService: async (request: { readonly url: string }) => {
        if (!request.url.includes('hang=true')) return new Response(DOCUMENT);
        hung += 1;
        return new Promise<Response>(() => {});
      },
    });
    await worker.ready;
  });
  afterAll(() => worker.dispose());

  const ask = async (path: string): Promise<unknown> => {
    const answer = await (await worker.dispatchFetch(`http://worker${path}`)).text();
    // workerd answers with the error's text where a worker threw.
    if (!answer.startsWith('{')) throw new Error(answer);
    return JSON.parse(answer);
  };

  it('answers from its bootstrap at once, and from the store once a request has read it', async () => {
    expect(await ask('/now')).toMatchObject({ on: false, state: 'stale' });
    await vi.waitFor(async () => expect(await ask('/now')).toMatchObject({ on: true, state: 'fresh' }), 5_000);
    expect(await ask('/ready')).toMatchObject({ on: true, state: 'fresh' });
  });

  it('survives a flight whose request died: later requests neither hang nor wait for it for ever', async () => {
    await vi.waitFor(async () => {
      await ask('/orphan');
      expect(hung).toBeGreaterThan(0);
    }, 5_000);
    await vi.waitFor(async () => expect(await ask('/refresh')).toMatchObject({ ok: true }), {
      timeout: 10_000,
      interval: 100,
    });
    expect(await ask('/ready')).toMatchObject({ on: true, state: 'fresh' });
  });

  it('answers many requests at once without a flight each', async () => {
    const { reads: before } = (await ask('/refresh')) as { reads: number };
    const answers = (await Promise.all(Array.from({ length: 50 }, () => ask('/now')))) as {
      on: boolean;
      reads: number;
    }[];
    expect(answers.every(({ on }) => on)).toBe(true);
    expect(Math.max(...answers.map(({ reads }) => reads)) - before).toBeLessThan(50);
  });
});
