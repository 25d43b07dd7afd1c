import type { MetricLabels } from '@clarity/flags-core/ports';
import { describeMetricsSinkContract } from '@clarity/flags-testing/contracts';
import { prometheusMetrics } from '../src/prometheus-metrics.ts';

interface Item {
  readonly name: string;
  readonly values: readonly { readonly value: number; readonly labels: MetricLabels; readonly metricName?: string }[];
}

// Read back through the registry, as an aggregating primary reads it.
describeMetricsSinkContract('prom-client', {
  open: async () => {
    const sink = prometheusMetrics();
    const read = async (metric: string, sample: string, wanted: MetricLabels): Promise<number | undefined> => {
      const items = (await sink.registry.getMetricsAsJSON()) as unknown as readonly Item[];
      const values = items.find(({ name }) => name === metric)?.values ?? [];
      return values.find(
        ({ labels, metricName = metric }) =>
          metricName === sample &&
          Object.keys(labels).length === Object.keys(wanted).length &&
          Object.entries(wanted).every(([label, value]) => labels[label] === value),
      )?.value;
    };
    return {
      sink,
      value: (name, labels) => read(name, name, labels),
      observations: async (name, labels) => {
        const count = await read(name, `${name}_count`, labels);
        const sum = await read(name, `${name}_sum`, labels);
        return count === undefined || sum === undefined || count === 0 ? undefined : { count, sum };
      },
      secrets: [],
      faults: {},
      dispose: async () => undefined,
    };
  },
});
