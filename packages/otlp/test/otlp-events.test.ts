import { createFlagClient } from '@clarity/flags-core';
import { memoryStore } from '@clarity/flags-testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EvaluationEvent } from '../src/evaluation-event.ts';
import { openTelemetryHook } from '../src/open-telemetry-hook.ts';
import { type OtlpEvents, otlpEvents, type OtlpEventsOptions } from '../src/otlp-events.ts';
import { type Collector, recordsOf, startCollector } from './collector.ts';

let collector: Collector;
const open: OtlpEvents[] = [];
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(async () => {
  collector.answer = { status: 200, body: '{}' };
  await Promise.all(open.splice(0).map((events) => events.close()));
  await collector.stop();
});

function events(options: Partial<OtlpEventsOptions> = {}): OtlpEvents {
  const made = otlpEvents({ url: collector.eventsUrl, intervalMs: false, ...options });
  open.push(made);
  return made;
}

function event(key: string, more: EvaluationEvent['attributes'] = {}): EvaluationEvent {
  return {
    eventName: 'feature_flag.evaluation',
    timestamp: 1_790_000_000_123.5,
    attributes: { 'feature_flag.key': key, ...more },
  };
}

/** The keys of what arrived, in its order. */
function arrived(): readonly string[] {
  return collector.receivedEvents.flatMap(({ body }) =>
    recordsOf(body).map(({ attributes: [first] }) => {
      const value = first?.value;
      return value !== undefined && 'stringValue' in value ? value.stringValue : '';
    }),
  );
}

describe('events by OTLP', () => {
  it('arrive in the published form, with what a client evaluated', async () => {
    const sink = events({ resource: { 'service.name': 'shop' }, headers: { authorization: 'Bearer hunter2' } });
    const text = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';
    const flags = createFlagClient({
      source: memoryStore({ text }).source,
      hooks: [openTelemetryHook({ logger: sink })],
      variables: false,
      logLevel: 'silent',
    });
    await flags.ready();
    flags.isEnabled('a');
    await flags.close();
    expect(await sink.flush()).toBe(true);
    const { headers, body } = collector.receivedEvents[0]!;
    expect(headers.authorization).toBe('Bearer hunter2');
    expect(body.resourceLogs[0].resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'shop' } }]);
    const [record] = recordsOf(body);
    expect(record?.eventName).toBe('feature_flag.evaluation');
    expect(record?.attributes).toContainEqual({ key: 'feature_flag.result.reason', value: { stringValue: 'static' } });
  });

  it('carry values of every kind', async () => {
    const sink = events();
    sink.emit(
      event('a', { i: 7, d: 0.5, b: false, n: null, big: 2 ** 60, nan: Number.NaN, l: [1, 'x'], o: { p: [] } }),
    );
    expect(await sink.flush()).toBe(true);
    const [record] = recordsOf(collector.receivedEvents[0]!.body);
    expect(record?.timeUnixNano).toBe('1790000000124000000');
    expect(Object.fromEntries(record!.attributes.map(({ key, value }) => [key, value]))).toEqual({
      'feature_flag.key': { stringValue: 'a' },
      i: { intValue: '7' },
      d: { doubleValue: 0.5 },
      b: { boolValue: false },
      n: {},
      big: { doubleValue: 2 ** 60 },
      nan: {},
      l: { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'x' }] } },
      o: { kvlistValue: { values: [{ key: 'p', value: { arrayValue: { values: [] } } }] } },
    });
  });

  it('go in batches, in their order, and without a request when there are none', async () => {
    const sink = events({ maxQueued: 2_000 });
    expect(await sink.flush()).toBe(true);
    expect(collector.paths).toEqual([]);
    const keys = Array.from({ length: 1_200 }, (_, n) => `flag_${n}`);
    for (const key of keys) sink.emit(event(key));
    expect(await sink.flush()).toBe(true);
    expect(collector.receivedEvents.map(({ body }) => recordsOf(body).length)).toEqual([512, 512, 176]);
    expect(arrived()).toEqual(keys);
  });

  it.each([429, 502, 503, 504])('wait for the next time when the collector answers %i', async (status) => {
    const sink = events();
    sink.emit(event('a'));
    collector.answer = { status, body: '' };
    expect(await sink.flush()).toBe(false);
    sink.emit(event('b'));
    collector.answer = { status: 200, body: '{}' };
    expect(await sink.flush()).toBe(true);
    expect(arrived()).toEqual(['a', 'b']);
    expect(sink.dropped).toBe(0);
  });

  it('are dropped and counted when the collector refuses them, wholly or in part', async () => {
    const problems: string[] = [];
    const sink = events({ onError: ({ message }) => problems.push(message) });
    for (const key of ['a', 'b']) sink.emit(event(key));
    collector.answer = { status: 400, body: '' };
    expect(await sink.flush()).toBe(false);
    expect(sink.dropped).toBe(2);
    for (const key of ['c', 'd', 'e']) sink.emit(event(key));
    collector.answer = { status: 200, body: '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}' };
    expect(await sink.flush()).toBe(false);
    expect(sink.dropped).toBe(4);
    expect(await sink.flush()).toBe(true);
    expect(arrived()).toEqual(['c', 'd', 'e']);
    expect(problems).toEqual(['the collector answered 400', 'the collector rejected 2 events: too old']);
  });

  it('are bounded while the collector is away: what comes beyond is dropped and counted', async () => {
    const sink = events({ maxQueued: 3 });
    for (const key of ['a', 'b', 'c', 'd', 'e']) sink.emit(event(key));
    expect(sink.dropped).toBe(2);
    collector.answer = { status: 503, body: '' };
    const away = sink.flush();
    for (const key of ['f', 'g']) sink.emit(event(key));
    expect(await away).toBe(false);
    // Older ones have the right of way.
    expect(sink.dropped).toBe(4);
    collector.answer = { status: 200, body: '{}' };
    await sink.flush();
    expect(arrived()).toEqual(['a', 'b', 'c']);
  });

  it('are exported once a batch is full, and by the timer, which holds no process', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const sink = events({ intervalMs: 1_000 });
      for (let n = 0; n < 512; n += 1) sink.emit(event(`flag_${n}`));
      await vi.waitFor(() => expect(arrived()).toHaveLength(512));
      sink.emit(event('last'));
      vi.advanceTimersByTime(1_000);
      await vi.waitFor(() => expect(arrived()).toHaveLength(513));
      expect(vi.getTimerCount()).toBe(1);
      await sink.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are exported once more at the end, and dropped after it', async () => {
    const sink = events();
    sink.emit(event('a'));
    expect(await Promise.all([sink.close(), sink.close()])).toEqual([true, true]);
    sink.emit(event('b'));
    expect(arrived()).toEqual(['a']);
    expect(sink.dropped).toBe(1);
  });

  it.each([
    [{ url: 'nowhere' }, /url is not an address/],
    [{ maxQueued: 0 }, /maxQueued is 0; allowed is a whole number from 1 to 100000/],
    [{ intervalMs: 5 }, /intervalMs is 5/],
    [{ timeoutMs: 0 }, /timeoutMs is 0/],
  ])('refuse %j', (options, message) => {
    expect(() => events(options)).toThrow(message);
  });
});
