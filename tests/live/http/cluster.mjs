// A cluster as a user runs it: workers with the built packages and prom-client's own registry, and a primary that puts
// them together. Its first worker cannot reach its store any more. Prints the port of the primary.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { createFlagClient } from '@clarity/flags-core';
import { prometheusMetrics } from '@clarity/flags-prometheus';
import { AggregatorRegistry, register } from 'prom-client';

const WORKERS = 3;

// In the primary it asks, in a worker it answers: with prom-client's own registry.
const aggregator = new AggregatorRegistry();

if (cluster.isPrimary) {
  const workers = Array.from({ length: WORKERS }, (_, n) => cluster.fork({ WORKER: `${n}` }));
  let ready = 0;
  const server = createServer(async (_request, response) => {
    response.setHeader('content-type', aggregator.contentType).end(await aggregator.clusterMetrics());
  });
  for (const worker of workers) {
    worker.on('message', (message) => {
      if (message !== 'ready' || (ready += 1) < WORKERS) return;
      server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
    });
  }
  process.on('SIGTERM', () => {
    for (const worker of workers) worker.process.kill('SIGTERM');
    server.close();
    server.closeAllConnections();
  });
} else {
  const number = Number(process.env.WORKER);
  let reads = 0;
  const source = {
    name: 'in memory',
    read: async () => {
      reads += 1;
      if (number === 0 && reads > 1) throw new Error('gone');
      const text = JSON.stringify({ schemaVersion: 1, flags: { banner: { status: 'enabled' } } });
      return { kind: 'document', text, revision: { epoch: 1, version: 1 + number } };
    },
    close: async () => {},
  };
  const metrics = prometheusMetrics({ registry: register });
  const client = createFlagClient({
    source,
    metrics,
    refreshMode: 'none',
    staleAfterMs: number === 0 ? 20 : 60_000,
    logLevel: 'silent',
    variables: false,
  });
  await client.ready();
  for (let n = 0; n <= number; n += 1) client.isEnabled('banner');
  if (number === 0) {
    await client.refresh();
    await new Promise((resolve) => client.on('stale', resolve));
  }
  process.send('ready');
  process.on('SIGTERM', async () => {
    await client.close();
    process.disconnect();
  });
}
