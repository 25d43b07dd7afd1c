// Jest as it is without any settings.
const { createFlagClient, isFeatureEnabled, setFlagClient } = require('@clarity/flags-core');
const { fileStore } = require('@clarity/flags-file');
const { connect, createFlagClientFromEnv } = require('@clarity/flags-node');
const { otlpMetrics } = require('@clarity/flags-otlp');
const { prometheusMetrics } = require('@clarity/flags-prometheus');
const { createTestClient, memoryStore } = require('@clarity/flags-testing');

test('a test client answers, for the whole process too', async () => {
  const flags = createTestClient({ new_checkout: true });
  setFlagClient(flags);
  expect(isFeatureEnabled('new_checkout')).toBe(true);
  setFlagClient(undefined);
  await flags.close();
});

test('a client reads a memory store', async () => {
  const text = JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'enabled' } } });
  const flags = createFlagClient({ source: memoryStore({ text }).source, variables: false });
  await flags.ready();
  expect(flags.isEnabled('new_checkout')).toBe(true);
  await flags.close();
});

test('the preset reads a file, and loads the adapters that addresses ask for', async () => {
  const flags = await createFlagClientFromEnv({ variables: {}, path: 'flags.json' });
  await flags.ready();
  expect(flags.isEnabled('new_checkout')).toBe(true);
  await flags.close();
  for (const address of [
    'redis://127.0.0.1:1',
    'postgres://127.0.0.1:1/flags',
    'upstash://:token@flags.invalid',
    'ssm:/flags',
    'https://flags.invalid/f',
  ])
    await (await connect(address)).close();
});

test('every other package loads', () => {
  for (const name of [
    'changes',
    'express',
    'http',
    'http/node',
    'fetch',
    'postgres',
    'redis',
    'ssm',
    'upstash',
    'upstash/cloudflare',
  ])
    expect(Object.keys(require(`@clarity/flags-${name}`))).not.toHaveLength(0);
  expect([fileStore, otlpMetrics, prometheusMetrics].every((one) => typeof one === 'function')).toBe(true);
});
