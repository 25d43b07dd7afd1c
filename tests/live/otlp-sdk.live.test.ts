// The event of an evaluation in the hands of the real OpenTelemetry SDK, and its names beside the published
// conventions.
import { createFlagClient } from '@clarity/flags-core';
import { openTelemetryHook } from '@clarity/flags-otlp';
import { memoryStore } from '@clarity/flags-testing';
import { context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const text = JSON.stringify({
  schemaVersion: 1,
  flags: {
    banner: { status: 'enabled' },
    beta: { status: 'beta', betaUsers: ['u1'] },
    half: { status: 'canary', rolloutPercentage: 50 },
    limits: { type: 'object', variants: { small: { most: 3, of: ['a'] } }, fallthrough: 'small' },
  },
});

beforeEach(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterEach(() => context.disable());

async function recorded(options: Partial<Parameters<typeof openTelemetryHook>[0]> = {}) {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  const flags = createFlagClient({
    source: memoryStore({ text }).source,
    hooks: [openTelemetryHook({ logger: provider.getLogger('flags'), ...options })],
    variables: false,
    logLevel: 'silent',
  });
  onTestFinished(async () => {
    await flags.close();
    await provider.shutdown();
  });
  await flags.ready();
  return { flags, records: () => exporter.getFinishedLogRecords() };
}

describe('the OpenTelemetry SDK', () => {
  it('records the event with its attributes and its time, in the trace of the moment', async () => {
    const { flags, records } = await recorded({ contextId: 'plain', values: true, setId: 'shop' });
    const spanContext = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
    };
    const beforeMs = Date.now();
    context.with(trace.setSpanContext(context.active(), spanContext), () => {
      flags.value('limits', { userId: 'u1' }, {});
    });
    const [record] = records();
    expect(record?.eventName).toBe(conventions.EVENT_FEATURE_FLAG_EVALUATION);
    expect(record?.spanContext).toMatchObject({ traceId: spanContext.traceId, spanId: spanContext.spanId });
    expect(record?.attributes).toEqual({
      [conventions.ATTR_FEATURE_FLAG_KEY]: 'limits',
      [conventions.ATTR_FEATURE_FLAG_PROVIDER_NAME]: 'clarity-flags',
      [conventions.ATTR_FEATURE_FLAG_RESULT_VARIANT]: 'small',
      [conventions.ATTR_FEATURE_FLAG_RESULT_VALUE]: { most: 3, of: ['a'] },
      [conventions.ATTR_FEATURE_FLAG_RESULT_REASON]: conventions.FEATURE_FLAG_RESULT_REASON_VALUE_STATIC,
      [conventions.ATTR_FEATURE_FLAG_SET_ID]: 'shop',
      [conventions.ATTR_FEATURE_FLAG_VERSION]: flags.health().revision,
      [conventions.ATTR_FEATURE_FLAG_CONTEXT_ID]: 'u1',
    });
    const [seconds = 0, nanos = 0] = record?.hrTime ?? [];
    const atMs = seconds * 1_000 + nanos / 1e6;
    expect(atMs).toBeGreaterThanOrEqual(beforeMs);
    expect(atMs).toBeLessThanOrEqual(Date.now());
  });

  it('knows every attribute and every reason that the convention has a word for', async () => {
    const { flags, records } = await recorded({ contextId: { hashKey: 'a secret of some length' }, setId: 'shop' });
    flags.isEnabled('banner', { userId: 'u1' });
    flags.isEnabled('beta', { userId: 'u1' });
    flags.isEnabled('half', { userId: 'u1' });
    flags.isEnabled('beta', {});
    flags.isEnabled('unheard of', {});
    const known = new Set<unknown>(Object.values(conventions));
    for (const { attributes } of records()) {
      expect(Object.keys(attributes).filter((name) => !known.has(name))).toEqual([]);
      expect(known).toContain(attributes['feature_flag.result.reason']);
    }
    expect(records().map(({ attributes }) => attributes[conventions.ATTR_FEATURE_FLAG_RESULT_REASON])).toEqual([
      conventions.FEATURE_FLAG_RESULT_REASON_VALUE_STATIC,
      conventions.FEATURE_FLAG_RESULT_REASON_VALUE_TARGETING_MATCH,
      conventions.FEATURE_FLAG_RESULT_REASON_VALUE_SPLIT,
      conventions.FEATURE_FLAG_RESULT_REASON_VALUE_DEFAULT,
      conventions.FEATURE_FLAG_RESULT_REASON_VALUE_ERROR,
    ]);
    expect(records().at(-1)?.attributes).toMatchObject({
      [conventions.ATTR_ERROR_TYPE]: 'flag_not_found',
      [conventions.ATTR_FEATURE_FLAG_ERROR_MESSAGE]: 'no such flag',
    });
  });

  it('is given nothing once it is shut down, and evaluation goes on', async () => {
    const exporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    const { flags } = await recorded({ logger: provider.getLogger('flags') });
    await provider.shutdown();
    expect(flags.isEnabled('banner')).toBe(true);
    expect(flags.health().isolated_errors).toBe(0);
  });
});
