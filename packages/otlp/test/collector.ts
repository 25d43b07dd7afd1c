import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';
import type { EventsRequest } from '../src/events-request.ts';
import type { MetricsRequest } from '../src/metrics-request.ts';

export interface Received<Body> {
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

export interface Collector {
  /** Where it takes metrics, and where events. */
  readonly url: string;
  readonly eventsUrl: string;
  readonly received: Received<MetricsRequest>[];
  readonly receivedEvents: Received<EventsRequest>[];
  /** Of every request so far. */
  readonly paths: string[];
  /** How the next exports are answered. */
  answer:
    | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
    | 'hang'
    | 'endless';
  stop(): Promise<void>;
}

/** A real OTLP/HTTP receiver: it refuses anything that does not have the published JSON form. */
export async function startCollector(): Promise<Collector> {
  const collector: Pick<Collector, 'received' | 'receivedEvents' | 'paths' | 'answer'> = {
    received: [],
    receivedEvents: [],
    paths: [],
    answer: { status: 200, body: '{}' },
  };
  const server = createServer(async (request, response) => {
    let sent = '';
    for await (const chunk of request) sent += String(chunk);
    const { answer } = collector;
    const { url: path = '', headers } = request;
    collector.paths.push(path);
    if (answer === 'hang') return;
    const body: unknown = headers['content-type'] === 'application/json' ? JSON.parse(sent) : undefined;
    const problem = path === '/v1/logs' ? problemOfEvents(body) : problemOf(body);
    if (problem !== undefined) {
      response.writeHead(400).end(problem);
      return;
    }
    if (answer === 'endless' || answer.status === 200) {
      if (path === '/v1/logs') collector.receivedEvents.push({ headers, body: body as EventsRequest });
      else collector.received.push({ headers, body: body as MetricsRequest });
    }
    if (answer !== 'endless') {
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
      return;
    }
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.writeHead(200).on('drain', more);
    more();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(collector, {
    url: `${origin}/v1/metrics`,
    eventsUrl: `${origin}/v1/logs`,
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
const gaugePoints = listOf({
  oneOf: [strict({ ...point, asDouble: { type: 'number' } }), strict({ ...point, flags: { const: 1 } })],
});
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
      gauge: strict({ dataPoints: gaugePoints }),
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

// opentelemetry/proto/common/v1: one of these, or nothing.
const anyValue = {
  type: 'object',
  additionalProperties: false,
  maxProperties: 1,
  properties: {
    stringValue: text,
    boolValue: { type: 'boolean' },
    intValue: { type: 'string', pattern: '^-?\\d{1,19}$' },
    doubleValue: { type: 'number' },
    arrayValue: strict({ values: listOf({ $ref: '#/$defs/anyValue' }) }),
    kvlistValue: strict({ values: listOf(strict({ key: text, value: { $ref: '#/$defs/anyValue' } })) }),
  },
};
const anyAttributes = listOf(strict({ key: text, value: { $ref: '#/$defs/anyValue' } }));

/** ExportLogsServiceRequest of opentelemetry/proto/collector/logs/v1, as far as events of ours may use it. */
const isEventsRequest = new Ajv({ allErrors: true }).compile<EventsRequest>({
  $defs: { anyValue },
  ...strict({
    resourceLogs: listOf(
      strict({
        resource: strict({ attributes: anyAttributes }),
        scopeLogs: listOf(
          strict({
            scope: strict({ name: text }),
            logRecords: listOf(
              strict({ timeUnixNano: nanos, observedTimeUnixNano: nanos, eventName: text, attributes: anyAttributes }),
            ),
          }),
        ),
      }),
    ),
  }),
});

function problemOfEvents(body: unknown): string | undefined {
  if (!isEventsRequest(body)) return JSON.stringify(isEventsRequest.errors);
  for (const { attributes: given } of recordsOf(body)) {
    if (new Set(given.map(({ key }) => key)).size !== given.length) return 'an attribute is there twice';
  }
  return undefined;
}

export function recordsOf({
  resourceLogs,
}: EventsRequest): EventsRequest['resourceLogs'][0]['scopeLogs'][0]['logRecords'] {
  return resourceLogs[0].scopeLogs[0].logRecords;
}
