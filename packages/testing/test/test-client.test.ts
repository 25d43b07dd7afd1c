import { createFlagClient, type FlagClient, type FlagValue } from '@clarity/flags-core';
import { createTestClient, memoryStore, silentLogger } from '@clarity/flags-testing';
import { followFlags, shareFlags } from '@clarity/flags-core/threads';
import { describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';

const FLAGS = {
  on: true,
  off: false,
  theme: 'dark',
  limit: 12.5,
  layout: { columns: 3, names: ['a', 'b'] },
  list: [1, 2],
  constructor: true,
} as const satisfies Record<string, FlagValue>;

/** The same flags in a document, in the real client. */
async function realClient(): Promise<FlagClient> {
  const definitions = Object.entries(FLAGS).map(([key, value]): [string, object] =>
    typeof value === 'boolean'
      ? [key, { type: 'boolean', fallthrough: value ? 'on' : 'off', clientVisible: true }]
      : [
          key,
          {
            type: typeof value,
            variants: { set: value },
            fallthrough: 'set',
            clientVisible: true,
          },
        ],
  );
  const text = JSON.stringify({ schemaVersion: 1, flags: Object.fromEntries(definitions) });
  const client = createFlagClient({
    source: memoryStore({ text, now: () => 1 }).source,
    refreshMode: 'none',
    logger: silentLogger,
    variables: false,
  });
  onTestFinished(() => client.close());
  await client.ready();
  return client;
}

const KEYS = [...Object.keys(FLAGS), 'unknown', '__proto__', 'toString', ''];
const FALLBACKS: readonly (FlagValue | null)[] = [true, false, 'light', '', 7, { columns: 1 }, [0], null];

/** Every question of the interface, with the answers. */
function answers(client: FlagClient): unknown {
  const context = { targetingKey: 'u1', userId: 'u2' };
  const pinned = client.forContext(context);
  return KEYS.map((key) => ({
    key,
    enabled: [
      client.isEnabled(key),
      client.isEnabled(key, context, true),
      pinned.isEnabled(key),
      client.flag(key)(context, true),
    ],
    values: FALLBACKS.map((fallback) => [client.value(key, context, fallback), pinned.value(key, fallback)]),
    details: FALLBACKS.map((fallback) => [client.details(key, undefined, fallback), pinned.details(key, fallback)]),
    all: [client.all(), client.all(context, { clientVisibleOnly: true }), pinned.all()],
    allDetails: [client.allDetails(), client.allDetails(context, { clientVisibleOnly: true }), pinned.allDetails()],
  }));
}

describe('a test client answers as the real one', () => {
  it('to every question', async () => {
    expect(answers(createTestClient(FLAGS))).toEqual(answers(await realClient()));
  });

  it('under overrides, of the right type and of a wrong one', async () => {
    const [test, real] = [createTestClient(FLAGS), await realClient()];
    for (const client of [test, real]) {
      client.override('on', false);
      client.override('off', 'a string');
      client.override('theme', 'light', { forMs: 1_000_000 });
      client.override('unknown', true);
      client.override('limit', 1);
      client.removeOverride('limit');
    }
    expect(answers(test)).toEqual(answers(real));
    expect(test.health().overrides).toEqual(real.health().overrides);
    expect(test.health().mismatched_overrides).toContain('off');
    expect(test.health().mismatched_overrides).toEqual(real.health().mismatched_overrides);
  });

  it('about its state', async () => {
    const [test, real] = [createTestClient(FLAGS), await realClient()];
    const names = (value: object): readonly string[] => Object.keys(value).sort();
    expect(names(test.freshness())).toEqual(names(real.freshness()));
    expect(names(test.health())).toEqual(names(real.health()));
    expect(test.freshness()).toMatchObject({ state: 'fresh', feed: 'none', breaker: real.freshness().breaker });
    expect(test.health()).toMatchObject({
      healthy: true,
      config_stale: false,
      refresh_mode: real.health().refresh_mode,
    });
    expect([test.isStale(), test.breakerState()]).toEqual([real.isStale(), real.breakerState()]);
    expect(await test.refresh()).toMatchObject({ ok: true, outcome: 'unchanged' });
    await expect(test.ready()).resolves.toBeUndefined();
  });

  it('in health once it is closed', async () => {
    const [test, real] = [createTestClient(FLAGS), await realClient()];
    await Promise.all([test.close(), real.close()]);
    for (const { healthy, closed } of [test.health(), real.health()]) expect([healthy, closed]).toEqual([false, true]);
  });

  it('to late listeners: ready and fresh at once, nothing else', async () => {
    for (const client of [createTestClient(FLAGS), await realClient()]) {
      const heard: string[] = [];
      for (const event of [
        'ready',
        'changed',
        'stale',
        'fresh',
        'error',
        'breaker',
        'rejected',
        'store.lost-writes',
      ] as const) {
        client.on(event, () => heard.push(event));
      }
      client.on('ready', () => heard.push('never'))();
      await Promise.resolve();
      expect(heard).toEqual(['ready', 'fresh']);
    }
  });
});

describe('the hand on the flags', () => {
  it('sets, removes and resets', () => {
    const client = createTestClient({ new_checkout: true, theme: 'dark' });
    client.set('new_checkout', false);
    client.set('theme', 'light');
    expect(client.all()).toEqual({ new_checkout: false, theme: 'light' });
    client.remove('theme');
    expect(client.value('theme', undefined, 'none')).toBe('none');
    client.override('new_checkout', true);
    client.reset();
    expect(client.all()).toEqual({ new_checkout: true, theme: 'dark' });
    expect(client.health().overrides).toEqual([]);
  });

  it('tells listeners what changed, and nothing when nothing did', () => {
    const client = createTestClient({ a: true, b: { c: 1 } });
    const heard: unknown[] = [];
    client.on('changed', ({ keys, revision }) => heard.push([keys, revision]));
    client.set('a', false);
    client.set('a', false);
    client.set('b', { c: 1 });
    client.reset();
    client.reset();
    expect(heard).toEqual([
      [['a'], { epoch: 1, version: 2 }],
      [['a'], { epoch: 1, version: 3 }],
    ]);
  });

  it('does not reach a request that is pinned', () => {
    const client = createTestClient({ a: true });
    const pinned = client.forContext({ userId: 'u1' });
    client.set('a', false);
    expect([pinned.isEnabled('a'), pinned.revision, client.isEnabled('a')]).toEqual([true, '1.1', false]);
  });

  it('keeps no reference to what it was given', () => {
    const layout = { columns: 3 };
    const client = createTestClient({ layout });
    layout.columns = 4;
    expect(client.value('layout', undefined, {})).toEqual({ columns: 3 });
  });

  it.each([
    [null, 'null'],
    [undefined, 'missing'],
    [Number.NaN, 'NaN'],
    [() => true, 'of type function'],
  ])('refuses %s with the name of the flag', (value, found) => {
    const client = createTestClient({ a: true });
    expect(() => createTestClient({ a: value as unknown as boolean })).toThrow(`flag "a" is ${found};`);
    expect(() => client.set('a', value as unknown as boolean)).toThrow(`flag "a" is ${found};`);
    expect(client.isEnabled('a')).toBe(true);
  });

  it('F45 counts what listeners throw and goes on', () => {
    const client = createTestClient({ a: true });
    const heard: unknown[] = [];
    client.on('changed', () => {
      throw new Error('on purpose');
    });
    client.on('changed', ({ keys }) => heard.push(keys));
    client.set('a', false);
    expect(heard).toEqual([['a']]);
    expect(client.health().isolated_errors).toBe(1);
  });

  it('F44 closes more than once, and answers on', async () => {
    const client = createTestClient({ a: true });
    let heard = 0;
    client.on('changed', () => (heard += 1));
    await client.close();
    await client[Symbol.asyncDispose]();
    client.set('a', false);
    expect([client.isEnabled('a'), heard]).toEqual([false, 0]);
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'closed' });
  });
});

it('knows keys and types of its flags', () => {
  const client = createTestClient({ new_checkout: true, theme: 'dark' });
  type Client = typeof client;
  expectTypeOf(client).toExtend<FlagClient>();
  expectTypeOf<Parameters<Client['remove']>[0]>().toEqualTypeOf<'new_checkout' | 'theme'>();
  // @ts-expect-error -- a theme is a string
  expect(() => client.set('theme', Symbol('none'))).toThrow('flag "theme" is of type symbol');
  // @ts-expect-error -- there is no such flag
  client.set('old_checkout', true);
  client.set('theme', 'light');
  createTestClient().set('any', 1);
});

describe('time', () => {
  it('makes no flag of it old, and it sets no timer', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const client = createTestClient({ a: true });
    client.set('a', false);
    vi.advanceTimersByTime(1_000_000_000);
    expect(vi.getTimerCount()).toBe(0);
    expect([client.isStale(), client.ageMs(), client.health().healthy]).toEqual([false, 0, true]);
    expect(client.freshness().verifiedAtMs).toBe(Date.now());
  });

  it('ends an override', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const client = createTestClient({ a: true });
    client.override('a', false, { forMs: 1_000 });
    vi.advanceTimersByTime(999);
    expect(client.isEnabled('a')).toBe(false);
    vi.advanceTimersByTime(1);
    expect(client.isEnabled('a')).toBe(true);
  });
});

it('another thread can follow it, and hears of its end', async () => {
  const { port1, port2 } = new MessageChannel();
  const client = createTestClient({ theme: 'dark' });
  shareFlags(client, port1);
  const follower = followFlags(port2, { logger: silentLogger });
  onTestFinished(() => follower.close());
  await follower.ready();
  const changed = new Promise((resolve) => follower.on('changed', ({ keys }) => resolve(keys)));
  client.set('theme', 'light');
  expect(await changed).toEqual(['theme']);
  expect(follower.value('theme', undefined, 'none')).toBe('light');
  const gone = new Promise((resolve) => follower.on('error', ({ reason }) => resolve(reason)));
  await client.close();
  expect(await gone).toBe('closed');
});

describe('hooks of a test client', () => {
  it('stand around its evaluations like those of the real one', () => {
    const told: string[] = [];
    const flags = createTestClient({ a: true });
    const leave = flags.addHook({
      before: ({ flagKey }) => void told.push(`before ${flagKey}`),
      after: (_asked, { value }) => void told.push(`after ${String(value)}`),
      error: (_asked, { errorCode }) => void told.push(`error ${errorCode}`),
      finally: () => void told.push('finally'),
    });
    expect(flags.isEnabled('a')).toBe(true);
    flags.forContext({ userId: 'u1' }).isEnabled('nothing');
    leave();
    flags.isEnabled('a');
    expect(told).toEqual(['before a', 'after true', 'finally', 'before nothing', 'error FLAG_NOT_FOUND', 'finally']);
  });
});
