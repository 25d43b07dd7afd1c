import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';
import type { MetricsRequest } from '../src/metrics-request.ts';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: MetricsRequest;
}

export interface Collector {
  readonly url: string;
  readonly received: Received[];
  /** How the next exports are answered. */
  answer: { readonly status: number; readonly body: string } | 'hang';
  stop(): Promise<void>;
}

/** A real OTLP/HTTP receiver: it refuses whatever has not the published JSON form. */
export async function startCollector(): Promise<Collector> {
  const collector: Pick<Collector, 'received' | 'answer'> = { received: [], answer: { status: 200, body: '{}' } };
  const server = createServer(async (request, response) => {
    let sent = '';
    for await (const chunk of request) sent += String(chunk);
    if (collector.answer === 'hang') return;
    const problem = request.headers['content-type'] === 'application/json' ? problemOf(JSON.parse(sent)) : 'not JSON';
    if (problem !== undefined) {
      response.writeHead(400).end(problem);
      return;
    }
    if (collector.answer.status === 200) collector.received.push({ headers: request.headers, body: JSON.parse(sent) });
    response.writeHead(collector.answer.status, { 'content-type': 'application/json' }).end(collector.answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(collector, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

const nanos = { type: 'string', pattern: '^\\d{19}$' };
const count = { type: 'string', pattern: '^\\d+$' };
const strict = (properties: Record<string, object>, optional: readonly string[] = []): object => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
const listOf = (items: object): object => ({ type: 'array', items });
const attributes = listOf(strict({ key: { type: 'string' }, value: strict({ stringValue: { type: 'string' } }) }));
const point = { attributes, startTimeUnixNano: nanos, timeUnixNano: nanos };
const numberPoints = listOf(strict({ ...point, asDouble: { type: 'number' } }));
const temporality = { enum: [1, 2] };
const numbers = listOf({ type: 'number' });
const histogramPoints = listOf(
  strict({ ...point, count, sum: { type: 'number' }, bucketCounts: listOf(count), explicitBounds: numbers }),
);
const text = { type: 'string' };
const metric = {
  ...strict(
    {
      name: text,
      description: text,
      unit: text,
      sum: strict({ aggregationTemporality: temporality, isMonotonic: { const: true }, dataPoints: numberPoints }),
      gauge: strict({ dataPoints: numberPoints }),
      histogram: strict({ aggregationTemporality: temporality, dataPoints: histogramPoints }),
    },
    ['sum', 'gauge', 'histogram'],
  ),
  oneOf: ['sum', 'gauge', 'histogram'].map((kind) => ({ required: [kind] })),
};

/** ExportMetricsServiceRequest of opentelemetry/proto/collector/metrics/v1, as far as a sink of ours may use it. */
const isMetricsRequest = new Ajv({ allErrors: true }).compile<MetricsRequest>(
  strict({
    resourceMetrics: listOf(
      strict({
        resource: strict({ attributes }),
        scopeMetrics: listOf(strict({ scope: strict({ name: text }), metrics: listOf(metric) })),
      }),
    ),
  }),
);

/** What in a body is not as the protocol has it, or undefined. */
function problemOf(body: unknown): string | undefined {
  if (!isMetricsRequest(body)) return JSON.stringify(isMetricsRequest.errors);
  for (const { sum, gauge, histogram, name } of metricsOf(body)) {
    for (const { startTimeUnixNano, timeUnixNano } of (sum ?? gauge ?? histogram)?.dataPoints ?? []) {
      if (BigInt(startTimeUnixNano) > BigInt(timeUnixNano)) return `${name} ends before it begins`;
    }
    for (const { bucketCounts, count: all, explicitBounds } of histogram?.dataPoints ?? []) {
      const counted = bucketCounts.reduce((total, one) => total + Number(one), 0);
      if (counted !== Number(all) || bucketCounts.length !== explicitBounds.length + 1)
        return `${name} has other buckets`;
    }
  }
  return undefined;
}

export function metricsOf({
  resourceMetrics,
}: MetricsRequest): MetricsRequest['resourceMetrics'][0]['scopeMetrics'][0]['metrics'] {
  return resourceMetrics[0].scopeMetrics[0].metrics;
}
