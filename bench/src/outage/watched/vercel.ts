// Vercel, over its stream: what the metrics of an evaluation say of the cache. Its host is fixed: a fetch leads here.
import { createClient } from '@vercel/flags-core';
import { vercel as subject } from '../../evaluation/subjects/vercel.ts';
import { FLAG, type Watchable } from '../watched.ts';

export const vercel: Watchable = {
  routes: () => {
    const text = subject.write([FLAG]);
    return {
      '/v1/stream': {
        text: `{"type":"datafile","data":${text}}\n`,
        type: 'application/x-ndjson',
        heartbeat: '{"type":"ping"}\n',
      },
      '/v1/datafile': { text, type: 'application/json' },
    };
  },

  async follow(url) {
    const client = createClient('vf_server_outage', {
      disableMetrics: true,
      // Its default of 3 s is short on a busy machine.
      stream: { initTimeoutMs: 20_000 },
      fetch: (input, init) => fetch(`${url}${new URL(String(input)).pathname}`, init),
    });
    await client.initialize();
    const evaluate = () => client.evaluate(FLAG.key, false, { user: { id: 'u1' } });
    return {
      says: async () => {
        const { metrics } = await evaluate();
        return metrics === undefined ? 'nothing' : `${metrics.cacheStatus}, ${metrics.connectionState}`;
      },
      isEnabled: async () => (await evaluate()).value === true,
      close: async () => client.shutdown(),
    };
  },
};
