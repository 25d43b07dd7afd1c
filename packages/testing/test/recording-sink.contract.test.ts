import { recordingSink } from '@clarity/flags-testing';
import { describeMetricsSinkContract } from '@clarity/flags-testing/contracts';

describeMetricsSinkContract('recording sink', {
  open: async () => {
    const sink = recordingSink();
    return {
      sink,
      value: async (name, labels) => sink.value(name, labels),
      observations: async (name, labels) => {
        const observed = sink.observed(name, labels);
        return observed.length === 0
          ? undefined
          : { count: observed.length, sum: observed.reduce((sum, one) => sum + one, 0) };
      },
      secrets: [],
      faults: {},
      dispose: async () => undefined,
    };
  },
});
