import { describe, expect, it } from 'vitest';
import { Overrides } from '../../../src/client/answers/overrides.ts';
import { InvalidOptionsError } from '../../../src/client/options/option-reader.ts';
import type { LogEntry } from '../../../src/refresh/protocol.ts';
import { client } from '../ready-client.ts';

describe('overrides', () => {
  it('win over the document for their type, and end by themselves', async () => {
    const flags = await client({ overrides: { theme: 'light', a: true } });
    expect(flags.value('theme', {}, 'x')).toBe('light');
    expect(flags.isEnabled('a', { userId: 'nobody' })).toBe(true);
    expect(flags.isEnabled('theme', {}, true)).toBe(true);
    expect(flags.details('a', {}, false)).toMatchObject({ value: true, variant: 'override', reason: 'STATIC' });
    expect(flags.all({ userId: 'nobody' })).toEqual({ theme: 'light', a: true, shown: true });
    flags.removeOverride('a');
    expect(flags.isEnabled('a', { userId: 'nobody' })).toBe(false);
  });

  it('never show a browser a flag that is not for it', async () => {
    const flags = await client({ overrides: { a: true, shown: false } });
    expect(flags.all({}, { clientVisibleOnly: true })).toEqual({ shown: false });
  });

  it.each([{ overrides: { shown: 'false' } }, { variables: { FEATURE_FLAG_OVERRIDES: '{"shown":"false"}' } }])(
    'of another type than is asked for give the fallback, and say so in details, log and health: %j',
    async (given) => {
      const lines: LogEntry[] = [];
      const flags = await client({
        ...given,
        environment: 'test',
        logLevel: 'warn',
        logger: { log: (entry) => void lines.push(entry) },
      });
      expect(flags.isEnabled('a', { userId: 'u1' })).toBe(true);
      expect(flags.health()).toMatchObject({ overrides: ['shown'], mismatched_overrides: [] });
      for (let times = 0; times < 3; times++) expect(flags.isEnabled('shown')).toBe(false);
      expect(flags.forContext({}).isEnabled('shown', true)).toBe(true);
      expect(flags.details('shown', {}, false)).toMatchObject({
        value: false,
        reason: 'ERROR',
        errorCode: 'TYPE_MISMATCH',
        errorMessage: 'the override is string, not boolean',
      });
      expect(flags.all({}, { clientVisibleOnly: true })).toEqual({});
      expect(flags.value('shown', {}, 'x')).toBe('false');
      expect(lines).toEqual([
        {
          level: 'warn',
          message: expect.stringMatching(/^an override is of another type/),
          fields: { flag: 'shown', found: 'string', asked: 'boolean' },
        },
      ]);
      expect(flags.health()).toMatchObject({ overrides: ['shown'], mismatched_overrides: ['shown'] });
      flags.override('shown', false);
      expect(flags.isEnabled('shown', {}, true)).toBe(false);
      expect(flags.health().mismatched_overrides).toEqual([]);
    },
  );

  it('of another type than the flag are not handed to those who take all flags', async () => {
    const flags = await client({ overrides: { shown: 'false' } });
    expect(flags.all({}, { clientVisibleOnly: true })).toEqual({});
    expect(flags.all()).toEqual({ theme: 'dark' });
    expect(flags.health().mismatched_overrides).toEqual(['shown']);
  });

  const around: { self?: object } = {};
  around.self = around;

  const deep: unknown = JSON.parse(`${'['.repeat(65)}${']'.repeat(65)}`);

  it.each([null, undefined, () => true, Symbol('x'), 1n, NaN, Infinity, { a: 1n }, [around], deep])(
    'that no flag can have are refused: %o',
    async (value) => {
      const refused = /overrides\["shown"\] is .*; allowed is a flag value/;
      await expect(client({ overrides: { shown: value as never } })).rejects.toThrow(refused);
      const flags = await client();
      expect(() => flags.override('shown', value as never)).toThrow(InvalidOptionsError);
      expect(flags.health().overrides).toEqual([]);
      expect(flags.isEnabled('shown')).toBe(true);
    },
  );

  it.each(['abc', null, 5, [true]])('are refused when they are no object: %j', async (overrides) => {
    await expect(client({ overrides: overrides as never })).rejects.toThrow(/overrides is .*allowed is an object/);
  });

  it('reach pinned views: the emergency brake stops requests that are under way', async () => {
    const flags = await client();
    const pinned = flags.forContext({ userId: 'u1' });
    expect(pinned.isEnabled('a')).toBe(true);
    flags.override('a', false);
    expect(pinned.isEnabled('a')).toBe(false);
  });

  it('are told at info, and where a person is named to everybody who reads warnings', async () => {
    const lines: LogEntry[] = [];
    const flags = await client({ logLevel: 'info', logger: { log: (entry) => void lines.push(entry) } });
    lines.length = 0;
    flags.override('a', true);
    flags.removeOverride('a');
    flags.override('a', true, { forMs: 60_000, author: 'ada' });
    flags.removeOverride('a', { author: 'bob' });
    expect(lines).toEqual([
      { level: 'info', message: 'flag overridden', fields: { flag: 'a' } },
      { level: 'info', message: 'override removed', fields: { flag: 'a' } },
      { level: 'warn', message: 'flag overridden', fields: { flag: 'a', forMs: 60_000, author: 'ada' } },
      { level: 'warn', message: 'override removed', fields: { flag: 'a', author: 'bob' } },
    ]);
  });

  it('show one end for as long as nobody sets the clock: who watches is told of changes only', () => {
    const now = { monotonicMs: 0, wallMs: 1_000_000 };
    const overrides = new Overrides(
      { b: true },
      () => now,
      () => undefined,
    );
    overrides.set('a', true, { forMs: 60_000 });
    const ends = () => overrides.active().map(({ endsAtMs }) => endsAtMs);
    expect(ends()).toEqual([null, 1_060_000]);
    // Two clocks that are read one after the other.
    for (const driftMs of [0.4, 0.6, -0.7, 12]) {
      now.monotonicMs += 1_000.3;
      now.wallMs += 1_000.3 + driftMs;
      expect(ends()).toEqual([null, 1_060_000]);
    }
    now.wallMs += 3_600_000;
    expect(ends()[1]).toBeCloseTo(1_060_000 + 3_600_000 + 12.3, -1);
    expect(overrides.active()[1]?.leftMs).toBe(55_999);
  });
});
