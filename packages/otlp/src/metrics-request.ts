import type { MetricFamily, MetricSeries } from '@clarity/flags-core/metrics';
import { type KeyValue, keyValues } from './any-value.ts';

/**
 * The JSON form of an ExportMetricsServiceRequest: OpenTelemetry protocol 1.x,
 * opentelemetry/proto/collector/metrics/v1. In JSON 64-bit integers are text and field names are lowerCamelCase.
 */
export interface MetricsRequest {
  readonly resourceMetrics: readonly [
    {
      readonly resource: { readonly attributes: readonly KeyValue[] };
      readonly scopeMetrics: readonly [
        { readonly scope: { readonly name: string }; readonly metrics: readonly Metric[] },
      ];
    },
  ];
}

interface Point {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

type NumberPoint = Point & { readonly asDouble: number };
/** What is told once of a series that has ended, so that a collector lets go of its last value. */
type GonePoint = Point & { readonly flags: typeof NO_RECORDED_VALUE };
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
  readonly gauge?: { readonly dataPoints: readonly (NumberPoint | GonePoint)[] };
  readonly histogram?: { readonly aggregationTemporality: 1 | 2; readonly dataPoints: readonly HistogramPoint[] };
}

/** DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK */
const NO_RECORDED_VALUE = 1;

/** `delta`: what was added since the last export. `cumulative`: all since the beginning. */
export type Temporality = 'delta' | 'cumulative';

const TEMPORALITY: Readonly<Record<Temporality, 1 | 2>> = { delta: 1, cumulative: 2 };

export interface RequestFacts {
  readonly resource: readonly KeyValue[];
  readonly temporality: Temporality;
  /** Since when the values count, and until when (Unix milliseconds). */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The request for these metrics; undefined when none of them has a value to tell. A gauge that is NaN is told to be
 * gone.
 */
export function metricsRequest(families: Iterable<MetricFamily>, facts: RequestFacts): MetricsRequest | undefined {
  const metrics = [...families].map((family) => metricOf(family, facts)).filter((metric) => metric !== undefined);
  if (metrics.length === 0) return undefined;
  return {
    resourceMetrics: [
      {
        resource: { attributes: facts.resource },
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
  const point = ({ labels, client }: MetricSeries): Point => ({
    // A label without a value is absent.
    attributes: keyValues(
      Object.fromEntries(
        [...definition.labels.map((label, at) => [label, labels[at] ?? '']), ['client', client]].filter(
          ([, value]) => value !== '',
        ),
      ),
    ),
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
      return {
        ...shared,
        gauge: {
          dataPoints: all.map((one) => ({
            ...point(one),
            ...(Number.isNaN(one.value) ? { flags: NO_RECORDED_VALUE } : { asDouble: one.value }),
          })),
        },
      };
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

/**
 * Units by the names that our metrics end with (UCUM). Others have none: to a gauge in `1` Prometheus would add
 * `_ratio`, and dashboards and alerts depend on the names.
 */
function unitOf(name: string): string {
  if (name.endsWith('_seconds')) return 's';
  return name.endsWith('_bytes') ? 'By' : '';
}

function nanos(ms: number): string {
  return `${BigInt(Math.round(ms)) * 1_000_000n}`;
}
