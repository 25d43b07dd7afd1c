import { createFlagClient, type Health } from '@clarity/flags-core';
import { textMetrics } from '@clarity/flags-http';
import { scriptedSource, sourceSteps } from '@clarity/flags-testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { handlerFor, problemOf } from './asked-handler.ts';
import { clientIn } from './client-in-state.ts';

describe('health', () => {
  it('answers 200 with what the client says about itself', async () => {
    const client = await clientIn('fresh');
    const response = await handlerFor({ client })('/feature-flags/health');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const body = (await response.json()) as object;
    expect(body).toMatchObject({ healthy: true, config_stale: false, freshness: 'fresh', refresh_mode: 'none' });
    expect(Object.keys(body)).toEqual(Object.keys(client.health()));
  });

  it.each(['never', 'stale'] as const)('answers 200 when the flags are in state %s, and says so', async (state) => {
    const response = await handlerFor({ client: clientIn(state) })('/feature-flags/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ healthy: false, freshness: state });
  });
});

it('is not made megabytes by a document of which thousands of flags are set aside', async () => {
  const setAside = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}`, { status: 'canry' }]));
  const source = scriptedSource([
    sourceSteps.document(JSON.stringify({ schemaVersion: 1, flags: setAside }), { epoch: 1, version: 1 }),
  ]);
  const client = createFlagClient({ source, refreshMode: 'none', logLevel: 'silent', variables: false });
  onTestFinished(() => client.close());
  await client.refresh();
  const metrics = textMetrics();
  const ask = handlerFor({ client, metrics, authorize: () => true });
  for (const route of ['/feature-flags/health', '/metrics/feature-flags/dashboard', '/feature-flags/status']) {
    const body = (await (await ask(route)).json()) as { health?: Health } & Health;
    const health = body.health ?? body;
    expect(health).toMatchObject({ set_aside_not_named: 4_900 });
    expect(health.set_aside_flags).toHaveLength(100);
  }
  const stream = await ask('/feature-flags/stream');
  const { value } = (await stream.body?.getReader().read()) ?? {};
  expect(new TextDecoder().decode(value)).toContain('"set_aside_not_named":4900');
  // Counted in full where it is only a number.
  expect(await (await ask('/metrics/feature-flags/prometheus')).text()).toMatch(/set_aside_flags 5000/);
});

describe('readiness', () => {
  it.each([
    ['never', '', 503],
    ['never', '?strict', 503],
    ['stale', '', 200],
    ['stale', '?strict=0', 200],
    ['stale', '?strict=false', 200],
    ['stale', '?strict', 503],
    ['stale', '?strict=1', 503],
    ['stale', '?strict=true', 503],
    ['fresh', '', 200],
    ['fresh', '?strict', 200],
  ] as const)('with flags in state %s, /ready%s answers %i', async (state, query, status) => {
    const response = await handlerFor({ client: clientIn(state) })(`/feature-flags/ready${query}`);
    expect(response.status).toBe(status);
    const body = status === 200 ? ((await response.json()) as object) : await problemOf(response);
    expect(body).toMatchObject({ ready: status === 200, freshness: state });
  });

  it.each(['', '?strict'])(
    'answers 503 on /ready%s once the client is closed, though its flags are fresh',
    async (query) => {
      const client = await clientIn('fresh');
      await client.close();
      const response = await handlerFor({ client })(`/feature-flags/ready${query}`);
      expect(response.status).toBe(503);
      const body = await problemOf(response);
      expect(body).toMatchObject({ ready: false, freshness: 'fresh' });
      expect(body['detail']).toMatch(/^The client is closed/);
    },
  );

  it('names the reason of the last failure, and not its message', async () => {
    const client = await clientIn('never');
    const body = await problemOf(await handlerFor({ client })('/feature-flags/ready'));
    expect(body['detail']).toContain('unavailable');
    expect(body['detail']).not.toContain(client.freshness().lastError?.message);
  });

  it('refuses a value of strict that it does not know', async () => {
    const response = await handlerFor()('/feature-flags/ready?strict=maybe');
    expect(response.status).toBe(400);
    expect((await problemOf(response))['detail']).toContain("'strict'");
  });
});

describe('liveness', () => {
  it('answers 200 though there are no flags', async () => {
    const response = await handlerFor({ client: clientIn('never') })('/feature-flags/live');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ live: true });
  });
});
