// A program that is measured in every way there is: by prom-client, by OTLP, and with an event for each evaluation.
// Takes the addresses of a collector; prints the exposition, whether the collector took it all, and what was dropped.
// It ends by itself.
import process from 'node:process';
import { createFlagClient } from '@clarity/flags-core';
import { openTelemetryHook, otlpEvents, otlpMetrics } from '@clarity/flags-otlp';
import { prometheusMetrics } from '@clarity/flags-prometheus';
import { memoryStore } from '@clarity/flags-testing';

const { url, eventsUrl } = JSON.parse(process.argv[2]);
const text = JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'enabled' } } });
const resource = { 'service.name': 'measured' };
const scraped = prometheusMetrics();
const pushed = otlpMetrics({ url, resource });
const events = otlpEvents({ url: eventsUrl, resource });
const hook = openTelemetryHook({ logger: events, contextId: { hashKey: 'a secret of some length' } });

const clients = [
  createFlagClient({ source: memoryStore({ text }).source, metrics: scraped, variables: false }),
  createFlagClient({ source: memoryStore({ text }).source, metrics: pushed, hooks: [hook], variables: false }),
];
for (const client of clients) {
  await client.ready();
  client.isEnabled('new_checkout', { userId: 'u1' });
  client.isEnabled('unheard_of');
}
const exposition = await scraped.exposition();
for (const client of clients) await client.close();
const taken = [await pushed.close(), await events.close()];
console.log(JSON.stringify({ exposition, taken, dropped: events.dropped }));
