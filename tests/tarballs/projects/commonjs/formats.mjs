// One process that asks for the packages by `import` and by `require`: how many copies are there, and do they share?
import { createRequire } from 'node:module';
import * as core from '@clarity/flags-core';
import * as ports from '@clarity/flags-core/ports';
import { setupFeatureFlags } from '@clarity/flags-express';
import { prometheusMetrics } from '@clarity/flags-prometheus';
import { memoryStore } from '@clarity/flags-testing';
import express from 'express';
import { Registry } from 'prom-client';

const require = createRequire(import.meta.url);
const required = require('@clarity/flags-core');
const text = JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'enabled' } } });

const { source: memory } = memoryStore({ text });
let closed = 0;
const source = { ...memory, close: () => memory.close().finally(() => (closed += 1)) };
const options = { source, variables: false, refreshMode: 'none', logLevel: 'silent' };
const flags = core.createFlagClient(options);
const other = required.createFlagClient(options);
await flags.ready();
core.setFlagClient(flags);
const sameClient = required.getFlagClient() === flags && required.isFeatureEnabled('new_checkout');
required.setFlagClient(undefined);
const takenBack = core.featureFlagHealth() === null;

const failure = new (require('@clarity/flags-core/ports').StoreError)('timeout', 'late');
const app = express();
await setupFeatureFlags(app, { client: flags });
const twice = await require('@clarity/flags-express')
  .setupFeatureFlags(app, { client: flags })
  .then(
    () => 'mounted twice',
    (error) => error.name,
  );
const registers = [new Registry()];
prometheusMetrics({ register: registers[0] });
require('@clarity/flags-prometheus').prometheusMetrics({ register: registers[0] });
await flags.close();
const closedByTheFirst = closed;
await other.close();

console.log(
  JSON.stringify({
    copies: new Set([core.createFlagClient, required.createFlagClient]).size,
    sameClient,
    takenBack,
    sameErrors: ports.isStoreError(failure),
    twice,
    closedByTheFirst,
    closed,
  }),
);
