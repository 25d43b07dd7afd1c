import type { MetricLabels } from '@clarity/flags-core/ports';
import { describeMetricsSinkContract } from '@clarity/flags-testing/contracts';
import { parseExposition } from '../../src/metrics/parse-exposition.ts';
import { textMetrics } from '../../src/index.ts';

// Read back from the text, so that printing and reading are under the contract too.
for (const format of ['text', 'openmetrics'] as const) {
  describeMetricsSinkContract(`text metrics as ${format}`, {
    open: async () => {
      const sink = textMetrics();
      const read = (name: string, wanted: MetricLabels): number | undefined =>
        parseExposition(sink.exposition(format)).find(
          (sample) =>
            sample.name === name &&
            sample.labels.size === Object.keys(wanted).length &&
            Object.entries(wanted).every(([label, value]) => sample.labels.get(label) === value),
        )?.value;
      return {
        sink,
        value: async (name, labels) => read(name, labels),
        observations: async (name, labels) => {
          const count = read(`${name}_count`, labels);
          const sum = read(`${name}_sum`, labels);
          return count === undefined || sum === undefined || count === 0 ? undefined : { count, sum };
        },
        secrets: [],
        faults: {},
        dispose: async () => undefined,
      };
    },
  });
}
