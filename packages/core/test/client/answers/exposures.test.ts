import { describe, expect, it, vi } from 'vitest';
import { type Exposure, Exposures } from '../../../src/client/answers/exposures.ts';
import type { EvaluationDetails } from '../../../src/evaluation/details.ts';
import type { FlagClientOptions } from '../../../src/client/options/options.ts';
import { client } from '../ready-client.ts';

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

  it('name the experiment, its phase and the unit that was dealt, and tell each phase', () => {
    const told: Exposure[] = [];
    const exposures = new Exposures(
      { sink: (batch) => void told.push(...batch) },
      (_, run) => run(),
      () => ({ monotonicMs: 0, wallMs: 0 }),
      () => undefined,
    );
    const dealt = (phase: number, unitKind: string): EvaluationDetails => ({
      flagKey: 'a',
      value: true,
      variant: 'on',
      reason: 'SPLIT',
      bucket: 1,
      buckets: 10,
      unitKind,
      experiment: { id: 'one', phase, takesPart: true },
    });
    const context = { targetingKey: 'u1', account: { id: 7 }, anonymousId: '7' };
    exposures.note(dealt(1, 'account.id'), context, '1000.1');
    exposures.note(dealt(1, 'account.id'), context, '1000.1');
    exposures.note(dealt(2, 'account.id'), context, '1000.2');
    exposures.note(dealt(2, 'anonymousId'), context, '1000.2');
    exposures.flush();
    expect(told).toMatchObject([
      { unit: '7', unitKind: 'account.id', experiment: { id: 'one', phase: 1, takesPart: true } },
      { unit: '7', unitKind: 'account.id', experiment: { phase: 2 } },
      { unit: '7', unitKind: 'anonymousId', experiment: { phase: 2 } },
    ]);
    expect(exposures.counts).toMatchObject({ told: 3, repeated: 1 });
  });

  it('find a unit at the end of a path however often they looked before', () => {
    const exposures = new Exposures(
      { sink: () => undefined },
      (_, run) => run(),
      () => ({ monotonicMs: 0, wallMs: 0 }),
      () => undefined,
    );
    const unitKind = Array.from({ length: 50 }, () => 'a').join('.');
    const context = unitKind.split('.').reduceRight<object>((inner, name) => ({ [name]: inner }), {});
    const details: EvaluationDetails = { flagKey: 'a', value: true, variant: 'on', reason: 'SPLIT', unitKind };
    for (let time = 0; time < 10_000; time++) exposures.note(details, context as never, null);
    exposures.note(details, { [unitKind]: 'u1' }, null);
    exposures.note({ ...details, unitKind: 'a.b' }, { a: { b: 'u1' } }, null);
    expect(exposures.counts).toEqual({ told: 0, repeated: 0, withoutUnit: 10_000, dropped: 0 });
    exposures.flush();
    expect(exposures.counts.told).toBe(2);
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
    // Forgotten was u1, and then u2 in its place: the last two are known.
    for (const userId of ['u3', 'u1']) flags.isEnabled('a', { userId });
    expect(flags.exposureCounts()).toMatchObject({ told: 4, repeated: 2 });
  });

  it('count as the newest when they are told again', () => {
    const told: Exposure[] = [];
    let monotonicMs = 0;
    const exposures = new Exposures(
      { sink: (batch) => void told.push(...batch), windowMs: 60_000, remembered: 2 },
      (_where, run) => void run(),
      () => ({ monotonicMs, wallMs: 0 }),
      () => {},
    );
    const note = (userId: string): void => {
      const details = { flagKey: 'a', value: true, variant: 'on', reason: 'STATIC' } as const;
      exposures.note(details, { userId }, null);
    };
    for (const userId of ['u1', 'u2']) note(userId);
    monotonicMs = 60_000;
    // u1 is told again, so u2 is the oldest when u3 comes.
    for (const userId of ['u1', 'u3', 'u1', 'u2']) note(userId);
    exposures.flush();
    expect(told.map(({ unit }) => unit)).toEqual(['u1', 'u2', 'u1', 'u3', 'u2']);
    expect(exposures.counts).toMatchObject({ told: 5, repeated: 1 });
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
    await expect(exposed({ windowMs: 0 })).rejects.toThrow(/exposures.windowMs is 0/);
    await expect(exposed({ remembered: 0.5 })).rejects.toThrow(/exposures.remembered is 0.5/);
  });
});
