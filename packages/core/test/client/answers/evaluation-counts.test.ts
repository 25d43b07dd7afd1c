import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFlagClient } from '../../../src/client/create-flag-client.ts';
import { Evaluator } from '../../../src/evaluation/evaluator.ts';
import { metricTable } from '../../../src/metrics/metric-table.ts';
import { counted, holds, scriptedSource } from '../../support/scripted-source.ts';

const TEXT = JSON.stringify({
  schemaVersion: 1,
  flags: {
    on: { status: 'enabled' },
    half: { status: 'canary', rolloutPercentage: 50 },
    beta: { status: 'beta', betaUsers: ['u1'] },
    theme: { type: 'string', variants: { light: 'light', dark: 'dark' }, fallthrough: 'dark' },
  },
});

async function counting() {
  const table = metricTable();
  let sample = (): void => {};
  const metrics = { ...table, sampled: (given: () => void) => void (sample = given) };
  const source = scriptedSource({ kind: 'holds', revision: counted(1), text: TEXT });
  const flags = createFlagClient({ source, metrics, variables: false, logLevel: 'silent' });
  await flags.ready();
  const counts = (): Record<string, number> => {
    const family = [...table.families()].find(({ name }) => name === 'feature_flag_evaluations_total');
    return Object.fromEntries([...(family?.series ?? [])].map(({ labels, value }) => [labels.join(' '), value]));
  };
  return { flags, source, counts, scrape: () => sample() };
}

afterEach(() => void vi.restoreAllMocks());

describe('evaluations are counted', () => {
  it('by flag, variant and reason, and are told when the sink is read', async () => {
    const { flags, counts, scrape } = await counting();
    for (let i = 0; i < 100; i++) flags.isEnabled('on');
    for (let i = 0; i < 10; i++) flags.isEnabled('half', { userId: `u${i}` });
    flags.isEnabled('beta');
    flags.value('on', {}, false);
    scrape();
    const told = counts();
    expect(told['on on STATIC']).toBe(101);
    expect((told['half on SPLIT'] ?? 0) + (told['half off SPLIT'] ?? 0)).toBe(10);
    expect(told['beta __fallback__ DEFAULT']).toBe(1);
    flags.isEnabled('on');
    scrape();
    expect(counts()['on on STATIC']).toBe(102);
    await flags.close();
  });

  it('at no cost again once the last override has ended, though nobody asks about its flag', async () => {
    const { flags, counts, scrape } = await counting();
    const described = vi.spyOn(Evaluator.prototype, 'details');
    flags.override('half', true, { forMs: 1 });
    flags.isEnabled('on');
    expect(described).toHaveBeenCalledTimes(1);
    const ended = performance.now() + 1;
    await expect.poll(() => performance.now() > ended).toBe(true);
    await flags.refresh();
    flags.isEnabled('on');
    // Asked straight, as where nobody stands between a question and its answer.
    expect(described).toHaveBeenCalledTimes(1);
    scrape();
    expect(counts()).toEqual({ 'on on STATIC': 2 });
    await flags.close();
  });

  it('under one name when the flag is unknown, also for many keys', async () => {
    const { flags, counts, scrape } = await counting();
    for (let i = 0; i < 1_000; i++) flags.isEnabled(`made up ${i}`);
    flags.details('another', {}, false);
    scrape();
    expect(counts()).toEqual({ '__unknown__ __fallback__ ERROR': 1_001 });
    await flags.close();
  });

  it('as what was served, whichever way it was asked for', async () => {
    const { flags, counts, scrape } = await counting();
    expect(flags.value('theme', {}, 'none')).toBe('dark');
    expect(flags.details('theme', {}, 'none').value).toBe('dark');
    // The flag is no boolean and no number: callers got their own fallbacks.
    expect(flags.isEnabled('theme', {}, true)).toBe(true);
    expect(flags.value('theme', {}, 7)).toBe(7);
    expect(flags.details('theme', {}, 7).errorCode).toBe('TYPE_MISMATCH');
    expect(flags.value('beta', {}, true)).toBe(true);
    expect(flags.value('made up', {}, 'x')).toBe('x');
    scrape();
    expect(counts()).toEqual({
      'theme dark STATIC': 2,
      'theme __fallback__ ERROR': 3,
      'beta __fallback__ DEFAULT': 1,
      '__unknown__ __fallback__ ERROR': 1,
    });
    await flags.close();
  });

  it('across swaps and pinned views, with hooks and overrides, and to the end', async () => {
    const { flags, source, counts } = await counting();
    const pinned = flags.forContext({});
    flags.isEnabled('on');
    source.behaviour = holds(2);
    await flags.refresh();
    pinned.isEnabled('on');
    flags.addHook({});
    flags.isEnabled('a');
    flags.override('a', false);
    flags.isEnabled('a');
    await flags.close();
    expect(counts()).toEqual({ 'on on STATIC': 2, 'a on STATIC': 1, 'a override STATIC': 1 });
  });
});
