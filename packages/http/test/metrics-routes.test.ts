import { describe, expect, it, vi } from 'vitest';
import { createFlagHandler, type FlagHandlerOptions, textMetrics } from '../src/index.ts';
import { clientIn } from './client-in-state.ts';
import { scriptedClient } from './scripted-client.ts';

const origin = 'http://flags.test/metrics/feature-flags';

async function metered(options: Partial<FlagHandlerOptions> = {}) {
  const metrics = textMetrics();
  const scripted = await scriptedClient({ banner: { status: 'enabled' } }, { metrics });
  const handler = createFlagHandler({ client: scripted.client, metrics, ...options });
  const ask = (path: string, headers: Record<string, string> = {}) => handler(new Request(origin + path, { headers }));
  return { ...scripted, metrics, handler, ask };
}

describe('/prometheus', () => {
  it('serves what the client counted and how it stands, in the text format', async () => {
    const { ask } = await metered();
    const response = await ask('/prometheus');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('vary')).toBe('Accept');
    const text = await response.text();
    expect(text).toContain('\nfeature_flag_refresh_success_total 1\n');
    expect(text).toContain('\nfeature_flag_stale_config 0\n');
    expect(text).toContain('\nfeature_flag_revision_info{revision="1.1",origin="primary"} 1\n');
    expect(text).not.toContain('feature_flag_subscriber_up');
  });

  it.each([
    ['application/openmetrics-text', true],
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      true,
    ],
    ['text/plain;version=0.0.4,application/openmetrics-text;q=0.5', false],
    ['application/openmetrics-text;q=0', false],
    ['application/openmetrics-text;q=x', false],
    ['text/plain', false],
    ['*/*', false],
    ['', false],
  ])('answers Accept %j with OpenMetrics: %j', async (accept, openmetrics) => {
    const { ask } = await metered();
    const response = await ask('/prometheus', { accept });
    expect(response.headers.get('content-type')).toContain(openmetrics ? 'application/openmetrics-text' : 'text/plain');
    expect((await response.text()).endsWith('# EOF\n')).toBe(openmetrics);
  });

  it('computes ages when it is scraped', async () => {
    const { ask, source, client } = await metered();
    const publishedAtMs = Date.now() - 5_000;
    const document = { schemaVersion: 1, flags: { banner: { status: 'disabled' } } };
    const revision = { epoch: 1, version: 2 };
    source.push({ kind: 'document', text: JSON.stringify(document), revision, publishedAtMs });
    while (client.health().revision !== '1.2') await client.refresh();
    const age = async (): Promise<number> => {
      const text = await (await ask('/prometheus')).text();
      return Number(/^feature_flag_publication_age_seconds (.*)$/m.exec(text)?.[1]);
    };
    const first = await age();
    expect(first).toBeGreaterThanOrEqual(5);
    await vi.waitFor(async () => expect(await age()).toBeGreaterThan(first));
  });

  it('counts what callers evaluate, and nothing of what operators look at', async () => {
    const { ask, client, handler } = await metered({ authorize: () => true });
    await handler(new Request('http://flags.test/feature-flags/status'));
    const stream = await handler(new Request('http://flags.test/feature-flags/stream'));
    await stream.body?.cancel();
    expect(await (await ask('/prometheus')).text()).not.toContain('\nfeature_flag_evaluations_total{');
    client.isEnabled('banner');
    client.isEnabled('banner');
    expect(await (await ask('/prometheus')).text()).toMatch(
      /\nfeature_flag_evaluations_total\{flag="banner",variant="\w+",reason="STATIC"\} 2\n/,
    );
  });

  it('says stale when health does, though nothing was announced', async () => {
    const { ask, client } = await metered();
    const freshness = client.freshness();
    vi.spyOn(client, 'freshness').mockReturnValue({ ...freshness, state: 'stale' });
    expect(await (await ask('/prometheus')).text()).toContain('\nfeature_flag_stale_config 1\n');
  });

  it('knows how the client stands though nobody gave it metrics', async () => {
    const handler = createFlagHandler({ client: await clientIn('stale') });
    const text = await (await handler(new Request(`${origin}/prometheus`))).text();
    expect(text).toContain('\nfeature_flag_stale_config 1\n');
    // It refreshed, and nobody counted: 0 would be untrue.
    expect(text).not.toContain('feature_flag_refresh_');
  });

  it('serves another exposition, whenever it is ready, in the format that it has', async () => {
    const sink = textMetrics();
    for (const [text, type] of [
      ['# TYPE other counter\nother_total 1\n# EOF\n', 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
      ['# TYPE other_total counter\nother_total 1\n', 'text/plain; version=0.0.4; charset=utf-8'],
    ] as const) {
      const { ask } = await metered({ metrics: { ...sink, exposition: () => Promise.resolve(text) } });
      const response = await ask('/prometheus');
      expect(response.headers.get('content-type')).toBe(type);
      expect(await response.text()).toBe(text);
    }
  });

  it('F45 serves what a sink holds though it throws when it is told of this moment', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const sink = textMetrics();
    sink.count('feature_flag_refresh_success_total', {}, 7);
    const gauge = () => {
      throw new Error('broken');
    };
    const { ask } = await metered({ metrics: { ...sink, gauge, exposition: () => sink.exposition() }, onError });
    expect(await (await ask('/prometheus')).text()).toContain('\nfeature_flag_refresh_success_total 7\n');
    expect((await ask('/dashboard')).status).toBe(200);
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it('answers 500 without the cause when an exposition fails', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const exposition = () => Promise.reject(new Error('registry://secret'));
    const { ask } = await metered({ metrics: { ...textMetrics(), exposition }, onError });
    const response = await ask('/prometheus');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(onError).toHaveBeenCalledOnce();
  });
});

describe('/dashboard', () => {
  it('has every figure and says how quantiles were estimated', async () => {
    const { ask, metrics, client } = await metered();
    metrics.observe('feature_flag_propagation_seconds', 0.2);
    metrics.count('feature_flag_evaluations_total', { flag: '__proto__', variant: 'on', reason: 'STATIC' }, 3);
    const body = (await (await ask('/dashboard')).json()) as {
      at: string;
      quantiles: string;
      alerts: unknown;
      health: object;
      metrics: Record<string, { type: string; help: string; series: Record<string, unknown>[] }>;
    };
    expect(Date.parse(body.at)).toBeGreaterThan(Date.now() - 60_000);
    expect(body.quantiles).toContain('linear interpolation');
    expect(body.alerts).toEqual([]);
    expect(Object.keys(body.health)).toEqual(Object.keys(client.health()));
    expect(body.metrics['feature_flag_refresh_success_total']?.series).toEqual([{ labels: {}, value: 1 }]);
    expect(body.metrics['feature_flag_evaluations_total']?.series).toEqual([
      { labels: { flag: '__proto__', variant: 'on', reason: 'STATIC' }, value: 3 },
    ]);
    // One observation between the bounds 0.1 and 0.5.
    expect(body.metrics['feature_flag_propagation_seconds']?.series).toEqual([
      {
        labels: {},
        count: 1,
        sum: 0.2,
        mean: 0.2,
        quantiles: {
          p50: expect.closeTo(0.3),
          p90: expect.closeTo(0.46),
          p95: expect.closeTo(0.48),
          p99: expect.closeTo(0.496),
        },
      },
    ]);
  });
});

describe('/alerts', () => {
  it('lists what is active here, and names what only a look at all instances shows', async () => {
    const { ask, publish } = await metered({ alerts: { forMs: { FeatureFlagDocumentRejected: 0 } } });
    expect(await (await ask('/alerts')).json()).toMatchObject({ alerts: [] });
    await publish({});
    expect(await (await ask('/alerts')).json()).toMatchObject({
      alerts: [{ name: 'FeatureFlagDocumentRejected', state: 'firing', severity: 'warning' }],
      not_seen_from_here: [{ name: 'FeatureFlagRevisionSkew' }, { name: 'FeatureFlagNoInstanceReporting' }],
    });
  });
});

describe('/grafana and /rules', () => {
  it('serve the dashboard and the rules', async () => {
    const { ask } = await metered({ grafana: { uid: 'shop' }, alerts: { selector: { job: 'shop' } } });
    expect(await (await ask('/grafana')).json()).toMatchObject({ uid: 'shop', schemaVersion: 39 });
    const rules = await ask('/rules');
    expect(rules.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    expect(await rules.text()).toContain(String.raw`expr: "feature_flag_stale_config{job=\"shop\"} == 1"`);
  });

  it('are checked when the handler is made, and not by the first request', async () => {
    const client = await clientIn('fresh');
    expect(() => createFlagHandler({ client, grafana: { uid: 'a b' } })).toThrow(/grafana\.uid/);
    expect(() => createFlagHandler({ client, alerts: { forMs: { FeatureFlagConfigStale: -1 } } })).toThrow(/forMs/);
    expect(() => createFlagHandler({ client, metricsPrefix: 'x' })).toThrow(/metricsPrefix is "x"/);
    expect(() => createFlagHandler({ client, prefix: '/f', metricsPrefix: '/f' })).toThrow(
      /allowed is two that differ/,
    );
  });
});

describe('every route of metrics', () => {
  it.each(['prometheus', 'dashboard', 'alerts', 'grafana', 'rules'])(
    '/%s answers HEAD with the length of GET, OPTIONS, and 405',
    async (name) => {
      const { handler } = await metered();
      const ask = (method: string) => handler(new Request(`${origin}/${name}`, { method }));
      const head = await ask('HEAD');
      expect(head.status).toBe(200);
      expect(head.body).toBeNull();
      expect(Number(head.headers.get('content-length'))).toBeGreaterThan(50);
      expect(head.headers.get('cache-control')).toBe('no-store');
      expect((await ask('OPTIONS')).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
      expect((await ask('POST')).status).toBe(405);
    },
  );
});
