import type { MetricFamily, MetricSeries } from '@clarity/flags-core/ports';

/**
 * The JSON form of an ExportMetricsServiceRequest: OpenTelemetry protocol 1.x, opentelemetry/proto/collector/metrics/v1. In JSON
 * 64-bit integers are text and field names are lowerCamelCase.
 */
export interface MetricsRequest {
  readonly resourceMetrics: readonly [
    {
      readonly resource: { readonly attributes: readonly Attribute[] };
      readonly scopeMetrics: readonly [
        { readonly scope: { readonly name: string }; readonly metrics: readonly Metric[] },
      ];
    },
  ];
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}

interface Point {
  readonly attributes: readonly Attribute[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

type NumberPoint = Point & { readonly asDouble: number };
type HistogramPoint = Point & {
  readonly count: string;
  readonly sum: number;
  readonly bucketCounts: readonly string[];
  readonly explicitBounds: readonly number[];
};

interface Metric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly sum?: {
    readonly aggregationTemporality: 1 | 2;
    readonly isMonotonic: true;
    readonly dataPoints: readonly NumberPoint[];
  };
  readonly gauge?: { readonly dataPoints: readonly NumberPoint[] };
  readonly histogram?: { readonly aggregationTemporality: 1 | 2; readonly dataPoints: readonly HistogramPoint[] };
}

/** `delta`: what was added since the last export. `cumulative`: all since the beginning. */
export type Temporality = 'delta' | 'cumulative';

const TEMPORALITY: Readonly<Record<Temporality, 1 | 2>> = { delta: 1, cumulative: 2 };

export interface RequestFacts {
  readonly resource: Readonly<Record<string, string>>;
  readonly temporality: Temporality;
  /** Since when the values count, and until when (Unix milliseconds). */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The request for these metrics; undefined when none of them has a value to tell. */
export function metricsRequest(families: Iterable<MetricFamily>, facts: RequestFacts): MetricsRequest | undefined {
  const metrics = [...families].map((family) => metricOf(family, facts)).filter((metric) => metric !== undefined);
  if (metrics.length === 0) return undefined;
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributesOf(Object.entries(facts.resource)) },
        scopeMetrics: [{ scope: { name: '@clarity/flags-core' }, metrics }],
      },
    ],
  };
}

function metricOf({ name, definition, series }: MetricFamily, facts: RequestFacts): Metric | undefined {
  const shared = { name, description: definition.help, unit: unitOf(name) };
  const aggregationTemporality = TEMPORALITY[facts.temporality];
  const all = [...series];
  if (all.length === 0) return undefined;
  const point = ({ labels }: MetricSeries): Point => ({
    attributes: attributesOf(definition.labels.map((label, at) => [label, labels[at] ?? ''])),
    startTimeUnixNano: nanos(facts.fromMs),
    timeUnixNano: nanos(facts.toMs),
  });
  switch (definition.type) {
    case 'counter':
      return {
        ...shared,
        sum: {
          aggregationTemporality,
          isMonotonic: true,
          dataPoints: all.map((one) => ({ ...point(one), asDouble: one.value })),
        },
      };
    case 'gauge':
      return { ...shared, gauge: { dataPoints: all.map((one) => ({ ...point(one), asDouble: one.value })) } };
    case 'histogram':
      return {
        ...shared,
        histogram: {
          aggregationTemporality,
          dataPoints: all.map((one) => ({
            ...point(one),
            count: String(one.buckets.reduce((sum, count) => sum + count, 0)),
            sum: one.value,
            bucketCounts: one.buckets.map(String),
            explicitBounds: definition.buckets,
          })),
        },
      };
  }
}

/** A label without a value is absent. */
function attributesOf(labels: readonly (readonly [string, string])[]): readonly Attribute[] {
  return labels.filter(([, value]) => value !== '').map(([key, value]) => ({ key, value: { stringValue: value } }));
}

/**
 * Units by the names that our metrics end with (UCUM). Others have none: to a gauge in `1` Prometheus would add `_ratio`, and dashboards and alerts
 * depend on the names.
 */
function unitOf(name: string): string {
  if (name.endsWith('_seconds')) return 's';
  return name.endsWith('_bytes') ? 'By' : '';
}

function nanos(ms: number): string {
  return `${BigInt(Math.round(ms)) * 1_000_000n}`;
}
