import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFlagClient } from '@clarity/flags-core';
import { METRIC_CATALOG, namedSink } from '@clarity/flags-core/metrics';
import { memoryStore } from '@clarity/flags-testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { otlpEvents } from '../src/otlp-events.ts';
import { type OtlpMetrics, otlpMetrics, type OtlpMetricsOptions } from '../src/otlp-metrics.ts';
import { type Collector, metricsOf, startCollector } from './collector.ts';

let collector: Collector;
const open: OtlpMetrics[] = [];
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(async () => {
  collector.answer = { status: 200, body: '{}' };
  await Promise.all(open.splice(0).map((metrics) => metrics.close()));
  await collector.stop();
});

function metrics(options: Partial<OtlpMetricsOptions> = {}): OtlpMetrics {
  const made = otlpMetrics({ url: collector.url, intervalMs: false, ...options });
  open.push(made);
  return made;
}

/** Stands for a point that says there is no value any more. */
const GONE = -1;

/** The values of one metric in the export at `at`, by its attributes as text. */
function values(name: string, at = -1): Record<string, number> {
  const body = collector.received.at(at)?.body;
  const metric = body === undefined ? undefined : metricsOf(body).find((one) => one.name === name);
  const points = (metric?.sum ?? metric?.gauge ?? metric?.histogram)?.dataPoints ?? [];
  return Object.fromEntries(
    points.map((point) => [
      point.attributes.map(({ value }) => ('stringValue' in value ? value.stringValue : '')).join(','),
      'asDouble' in point ? point.asDouble : 'count' in point ? Number(point.count) : GONE,
    ]),
  );
}

describe('metrics by OTLP', () => {
  it.each(['cumulative', 'delta'] as const)('are %s for each client by its name', async (temporality) => {
    const sink = metrics({ temporality });
    const [shop, staff] = [namedSink(sink, 'shop'), namedSink(sink, 'staff')];
    shop.count('feature_flag_refresh_success_total', {}, 2);
    staff.count('feature_flag_refresh_success_total', {}, 5);
    shop.gauge('feature_flag_subscriber_up', 1);
    staff.gauge('feature_flag_subscriber_up', 1);
    await sink.flush();
    expect(values('feature_flag_refresh_success_total')).toEqual({ shop: 2, staff: 5 });
    shop.count('feature_flag_refresh_success_total');
    shop.gauge('feature_flag_subscriber_up', Number.NaN);
    await sink.flush();
    const added = temporality === 'delta' ? { shop: 1 } : { shop: 3, staff: 5 };
    expect(values('feature_flag_refresh_success_total')).toEqual(added);
    expect(values('feature_flag_subscriber_up')).toEqual({ shop: GONE, staff: 1 });
  });

  it('arrive in the published form, with what a client did', async () => {
    const sink = metrics({ resource: { 'service.name': 'shop' }, headers: { authorization: 'Bearer hunter2' } });
    const text = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';
    const flags = createFlagClient({
      source: memoryStore({ text }).source,
      metrics: sink,
      variables: false,
      logLevel: 'silent',
    });
    await flags.ready();
    flags.isEnabled('a');
    expect(await sink.flush()).toBe(true);
    await flags.close();
    const { headers, body } = collector.received[0]!;
    expect(headers.authorization).toBe('Bearer hunter2');
    expect(body.resourceMetrics[0].resource.attributes).toEqual([
      { key: 'service.name', value: { stringValue: 'shop' } },
    ]);
    expect(values('feature_flag_refresh_success_total')).toEqual({ '': 1 });
    expect(values('feature_flag_stale_config')).toEqual({ '': 0 });
    expect(values('feature_flag_cache_size')).toEqual({ '': 1 });
    expect(values('feature_flag_refresh_duration_seconds')).toEqual({ '': 1 });
  });

  it('bear the unit of their name, and none where Prometheus would add it to the name', async () => {
    const sink = metrics();
    for (const [name, { type }] of Object.entries(METRIC_CATALOG)) {
      if (type === 'counter') sink.count(name as 'feature_flag_notices_total');
      else if (type === 'gauge') sink.gauge(name as 'feature_flag_cache_size', 1);
      else sink.observe(name as 'feature_flag_propagation_seconds', 1);
    }
    await sink.flush();
    const units = metricsOf(collector.received[0]!.body).map(({ name, unit }) => [name, unit]);
    expect(units).toHaveLength(Object.keys(METRIC_CATALOG).length);
    // Of all others it is: `1` would make a gauge in Prometheus `…_ratio`.
    expect(Object.fromEntries(units.filter(([, unit]) => unit !== ''))).toEqual({
      feature_flag_document_bytes: 'By',
      feature_flag_propagation_seconds: 's',
      feature_flag_publication_age_seconds: 's',
      feature_flag_refresh_duration_seconds: 's',
    });
  });

  it('do not follow a redirect, and nor do their headers', async () => {
    const moved = createServer((_request, response) => {
      response.writeHead(307, { location: collector.url }).end();
    }).listen(0, '127.0.0.1');
    await once(moved, 'listening');
    const url = `http://127.0.0.1:${(moved.address() as AddressInfo).port}/v1/metrics`;
    const problems: string[] = [];
    const sink = metrics({
      url,
      headers: { authorization: 'Bearer hunter2' },
      onError: (error) => problems.push(error.message),
    });
    sink.gauge('feature_flag_stale_config', 1);
    expect(await sink.flush()).toBe(false);
    expect(problems).toEqual(['the collector answered 307']);
    expect(collector.received).toEqual([]);
    moved.closeAllConnections();
    await once(moved.close(), 'close');
  });

  it('cumulate from the beginning', async () => {
    const sink = metrics();
    sink.count('feature_flag_refresh_success_total');
    await sink.flush();
    sink.count('feature_flag_refresh_success_total');
    await sink.flush();
    expect([values('feature_flag_refresh_success_total', 0), values('feature_flag_refresh_success_total', 1)]).toEqual([
      { '': 1 },
      { '': 2 },
    ]);
  });

  it('tell in delta only what is new, and nothing of what was not taken is lost', async () => {
    const sink = metrics({ temporality: 'delta' });
    const count = (times: number): void =>
      sink.count('feature_flag_refresh_failure_total', { error_type: 'timeout' }, times);
    count(3);
    await sink.flush();
    collector.answer = { status: 503, body: '' };
    count(4);
    sink.observe('feature_flag_refresh_duration_seconds', 0.2);
    expect(await sink.flush()).toBe(false);
    collector.answer = { status: 200, body: '{}' };
    count(5);
    await sink.flush();
    expect(values('feature_flag_refresh_failure_total', 0)).toEqual({ timeout: 3 });
    expect(values('feature_flag_refresh_failure_total', 1)).toEqual({ timeout: 9 });
    expect(values('feature_flag_refresh_duration_seconds', 1)).toEqual({ '': 1 });
    expect(await sink.flush()).toBe(true);
    expect(values('feature_flag_refresh_failure_total')).toEqual(collector.received.length === 2 ? { timeout: 9 } : {});
  });

  it('tell in delta nothing twice of what a collector took but for a part', async () => {
    const sink = metrics({ temporality: 'delta' });
    sink.count('feature_flag_refresh_failure_total', { error_type: 'timeout' }, 3);
    collector.answer = { status: 200, body: '{"partialSuccess":{"rejectedDataPoints":1}}' };
    expect(await sink.flush()).toBe(false);
    sink.count('feature_flag_refresh_failure_total', { error_type: 'timeout' }, 4);
    collector.answer = { status: 200, body: '{}' };
    expect(await sink.flush()).toBe(true);
    expect(values('feature_flag_refresh_failure_total', 0)).toEqual({ timeout: 3 });
    expect(values('feature_flag_refresh_failure_total', 1)).toEqual({ timeout: 4 });
  });

  it.each(['cumulative', 'delta'] as const)(
    'say once, %s, which gauges are gone, so that no collector shows two revisions of one instance',
    async (temporality) => {
      const sink = metrics({ temporality });
      const revision = (of: string) => sink.gauge('feature_flag_revision_info', 1, { revision: of, origin: 'primary' });
      const exported = async () => {
        await sink.flush();
        return [values('feature_flag_revision_info'), values('feature_flag_subscriber_up')];
      };
      revision('1.1');
      sink.gauge('feature_flag_subscriber_up', 1);
      expect(await exported()).toEqual([{ '1.1,primary': 1 }, { '': 1 }]);

      revision('1.2');
      sink.gauge('feature_flag_subscriber_up', Number.NaN);
      collector.answer = { status: 503, body: '' };
      expect(await sink.flush()).toBe(false);
      collector.answer = { status: 200, body: '{}' };
      expect(await exported()).toEqual([{ '1.1,primary': GONE, '1.2,primary': 1 }, { '': GONE }]);
      expect(await exported()).toEqual([{ '1.2,primary': 1 }, {}]);

      sink.gauge('feature_flag_subscriber_up', 0);
      revision('1.1');
      expect(await exported()).toEqual([{ '1.1,primary': 1, '1.2,primary': GONE }, { '': 0 }]);
    },
  );

  it('read no answer without end', async () => {
    const sink = metrics();
    sink.count('feature_flag_refresh_success_total');
    collector.answer = 'endless';
    expect(await sink.flush()).toBe(true);
  });

  it('are exported again though an export died with the request that it belonged to', async () => {
    const now = vi.spyOn(performance, 'now');
    let sent = 0;
    const sink = metrics({
      fetch: (url, init) => ((sent += 1) === 1 ? new Promise(() => {}) : fetch(url, init)),
    });
    sink.count('feature_flag_refresh_success_total');
    void sink.flush();
    now.mockReturnValue(performance.now() + 60_000);
    expect(await sink.flush()).toBe(true);
    expect(values('feature_flag_refresh_success_total')).toEqual({ '': 1 });
    now.mockRestore();
  });

  it('say why an export failed, without the address and the headers', async () => {
    const problems: string[] = [];
    const sink = metrics({
      url: `${collector.url}?key=s3cret`,
      headers: { authorization: 'Bearer hunter2' },
      timeoutMs: 50,
      onError: ({ message }) => problems.push(message),
    });
    sink.count('feature_flag_refresh_success_total');
    collector.answer = { status: 401, body: 'no' };
    await sink.flush();
    collector.answer = { status: 200, body: '{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"too old"}}' };
    await sink.flush();
    for (const errorMessage of ['', 7]) {
      const partialSuccess = { rejectedDataPoints: '2', errorMessage };
      collector.answer = { status: 200, body: JSON.stringify({ partialSuccess }) };
      expect(await sink.flush()).toBe(false);
    }
    collector.answer = 'hang';
    await sink.flush();
    expect(problems).toEqual([
      'the collector answered 401',
      'the collector rejected 2 data points: too old',
      'the collector rejected 2 data points: it gave no reason',
      'the collector rejected 2 data points: it gave no reason',
      'the collector could not be reached: TimeoutError',
    ]);
  });

  it('say that an export could not even be made, and make the next one', async () => {
    const problems: string[] = [];
    const sink = metrics({ onError: ({ message }) => problems.push(message) });
    let broken = true;
    sink.sampled?.(() => {
      if (broken) throw new RangeError('hunter2');
    });
    expect(await sink.flush()).toBe(false);
    expect(problems).toEqual(['an export could not be made: RangeError']);
    broken = false;
    expect(await sink.flush()).toBe(true);
  });

  it('end once: a caller who closes them again waits for the same last export', async () => {
    const sink = metrics();
    sink.count('feature_flag_refresh_success_total');
    collector.answer = { status: 503, body: '' };
    expect(await Promise.all([sink.close(), sink.close()])).toEqual([false, false]);
    expect(collector.paths).toHaveLength(1);
  });

  it('export at their interval, one at a time, and once more at the end', async () => {
    const sink = metrics({ intervalMs: 1_000 });
    sink.count('feature_flag_refresh_success_total');
    expect(await Promise.all([sink.flush(), sink.flush()])).toEqual([true, true]);
    expect(collector.received).toHaveLength(1);
    sink.count('feature_flag_refresh_success_total');
    await sink.close();
    await sink.close();
    expect(collector.received).toHaveLength(2);
    expect(values('feature_flag_refresh_success_total')).toEqual({ '': 2 });
  });

  it('survive a listener that throws, and cap what labels can become', async () => {
    const sink = metrics({
      maxSeries: 1,
      onError: () => {
        throw new Error('broken');
      },
    });
    for (const flag of ['a', 'b', 'c'])
      sink.count('feature_flag_evaluations_total', { flag, variant: 'on', reason: 'STATIC' });
    collector.answer = { status: 500, body: '' };
    expect(await sink.flush()).toBe(false);
    collector.answer = { status: 200, body: '' };
    expect(await sink.flush()).toBe(true);
    expect(values('feature_flag_evaluations_total')).toEqual({ 'a,on,STATIC': 1, '__other__,__other__,__other__': 2 });
  });

  it.each([
    [{ url: 'nowhere' }, /url is not an address/],
    [{ url: 'ftp://host/' }, /url is one that begins with ftp:/],
    [{ url: 'https://u:hunter2@host/' }, /url is one that holds credentials/],
    [{ intervalMs: 10 }, /intervalMs is 10; allowed is a duration from 1000 to 2147483647 ms/],
    [{ timeoutMs: Number.NaN }, /timeoutMs is NaN/],
    [{ temporality: 'sometimes' as never }, /temporality is "sometimes"/],
    [{ maxSeries: 0 }, /maxSeries is 0/],
    [{ timeoutMs: '50' as never }, /timeoutMs is of type string; allowed is a duration from 1 to/],
    [
      { headers: { authorization: 'Bearer hunter2\nx: y' } },
      /^headers\["authorization"\] is a text that cannot be sent; allowed is/,
    ],
    [{ headers: { authorization: 'Bearer hunter2-\u0444' } }, /^headers\["authorization"\] is a text that cannot/],
    [{ headers: { 'authorization: Bearer hunter2': '' } }, /^a name in headers is a text that cannot be sent/],
    [{ headers: { authorization: undefined as never } }, /^headers\["authorization"\] is missing; allowed is a text/],
    [{ headers: null as never }, /^headers is null; allowed is an object/],
    [{ resource: null as never }, /^resource is null/],
    [{ resource: { 'service.name': undefined as never } }, /^resource\["service.name"\] is missing/],
    [{ onError: 'log' as never }, /^onError is of type string; allowed is a function/],
    [{ fetch: {} as never }, /^fetch is of type object/],
  ])('refuse %j', (options, message) => {
    expect(() => metrics(options)).toThrow(message);
    expect(() => metrics(options)).not.toThrow(/hunter2/);
  });
});

it.each([
  ['otlpMetrics', undefined, 'missing'],
  ['otlpMetrics', 'https://collector.example/v1/metrics', 'of type string'],
  ['otlpEvents', null, 'null'],
] as const)('%s refuses %j for options, and says what to give', (name, options, found) => {
  const make = { otlpMetrics, otlpEvents }[name];
  expect(() => make(options as never)).toThrow(`options of ${name} are ${found}; allowed is { url }`);
});
