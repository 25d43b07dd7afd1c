import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { Exposure } from '../../src/client/exposures.ts';
import { InvalidOptionsError } from '../../src/client/option-reader.ts';
import type { FlagClient } from '../../src/client/flag-client.ts';
import type { Hook } from '../../src/ports/hook.ts';
import type { FlagClientOptions } from '../../src/client/options.ts';
import type { LogEntry } from '../../src/decision/log.ts';
import { counted, scriptedSource } from '../support/scripted-source.ts';

const TEXT = JSON.stringify({
  schemaVersion: 1,
  flags: {
    a: { status: 'beta', betaUsers: ['u1', 'u2', 'u3'] },
    shown: { status: 'enabled', clientVisible: true },
    theme: { type: 'string', variants: { light: 'light', dark: 'dark' }, fallthrough: 'dark' },
  },
});

const open: FlagClient[] = [];
afterEach(() => Promise.all(open.splice(0).map((client) => client.close())));

async function client(options: Partial<FlagClientOptions> = {}): Promise<FlagClient> {
  const source = scriptedSource({ kind: 'holds', revision: counted(1), text: TEXT });
  const made = createFlagClient({ source, variables: false, logLevel: 'silent', ...options });
  open.push(made);
  await made.ready();
  return made;
}

describe('hooks', () => {
  function recorder(name: string, told: string[]): Hook {
    return {
      before: ({ flagKey }) => void told.push(`${name} before ${flagKey}`),
      after: (_asked, { value }) => void told.push(`${name} after ${String(value)}`),
      error: (_asked, { errorCode }) => void told.push(`${name} error ${errorCode}`),
      finally: () => void told.push(`${name} finally`),
    };
  }

  it('may ask about flags in each of their stages, which is answered without hooks', async () => {
    const asked: string[] = [];
    const ask = ({ flagKey }: { readonly flagKey: string }): void => {
      asked.push(flagKey);
      expect(flags.isEnabled('a', { userId: 'u2' })).toBe(true);
    };
    const both = { before: ask, after: ask, error: ask, finally: ask };
    const exposed: Exposure[] = [];
    const flags = await client({ hooks: [both, both], exposures: { sink: (batch) => void exposed.push(...batch) } });
    expect(flags.isEnabled('shown', { userId: 'u1' })).toBe(true);
    expect(asked).toEqual(Array.from({ length: 6 }, () => 'shown'));
    expect(flags.value('nothing', {}, 'x')).toBe('x');
    expect(asked).toHaveLength(12);
    expect(flags.health().isolated_errors).toBe(0);
    await flags.close();
    expect(exposed.map(({ flagKey, unit }) => `${flagKey} ${unit}`).toSorted()).toEqual(['a u2', 'shown u1']);
  });

  it('may answer `before` with null, which is no context', async () => {
    const flags = await client({ hooks: [{ before: () => null as never }] });
    expect(flags.isEnabled('a', { userId: 'u1' })).toBe(true);
    expect(flags.health().isolated_errors).toBe(0);
  });

  it('stand around each evaluation: before in order, the rest in reverse', async () => {
    const told: string[] = [];
    const flags = await client({ hooks: [recorder('1', told)] });
    const leave = flags.addHook(recorder('2', told));
    expect(flags.isEnabled('shown')).toBe(true);
    expect(told).toEqual([
      '1 before shown',
      '2 before shown',
      '2 after true',
      '1 after true',
      '2 finally',
      '1 finally',
    ]);
    told.length = 0;
    leave();
    leave();
    flags.value('nothing', {}, 'x');
    expect(told).toEqual(['1 before nothing', '1 error FLAG_NOT_FOUND', '1 finally']);
  });

  it('are told what was asked, and may add to the context', async () => {
    const contexts: unknown[] = [];
    const flags = await client({
      hooks: [
        { before: () => ({ userId: 'u1' }) },
        {
          before: ({ context, flagValueType, defaultValue }) =>
            void contexts.push({ context, flagValueType, defaultValue }),
        },
      ],
    });
    expect(flags.isEnabled('a', { country: 'CH' })).toBe(true);
    expect(contexts).toEqual([
      { context: { country: 'CH', userId: 'u1' }, flagValueType: 'boolean', defaultValue: false },
    ]);
  });

  it('F45 stop nothing when they throw, in any stage, and are counted', async () => {
    const broken = (): never => {
      throw new Error('broken');
    };
    const flags = await client({ hooks: [{ before: broken, after: broken, error: broken, finally: broken }] });
    expect(flags.isEnabled('shown')).toBe(true);
    expect(flags.isEnabled('nothing', {}, true)).toBe(true);
    expect(flags.health().isolated_errors).toBe(6);
  });

  it('stand around questions to a pinned view, too, and around contexts that are none', async () => {
    const told: string[] = [];
    const flags = await client({ hooks: [recorder('1', told)] });
    flags.forContext({ userId: 'u1' }).isEnabled('a');
    expect(told).toContain('1 after true');
    expect(flags.isEnabled('shown', null as never)).toBe(true);
  });
});

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
      const flags = await client({ ...given, logLevel: 'warn', logger: { log: (entry) => void lines.push(entry) } });
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

  it.each([null, undefined, () => true, Symbol('x'), 1n, Number.NaN, Number.POSITIVE_INFINITY, { a: 1n }, [around]])(
    'that no flag can have are refused: %o',
    async (value) => {
      const refused = /overrides\["shown"\]: found .*; allowed is a flag value/;
      await expect(client({ overrides: { shown: value as never } })).rejects.toThrow(refused);
      const flags = await client();
      expect(() => flags.override('shown', value as never)).toThrow(InvalidOptionsError);
      expect(flags.health().overrides).toEqual([]);
      expect(flags.isEnabled('shown')).toBe(true);
    },
  );

  it.each(['abc', null, 5, [true]])('are refused when they are no object: %j', async (overrides) => {
    await expect(client({ overrides: overrides as never })).rejects.toThrow(/overrides: found .*allowed is an object/);
  });

  it('reach pinned views: the emergency brake stops requests that are under way', async () => {
    const flags = await client();
    const pinned = flags.forContext({ userId: 'u1' });
    expect(pinned.isEnabled('a')).toBe(true);
    flags.override('a', false);
    expect(pinned.isEnabled('a')).toBe(false);
  });
});

describe('exposures', () => {
  async function exposed(options: Partial<NonNullable<FlagClientOptions['exposures']>> = {}) {
    const told: Exposure[] = [];
    const flags = await client({ exposures: { sink: (batch) => void told.push(...batch), ...options } });
    // Batches are delivered by a timer that was set before this one.
    const delivered = () => new Promise<void>((resolve) => void setTimeout(resolve, 0));
    return { told, flags, delivered };
  }

  it('tell who was served what, after the evaluation', async () => {
    const { told, flags, delivered } = await exposed();
    flags.isEnabled('a', { userId: 'u1' });
    expect(told).toEqual([]);
    await delivered();
    expect(told).toEqual([
      {
        flagKey: 'a',
        unit: 'u1',
        variant: 'on',
        value: true,
        reason: 'TARGETING_MATCH',
        revision: '1000.1',
        atMs: expect.any(Number),
      },
    ]);
  });

  it('tell each flag, unit and variant once in the window', async () => {
    const { told, flags, delivered } = await exposed();
    for (let i = 0; i < 100; i++) for (const userId of ['u1', 'u2']) flags.isEnabled('a', { userId });
    flags.value('theme', { userId: 'u1' }, 'x');
    await delivered();
    expect(told.map(({ flagKey, unit }) => `${flagKey} ${unit}`)).toEqual(['a u1', 'a u2', 'theme u1']);
    expect(flags.exposureCounts()).toEqual({ told: 3, repeated: 198, withoutUnit: 0, dropped: 0 });
  });

  it('F40 keep to their window though the wall clock jumps an hour either way', async () => {
    const { told, flags, delivered } = await exposed({ windowMs: 60_000 });
    flags.isEnabled('a', { userId: 'u1' });
    const wallMs = Date.now();
    const clock = vi.spyOn(Date, 'now');
    for (const jumpMs of [3_600_000, -3_600_000]) {
      clock.mockReturnValue(wallMs + jumpMs);
      flags.isEnabled('a', { userId: 'u1' });
    }
    clock.mockRestore();
    await delivered();
    expect(told).toHaveLength(1);
    expect(flags.exposureCounts()).toMatchObject({ told: 1, repeated: 2 });
  });

  it('tell nothing without a unit, and count that', async () => {
    const { told, flags, delivered } = await exposed();
    flags.isEnabled('shown');
    flags.isEnabled('shown', {
      get userId(): string {
        throw new Error('hostile');
      },
    });
    await delivered();
    expect(told).toEqual([]);
    expect(flags.exposureCounts()?.withoutUnit).toBe(2);
  });

  it('remember no more than they may, and forget the oldest first', async () => {
    const { told, flags, delivered } = await exposed({ remembered: 2 });
    for (const userId of ['u1', 'u2', 'u3', 'u1']) flags.isEnabled('a', { userId });
    await delivered();
    expect(told.map(({ unit }) => unit)).toEqual(['u1', 'u2', 'u3', 'u1']);
  });

  it('drop and count what a batch cannot hold', async () => {
    const { told, flags, delivered } = await exposed();
    for (let i = 0; i < 1_500; i++) flags.isEnabled('shown', { userId: `u${i}` });
    await delivered();
    expect(told).toHaveLength(1_000);
    expect(flags.exposureCounts()).toMatchObject({ told: 1_000, dropped: 500 });
  });

  it('stop nothing when their sink throws or rejects', async () => {
    const { flags, delivered } = await exposed({ sink: () => Promise.reject(new Error('down')) as never });
    expect(flags.isEnabled('a', { userId: 'u1' })).toBe(true);
    await delivered();
    await Promise.resolve();
    expect(flags.health().isolated_errors).toBe(1);
  });

  it('are told once more when the client closes', async () => {
    const { told, flags } = await exposed();
    flags.isEnabled('a', { userId: 'u1' });
    await flags.close();
    expect(told).toHaveLength(1);
  });

  it('refuse windows and sizes that cannot be used, by name', async () => {
    await expect(exposed({ windowMs: 0 })).rejects.toThrow(/exposures.windowMs: found 0/);
    await expect(exposed({ remembered: 0.5 })).rejects.toThrow(/exposures.remembered: found 0.5/);
  });
});
