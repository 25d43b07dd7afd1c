// A program that closes nothing: clients over every store, each having seen a change or read the flags, and metrics
// that are sent every second. It ends by itself or not at all: there is no exit() here. Takes a folder and the
// addresses of the stores; prints what it saw.
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { createFlagClient } from '@clarity/flags-core';
import { fetchSource } from '@clarity/flags-fetch';
import { fileStore } from '@clarity/flags-file';
import { otlpMetrics } from '@clarity/flags-otlp';
import { redisStore } from '@clarity/flags-redis';
import { ssmSource } from '@clarity/flags-ssm';
import { upstashStore } from '@clarity/flags-upstash';

const { folder, http, redis, upstash, ssm, collector } = JSON.parse(process.argv[2]);
const never = new AbortController().signal;
const text = (status) => JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status } } });
const path = join(folder, 'flags.json');
const write = async (status) => {
  await writeFile(`${path}.new`, text(status));
  await rename(`${path}.new`, path);
};
await write('disabled');

const stores = {
  file: fileStore({ path }),
  http: { source: fetchSource({ url: http }) },
  redis: redisStore({ url: redis, heartbeatMs: 200 }),
  upstash: upstashStore(upstash),
  ssm: { source: ssmSource({ layout: 'single', path: '/flags', ...ssm }) },
};
const metrics = otlpMetrics({ url: collector, intervalMs: 1_000 });

// A client holds no process open; this program has something to wait for.
const hold = setInterval(() => {}, 1_000);
const clients = {};
for (const [name, { source, feed }] of Object.entries(stores)) {
  const refreshing = feed === undefined ? { refreshMode: 'periodic' } : { refreshMode: 'both', feed };
  clients[name] = createFlagClient({ source, ...refreshing, metrics, refreshIntervalMs: 60_000, variables: false });
}
await Promise.all(Object.values(clients).map((client) => client.ready()));

const turnsOn = (name) =>
  new Promise((resolve) => {
    const look = () => clients[name].isEnabled('new_checkout') && resolve(name);
    clients[name].on('changed', look);
    look();
  });
await write('enabled');
for (const name of ['redis', 'upstash']) await stores[name].publisher.restore(text('enabled'), never);
await Promise.all(['file', 'redis', 'upstash'].map(turnsOn));

clearInterval(hold);
const seen = Object.entries(clients).map(([name, client]) => [name, client.isEnabled('new_checkout')]);
console.log(JSON.stringify(Object.fromEntries(seen)));
