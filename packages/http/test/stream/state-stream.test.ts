import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFlagHandler, type StreamOptions, textMetrics } from '../../src/index.ts';
import { EventReader } from '../event-reader.ts';
import { scriptedClient } from '../scripted-client.ts';

const url = 'http://flags.test/feature-flags/stream';

async function streaming(stream: StreamOptions = {}) {
  const metrics = textMetrics();
  const scripted = await scriptedClient({ banner: { status: 'disabled' } }, { metrics });
  const handler = createFlagHandler({ client: scripted.client, metrics, authorize: () => true, stream });
  const open = async () => new EventReader(await handler(new Request(url)));
  const status = async () => {
    const response = await handler(new Request('http://flags.test/feature-flags/status'));
    return ((await response.json()) as { stream: { clients: number; dropped: number } }).stream;
  };
  return { ...scripted, handler, metrics, open, status };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the stream', () => {
  it('shows freshness and flags at once, then what changes, and nothing else', async () => {
    const { open, publish, client } = await streaming();
    const reader = await open();
    expect(await reader.next()).toMatchObject({
      event: 'freshness',
      data: { freshness: 'fresh', revision: '1.1', alerts: [], heartbeat_seconds: 8 },
    });
    expect(await reader.next()).toMatchObject({
      event: 'flags',
      data: { revision: '1.1', flags: [{ key: 'banner', value: false }] },
    });

    await publish({ banner: { status: 'enabled' } });
    expect(await reader.next()).toMatchObject({ event: 'freshness', data: { revision: '1.2' } });
    expect(await reader.next()).toMatchObject({
      event: 'flags',
      data: { revision: '1.2', flags: [{ key: 'banner', value: true }] },
    });

    // Verified again and nothing new: the next thing said is the next change.
    await client.refresh();
    await publish({});
    expect(await reader.next()).toMatchObject({
      event: 'freshness',
      data: { rejected_document: { source: 'scripted' } },
    });
    await reader.cancel();
  });

  it('shows how things stand with every heartbeat, an override that nobody announced included', async () => {
    const { open, client } = await streaming({ heartbeatMs: 1_000 });
    const reader = await open();
    await reader.nextOf('flags');
    client.override('banner', true);
    vi.advanceTimersByTime(1_000);
    expect(await reader.next()).toMatchObject({ event: 'freshness', data: { overrides: ['banner'] } });
    expect(await reader.next()).toMatchObject({ event: 'flags', data: { flags: [{ value: true, overridden: true }] } });
    vi.advanceTimersByTime(1_000);
    expect(await reader.next()).toMatchObject({ event: 'freshness', data: { overrides: ['banner'] } });
    await reader.cancel();
  });

  it('has one timer for all callers, and none without callers', async () => {
    const { open, status } = await streaming();
    const timers = vi.getTimerCount();
    const readers = await Promise.all(Array.from({ length: 50 }, open));
    expect(vi.getTimerCount()).toBe(timers + 1);
    expect(await status()).toEqual({ clients: 50, dropped: 0 });
    for (const reader of readers) await reader.cancel();
    expect(vi.getTimerCount()).toBe(timers);
    expect(await status()).toEqual({ clients: 0, dropped: 0 });
  });

  it('listens to the client only while somebody listens to it', async () => {
    const { client, open } = await streaming();
    const listen = vi.spyOn(client, 'on');
    const reader = await open();
    const begun = listen.mock.calls.length;
    expect(begun).toBeGreaterThan(0);
    const another = await open();
    expect(listen.mock.calls.length).toBe(begun);
    await reader.cancel();
    await another.cancel();
    await (await open()).cancel();
    expect(listen.mock.calls.length).toBe(2 * begun);
  });

  it('drops a caller that does not read, counts it, and lets it come back', async () => {
    const { handler, open, publish, status, metrics } = await streaming({ maxBufferedBytes: 1_024 });
    const quick = await open();
    const slow = await handler(new Request(url));
    await quick.nextOf('flags');
    for (let version = 0; version < 5; version += 1) {
      await publish({ banner: { status: version % 2 === 0 ? 'enabled' : 'disabled' } });
      await quick.nextOf('flags');
    }
    expect(await status()).toEqual({ clients: 1, dropped: 1 });
    expect(metrics.exposition()).toContain('\nfeature_flag_stream_clients_dropped_total 1\n');
    // What was queued for it is gone, too.
    await expect(new EventReader(slow).next()).rejects.toThrow('did not read');

    const back = await open();
    expect(await back.nextOf('flags')).toMatchObject({ revision: '1.6' });
    await back.cancel();
    await quick.cancel();
  });

  it('drops a caller that lets heartbeats pile up, however small they are', async () => {
    const { handler, open, status } = await streaming({ heartbeatMs: 1_000, maxBufferedBytes: 16_777_216 });
    const quick = await open();
    await quick.nextOf('flags');
    const dead = await handler(new Request(url));
    for (let beat = 0; beat < 5; beat += 1) {
      expect(await status()).toEqual({ clients: 2, dropped: 0 });
      vi.advanceTimersByTime(1_000);
      await quick.nextOf('freshness');
    }
    expect(await status()).toEqual({ clients: 1, dropped: 1 });
    await dead.body?.cancel().catch(() => {});
    await quick.cancel();
  });

  it('ends after an hour, so that a token that was withdrawn shows nothing for longer, and may be begun again', async () => {
    const { open, status } = await streaming({ heartbeatMs: 600_000 });
    const reader = await open();
    await reader.nextOf('flags');
    for (let beat = 0; beat < 5; beat += 1) {
      vi.advanceTimersByTime(600_000);
      await reader.nextOf('freshness');
    }
    const later = await open();
    await later.nextOf('flags');
    vi.advanceTimersByTime(600_000);
    expect(await reader.next()).toBeUndefined();
    expect(await status()).toEqual({ clients: 1, dropped: 0 });
    expect(await later.next()).toMatchObject({ event: 'freshness' });
    const back = await open();
    expect(await back.nextOf('flags')).toMatchObject({ revision: '1.1' });
    await back.cancel();
    await later.cancel();
  });

  it('keeps counting a caller that has something unread at its hour, so that it is dropped like any other', async () => {
    const { open, status } = await streaming({ heartbeatMs: 600_000, maxBufferedBytes: 16_777_216 });
    const reader = await open();
    await reader.nextOf('flags');
    for (let beat = 0; beat < 4; beat += 1) {
      vi.advanceTimersByTime(600_000);
      await reader.nextOf('freshness');
    }
    // The fifth is left unread, the sixth is the hour, and from then on it is shown nothing more.
    for (let beat = 0; beat < 5; beat += 1) {
      vi.advanceTimersByTime(600_000);
      expect(await status()).toEqual({ clients: 1, dropped: 0 });
    }
    vi.advanceTimersByTime(600_000);
    expect(await status()).toEqual({ clients: 0, dropped: 1 });
    await expect(reader.next()).rejects.toThrow('did not read');
  });

  it('never drops a caller for the size of one event', async () => {
    const { open, publish, status } = await streaming({ maxBufferedBytes: 1_024 });
    const reader = await open();
    await reader.nextOf('flags');
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`flag_${n}`, { status: 'enabled' }]));
    await publish(many);
    expect((await reader.nextOf('flags'))['flags']).toHaveLength(500);
    expect(await status()).toEqual({ clients: 1, dropped: 0 });
    await reader.cancel();
  });

  it('answers 503 to more callers than may be, and takes the next one when there is room', async () => {
    const { handler, open } = await streaming({ maxClients: 2 });
    const first = await open();
    const second = await open();
    const refused = await handler(new Request(url));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('30');
    await first.cancel();
    const third = await open();
    expect(await third.next()).toMatchObject({ event: 'freshness' });
    await second.cancel();
    await third.cancel();
  });

  it('is neither stored, nor buffered, nor begun by HEAD', async () => {
    const { handler, status } = await streaming();
    const head = await handler(new Request(url, { method: 'HEAD' }));
    expect(head.status).toBe(200);
    expect(head.body).toBeNull();
    expect(head.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(head.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(head.headers.get('x-accel-buffering')).toBe('no');
    expect(await status()).toEqual({ clients: 0, dropped: 0 });
  });

  it('ends for everybody when the handler says so, and can begin again', async () => {
    const { handler, open, status } = await streaming();
    const timers = vi.getTimerCount();
    const reader = await open();
    await reader.nextOf('flags');
    handler.closeStreams();
    expect(await reader.next()).toBeUndefined();
    expect(await status()).toEqual({ clients: 0, dropped: 0 });
    expect(vi.getTimerCount()).toBe(timers);
    const again = await open();
    expect(await again.next()).toMatchObject({ event: 'freshness' });
    await again.cancel();
  });

  it('cuts a caller who let two heartbeats pile up when the handler ends it, and makes no server wait', async () => {
    const { handler, open, status } = await streaming({ heartbeatMs: 1_000 });
    const quick = await open();
    await quick.nextOf('flags');
    const frozen = await handler(new Request(url));
    for (let beat = 0; beat < 2; beat += 1) {
      vi.advanceTimersByTime(1_000);
      await quick.nextOf('freshness');
    }
    handler.closeStreams();
    expect(await quick.next()).toBeUndefined();
    await expect(new EventReader(frozen).next()).rejects.toThrow('did not read');
    expect(await status()).toEqual({ clients: 0, dropped: 1 });
  });

  it('F45 reports a client that throws at a heartbeat or an event, and shows its callers the state when it is known again', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const scripted = await scriptedClient({ banner: { status: 'disabled' } });
    const handler = createFlagHandler({ client: scripted.client, authorize: () => true, onError });
    const reader = new EventReader(await handler(new Request(url)));
    await reader.nextOf('flags');
    const all = vi.spyOn(scripted.client, 'all').mockImplementation(() => {
      throw new Error('not now');
    });
    vi.advanceTimersByTime(8_000);
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: 'not now' }));
    await scripted.publish({ banner: { status: 'enabled' } });
    await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(2));
    all.mockRestore();
    vi.advanceTimersByTime(8_000);
    expect(await reader.next()).toMatchObject({ event: 'freshness', data: { revision: '1.2' } });
    expect(await reader.next()).toMatchObject({ event: 'flags', data: { flags: [{ value: true }] } });
    await reader.cancel();
  });

  it('F45 goes on though the sink throws when a caller is counted', async () => {
    const scripted = await scriptedClient({ banner: { status: 'disabled' } });
    const broken = () => {
      throw new Error('sink');
    };
    const onError = vi.fn<(error: unknown) => void>();
    const handler = createFlagHandler({
      client: scripted.client,
      metrics: { count: broken, gauge: broken, observe: broken, exposition: () => 'feature_flag_cache_size 1\n' },
      authorize: () => true,
      onError,
      stream: { maxBufferedBytes: 1_024 },
    });
    const slow = await handler(new Request(url));
    await scripted.publish({ banner: { status: 'enabled' } });
    await scripted.publish({ banner: { status: 'disabled' } });
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: 'sink' }));
    await slow.body?.cancel().catch(() => {});
    const text = await handler(new Request('http://flags.test/metrics/feature-flags/prometheus'));
    expect(await text.text()).toBe('feature_flag_cache_size 1\n');
  });
});

it.each([
  [{ maxClients: 0 }, /stream\.maxClients is 0; allowed is a whole number from 1/],
  [{ heartbeatMs: 99 }, /stream\.heartbeatMs is 99;/],
  [{ maxBufferedBytes: 1.5 }, /stream\.maxBufferedBytes is 1\.5;/],
])('the stream options %j are refused', async (stream, message) => {
  const { client } = await scriptedClient({ banner: { status: 'enabled' } });
  expect(() => createFlagHandler({ client, stream })).toThrow(message);
});
