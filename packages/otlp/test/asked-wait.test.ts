import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { otlpEvents } from '../src/otlp-events.ts';
import { type OtlpMetrics, otlpMetrics, type OtlpMetricsOptions } from '../src/otlp-metrics.ts';
import { type Collector, metricsOf, recordsOf, startCollector } from './collector.ts';

let collector: Collector;
const open: OtlpMetrics[] = [];
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(async () => {
  vi.restoreAllMocks();
  collector.answer = { status: 200, body: '{}' };
  await Promise.all(open.splice(0).map((metrics) => metrics.close()));
  await collector.stop();
});

function metrics(options: Partial<OtlpMetricsOptions> = {}): OtlpMetrics {
  const made = otlpMetrics({ url: collector.url, intervalMs: false, ...options });
  open.push(made);
  return made;
}

/** What arrived of one counter, export by export. */
function counted(): readonly (number | undefined)[] {
  return collector.received.map(({ body }) => {
    const metric = metricsOf(body).find(({ name }) => name === 'feature_flag_refresh_success_total');
    return metric?.sum?.dataPoints[0]?.asDouble;
  });
}

const event = { eventName: 'feature_flag.evaluation', timestamp: 1_790_000_000_123, attributes: {} } as const;

describe('a wait that the collector asks for', () => {
  it.each([
    [429, { 'retry-after': '30' }, 30_000],
    [503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 30_000],
    [502, { 'retry-after': '99999999999' }, 3_600_000],
    [504, { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, 3_600_000],
  ] as const)(
    'leaves a collector alone that answers %i with %j, and loses nothing',
    async (status, headers, waitMs) => {
      let nowMs = performance.now();
      vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
      const sink = metrics({ temporality: 'delta' });
      const count = (): void => sink.count('feature_flag_refresh_success_total');
      count();
      collector.answer = { status, body: '', headers };
      expect(await sink.flush()).toBe(false);
      count();
      nowMs += waitMs - 1;
      collector.answer = { status: 200, body: '{}' };
      expect(await sink.flush()).toBe(false);
      expect(collector.paths).toHaveLength(1);
      nowMs += 1;
      expect(await sink.flush()).toBe(true);
      expect(counted()).toEqual([2]);
    },
  );

  it.each([
    [503, 'soon'],
    [503, '-5'],
    [503, 'Wed, 21 Oct 2020 07:28:30 GMT'],
    [400, '30'],
  ])('waits for nothing after a %i with Retry-After %j', async (status, asked) => {
    const sink = metrics();
    sink.count('feature_flag_refresh_success_total');
    collector.answer = { status, body: '', headers: { 'retry-after': asked } };
    expect(await sink.flush()).toBe(false);
    collector.answer = { status: 200, body: '{}' };
    expect(await sink.flush()).toBe(true);
  });

  it('does not hold back the last export', async () => {
    const sink = metrics();
    sink.count('feature_flag_refresh_success_total');
    collector.answer = { status: 429, body: '', headers: { 'retry-after': '3600' } };
    expect(await sink.flush()).toBe(false);
    collector.answer = { status: 200, body: '{}' };
    expect(await sink.close()).toBe(true);
    expect(counted()).toEqual([1]);
  });

  it('holds events back too, even once a batch is full', async () => {
    let nowMs = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const sink = otlpEvents({ url: collector.eventsUrl, intervalMs: 60_000 });
    sink.emit(event);
    collector.answer = { status: 429, body: '', headers: { 'retry-after': '30' } };
    expect(await sink.flush()).toBe(false);
    collector.answer = { status: 200, body: '{}' };
    for (let n = 0; n < 511; n += 1) sink.emit(event);
    expect(await sink.flush()).toBe(false);
    expect(collector.paths).toHaveLength(1);
    nowMs += 30_000;
    expect(await sink.flush()).toBe(true);
    expect(collector.receivedEvents.map(({ body }) => recordsOf(body).length)).toEqual([512]);
    expect(sink.dropped).toBe(0);
    await sink.close();
  });
});
