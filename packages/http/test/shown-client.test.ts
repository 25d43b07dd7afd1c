import { createEdgeFlagClient } from '@clarity/flags-core/edge';
import { edgeSignals } from '@clarity/flags-core/edge-signals';
import { scriptedSource, type SourceStep, sourceSteps } from '@clarity/flags-testing';
import { describe, expect, it, vi } from 'vitest';
import { createFlagHandler, textMetrics } from '../src/index.ts';
import { clientIn } from './client-in-state.ts';
import { EventReader } from './event-reader.ts';

const document = JSON.stringify({ schemaVersion: 1, flags: { banner: { status: 'enabled' } } });
const present = sourceSteps.document(document, { epoch: 1, version: 1 });

async function edgeHandler(...steps: readonly SourceStep[]) {
  const metrics = textMetrics();
  const client = createEdgeFlagClient({ source: scriptedSource(steps), signals: edgeSignals({ metrics }) });
  await client.refresh({ force: true });
  const handler = createFlagHandler({
    client,
    metrics,
    authorize: () => true,
    stream: { maxClients: 2, heartbeatMs: 1_000 },
  });
  const ask = (path: string) => handler(new Request(`http://flags.test/feature-flags/${path}`));
  return { client, handler, ask };
}

describe('a client of edge runtimes', () => {
  it('has a health with the fields of every other, from its freshness', async () => {
    const { ask } = await edgeHandler(present);
    const health = (await (await ask('health')).json()) as object;
    expect(Object.keys(health)).toEqual(Object.keys((await clientIn('fresh')).health()));
    expect(health).toMatchObject({
      healthy: true,
      config_stale: false,
      freshness: 'fresh',
      revision: '1.1',
      refresh_failures: 0,
      last_error: null,
      bound: { healthy_seconds: null, after_outage_seconds: null },
    });
    expect(await (await ask('status')).json()).toMatchObject({ flags: [{ key: 'banner', value: true }] });
    expect((await ask('ready?strict')).status).toBe(200);
  });

  it('says what is wrong, as others do', async () => {
    const { ask, client } = await edgeHandler(present, sourceSteps.corrupt({ epoch: 1, version: 2 }));
    await client.refresh({ force: true });
    expect(await (await ask('health')).json()).toMatchObject({
      healthy: true,
      rejected_document: { revision: '1.2', source: 'scripted', at: expect.stringMatching(/Z$/) },
    });
    const down = await edgeHandler(sourceSteps.fail('unavailable', { retryable: false }));
    expect(await (await down.ask('health')).json()).toMatchObject({
      healthy: false,
      freshness: 'never',
      config_age_seconds: null,
      last_refresh: null,
      last_error: { reason: 'unavailable', at: expect.stringMatching(/Z$/) },
    });
    expect((await down.ask('ready')).status).toBe(503);
  });

  it('gives each caller of the stream a timer of its own, which ends with it', async () => {
    vi.useFakeTimers();
    try {
      const { ask, handler } = await edgeHandler(present);
      const timers = vi.getTimerCount();
      const first = new EventReader(await ask('stream'));
      const second = new EventReader(await ask('stream'));
      expect(vi.getTimerCount()).toBe(timers + 2);
      expect((await ask('stream')).status).toBe(503);
      expect(await first.next()).toMatchObject({ event: 'freshness', data: { freshness: 'fresh' } });
      expect(await first.next()).toMatchObject({ event: 'flags' });
      vi.advanceTimersByTime(1_000);
      expect(await first.next()).toMatchObject({ event: 'freshness' });

      await first.cancel();
      expect(vi.getTimerCount()).toBe(timers + 1);
      expect(await (await ask('status')).json()).toMatchObject({ stream: { clients: 1 } });
      handler.closeStreams();
      await second.nextOf('flags');
      expect(await second.nextOf('freshness')).toMatchObject({ revision: '1.1' });
      expect(await second.next()).toBeUndefined();
      expect(vi.getTimerCount()).toBe(timers);
    } finally {
      vi.useRealTimers();
    }
  });

  it('drops a caller that does not read, and counts it', async () => {
    vi.useFakeTimers();
    try {
      const { ask } = await edgeHandler(present);
      const dead = await ask('stream');
      vi.advanceTimersByTime(6_000);
      expect(await (await ask('status')).json()).toMatchObject({ stream: { clients: 0, dropped: 1 } });
      await dead.body?.cancel().catch(() => {});
    } finally {
      vi.useRealTimers();
    }
  });
});
