import { createHmac } from 'node:crypto';
import { createFlagClient, type FlagClientOptions } from '@clarity/flags-core';
import { memoryStore } from '@clarity/flags-testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EvaluationEvent } from '../src/evaluation-event.ts';
import { openTelemetryHook, type OpenTelemetryHookOptions } from '../src/open-telemetry-hook.ts';

const TEXT = JSON.stringify({
  schemaVersion: 1,
  flags: {
    on: { status: 'enabled' },
    beta: { status: 'beta', betaUsers: ['u1'] },
    half: { status: 'canary', rolloutPercentage: 50 },
    theme: { type: 'string', variants: { light: '#ffffff', dark: '#000000' }, fallthrough: 'dark' },
    limits: { type: 'object', variants: { small: { most: 3, of: ['a', null] } }, fallthrough: 'small' },
    behind: {
      type: 'boolean',
      variants: { on: true, off: false },
      prerequisites: [{ flag: 'theme', variants: ['light'] }],
      fallthrough: 'on',
      offVariant: 'off',
    },
  },
});

async function recording(hook: Partial<OpenTelemetryHookOptions> = {}, options: Partial<FlagClientOptions> = {}) {
  const events: EvaluationEvent[] = [];
  const logger = { emit: (event: EvaluationEvent) => void events.push(event) };
  const flags = createFlagClient({
    source: memoryStore({ text: TEXT }).source,
    hooks: [openTelemetryHook({ logger, ...hook })],
    variables: false,
    logLevel: 'silent',
    ...options,
  });
  onTestFinished(() => flags.close());
  await flags.ready();
  return { flags, events, attributes: () => events.map((event) => event.attributes) };
}

describe('the event of an evaluation', () => {
  it('has the name and the attributes of the convention, and the time', async () => {
    const { flags, events } = await recording({ setId: 'shop' });
    const beforeMs = Date.now();
    flags.isEnabled('on', { userId: 'ann@example.org', plan: 'gold' });
    expect(events).toEqual([
      {
        eventName: 'feature_flag.evaluation',
        timestamp: expect.any(Number),
        attributes: {
          'feature_flag.key': 'on',
          'feature_flag.provider.name': 'clarity-flags',
          'feature_flag.result.variant': 'on',
          'feature_flag.result.reason': 'static',
          'feature_flag.set.id': 'shop',
          'feature_flag.version': flags.health().revision,
        },
      },
    ]);
    expect(events[0]?.timestamp).toBeGreaterThanOrEqual(beforeMs);
    expect(JSON.stringify(events)).not.toMatch(/ann|gold/);
  });

  it.each([
    ['on', {}, 'static'],
    ['beta', { userId: 'u1' }, 'targeting_match'],
    ['half', { userId: 'u1' }, 'split'],
    ['beta', {}, 'default'],
    ['behind', {}, 'prerequisite_failed'],
    ['nothing', {}, 'error'],
  ])('gives the reason for %s with %j as %s', async (key, context, reason) => {
    const { flags, attributes } = await recording();
    flags.isEnabled(key, context);
    expect(attributes()[0]).toMatchObject({ 'feature_flag.result.reason': reason });
  });

  it('says what went wrong in the words of the convention, and which value was served instead', async () => {
    const { flags, attributes } = await recording();
    flags.isEnabled('nothing', {}, true);
    flags.value('theme', {}, 7);
    flags.value('nothing', {}, { a: [1] });
    expect(attributes()).toMatchObject([
      {
        'error.type': 'flag_not_found',
        'feature_flag.error.message': 'no such flag',
        'feature_flag.result.value': true,
      },
      { 'error.type': 'type_mismatch', 'feature_flag.result.value': 7 },
      { 'error.type': 'flag_not_found', 'feature_flag.result.value': { a: [1] } },
    ]);
    for (const each of attributes()) expect(each).not.toHaveProperty('feature_flag.result.variant');
  });

  it('says that there were no flags yet, and names no version then', async () => {
    const events: EvaluationEvent[] = [];
    const flags = createFlagClient({
      source: { name: 'slow', read: () => new Promise(() => {}), close: async () => {} },
      hooks: [openTelemetryHook({ logger: { emit: (event) => void events.push(event) } })],
      variables: false,
      logLevel: 'silent',
    });
    onTestFinished(() => flags.close());
    flags.isEnabled('on');
    expect(events[0]?.attributes).toMatchObject({ 'error.type': 'provider_not_ready' });
    expect(events[0]?.attributes).not.toHaveProperty('feature_flag.version');
  });

  it('has values where a variant stands for them only when asked, and none that is long', async () => {
    const quiet = await recording();
    quiet.flags.value('theme', {}, '');
    expect(quiet.attributes()[0]).not.toHaveProperty('feature_flag.result.value');

    const { flags, attributes } = await recording({ values: true });
    flags.value('theme', {}, '');
    flags.value('limits', {}, {});
    flags.value('nothing', {}, 'x'.repeat(1_025));
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    flags.value('nothing', {}, circular as never);
    expect(attributes().map((each) => each['feature_flag.result.value'])).toEqual([
      '#000000',
      { most: 3, of: ['a', null] },
      undefined,
      undefined,
    ]);
  });

  it('is named by the revision of a pinned view, and says so when an override stands above it', async () => {
    const { flags, attributes } = await recording({}, { overrides: { on: false } });
    const pinned = flags.forContext({});
    pinned.isEnabled('on');
    expect(attributes()[0]).toMatchObject({
      'feature_flag.version': pinned.revision,
      'feature_flag.result.variant': 'override',
    });
  });

  it('takes a key that is longer than any name for another one', async () => {
    const { flags, attributes } = await recording();
    flags.isEnabled('k'.repeat(100_000));
    expect(attributes()[0]?.['feature_flag.key']).toBe('__other__');
  });

  it('is not made where the logger says that nobody wants it', async () => {
    const asked: unknown[] = [];
    const logger = {
      emit: () => {
        throw new Error('it was made');
      },
      enabled: (options: { eventName: string }) => {
        asked.push(options);
        return false;
      },
    };
    const { flags } = await recording({ logger });
    expect(flags.isEnabled('on')).toBe(true);
    expect(asked).toEqual([{ eventName: 'feature_flag.evaluation' }]);
    expect(flags.health().isolated_errors).toBe(0);
  });

  it('F45 stops nothing when the logger throws, and that is counted', async () => {
    const logger = {
      emit: () => {
        throw new Error('broken');
      },
    };
    const { flags } = await recording({ logger });
    expect(flags.isEnabled('on')).toBe(true);
    expect(flags.health().isolated_errors).toBe(1);
  });
});

describe('who it was evaluated for', () => {
  const hashKey = 'a secret of some length';
  const hash = (unit: string) => createHmac('sha256', hashKey).update(unit).digest('hex').slice(0, 32);
  const idsOf = async (contextId: OpenTelemetryHookOptions['contextId'], ...contexts: object[]) => {
    const { flags, attributes } = await recording(contextId === undefined ? {} : { contextId });
    for (const context of contexts) flags.isEnabled('on', { ...context });
    return attributes().map((each) => each['feature_flag.context.id']);
  };

  it('is told nobody unless asked for', async () => {
    expect(await idsOf(undefined, { targetingKey: 'u1' })).toEqual([undefined]);
  });

  it('is a hash under a key: HMAC-SHA-256 of the targeting key, its first half', async () => {
    const contexts = [{ targetingKey: 'u1' }, { userId: 'u1' }, { userId: 7 }, { userId: 'ünï' }, {}, { userId: 'u1' }];
    expect(await idsOf({ hashKey }, ...contexts)).toEqual([
      hash('u1'),
      hash('u1'),
      hash('7'),
      hash('ünï'),
      undefined,
      hash('u1'),
    ]);
    expect(await idsOf({ hashKey: `${hashKey}!` }, { userId: 'u1' })).not.toEqual([hash('u1')]);
  });

  it('is the targeting key itself where that is asked for, unless it is longer than any', async () => {
    const contexts = [{ targetingKey: 'u1', userId: 'u2' }, { userId: 7 }, { userId: 'x'.repeat(257) }, {}];
    expect(await idsOf('plain', ...contexts)).toEqual(['u1', '7', undefined, undefined]);
  });

  it('F22 is left out where the context throws when it is read', async () => {
    const { flags, attributes } = await recording({ contextId: 'plain' });
    const hostile = {
      get targetingKey(): string {
        throw new Error('hostile');
      },
    };
    expect(flags.isEnabled('on', hostile)).toBe(true);
    expect(attributes()).toHaveLength(1);
    expect(attributes()[0]).not.toHaveProperty('feature_flag.context.id');
  });

  it.each(['hash', { hashKey: 'hunter2' }, { hashKey: 7 }, null, {}])('refuses %j without showing it', (contextId) => {
    const make = () => openTelemetryHook({ logger: { emit: () => {} }, contextId: contextId as never });
    expect(make).toThrow(/contextId is .*; allowed is 'plain', or \{ hashKey \}/);
    expect(make).not.toThrow(/hunter2/);
  });
});

it.each([undefined, null, {}, { emit: 'x' }])('refuses %j for a logger', (logger) => {
  expect(() => openTelemetryHook({ logger: logger as never })).toThrow(/logger is .*; allowed is what has an emit\(\)/);
});

it('refuses to be made without options, and says what to give', () => {
  expect(() => openTelemetryHook(undefined as never)).toThrow(
    /^options of openTelemetryHook are missing; allowed is { logger }/,
  );
});
