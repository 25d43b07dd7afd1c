import { describe, expect, it } from 'vitest';
import { createEdgeFlagClient } from '../../src/edge/edge-flag-client.ts';
import { edgeSignals } from '../../src/edge/edge-signals.ts';
import { metricTable, type MetricTable } from '../../src/metrics/metric-table.ts';
import type { MetricsSink } from '../../src/metrics/metrics-sink.ts';
import { counted, scriptedSource } from '../support/scripted-source.ts';

function holding(version: number) {
  const flags = {
    on: { status: 'enabled' },
    beta: { status: 'beta', betaUsers: ['u1'] },
    theme: { type: 'string', variants: { light: 'light', dark: 'dark' }, fallthrough: 'dark' },
  };
  const text = JSON.stringify({ schemaVersion: 1, flags });
  return { kind: 'holds', revision: counted(version), text } as const;
}

/** What a reading of the sink shows of evaluations, by their labels. */
function told(table: MetricTable): Readonly<Record<string, number>> {
  const family = [...table.families()].find(({ name }) => name === 'feature_flag_evaluations_total');
  return Object.fromEntries([...(family?.series ?? [])].map(({ labels, value }) => [labels.join(' '), value]));
}

describe('evaluations at the edge', () => {
  it('are counted by flag, variant and reason, as those of servers are, and told when the sink is read', async () => {
    const metrics = metricTable();
    const source = scriptedSource(holding(1));
    const flags = createEdgeFlagClient({ source, signals: edgeSignals({ metrics }) });
    await flags.ready();
    for (let i = 0; i < 100; i++) expect(flags.isEnabled('on')).toBe(true);
    expect(flags.isEnabled('beta', { userId: 'u1' })).toBe(true);
    expect(flags.isEnabled('beta', undefined, true)).toBe(true);
    expect(flags.isEnabled('theme', {}, true)).toBe(true);
    expect(flags.value('theme', {}, 'none')).toBe('dark');
    expect(flags.details('theme', {}, 'none')).toMatchObject({ value: 'dark', variant: 'dark', revision: '1000.1' });
    expect(flags.value('theme', {}, 1)).toBe(1);
    for (let i = 0; i < 3; i++) expect(flags.value(`made up ${i}`, {}, 'x')).toBe('x');
    expect(flags.all()).toMatchObject({ on: true, theme: 'dark' });
    const first = {
      'on on STATIC': 100,
      'beta on TARGETING_MATCH': 1,
      'beta __fallback__ DEFAULT': 1,
      'theme __fallback__ ERROR': 2,
      'theme dark STATIC': 2,
      '__unknown__ __fallback__ ERROR': 3,
    };
    expect(told(metrics)).toEqual(first);

    source.behaviour = holding(2);
    flags.isEnabled('on');
    await flags.refresh();
    flags.isEnabled('on');
    expect(told(metrics)).toEqual({ ...first, 'on on STATIC': 102 });
  });

  it('are told with the next read of the store to a sink that never asks', async () => {
    const counts: unknown[] = [];
    const metrics: MetricsSink = {
      count: (name, labels, value) => void (name === 'feature_flag_evaluations_total' && counts.push([labels, value])),
      gauge: () => {},
      observe: () => {},
    };
    const flags = createEdgeFlagClient({ source: scriptedSource(holding(1)), signals: edgeSignals({ metrics }) });
    await flags.ready();
    flags.isEnabled('on');
    flags.isEnabled('on');
    expect(counts).toEqual([]);
    await flags.refresh();
    expect(counts).toEqual([[{ flag: 'on', variant: 'on', reason: 'STATIC' }, 2]]);
  });

  it('are answered, also where a sink throws at their counts', async () => {
    let sample = (): void => {};
    const throws = (): never => {
      throw new Error('no');
    };
    const metrics: MetricsSink = {
      count: throws,
      gauge: throws,
      observe: throws,
      sampled: (given) => {
        sample = given;
        throws();
      },
    };
    const flags = createEdgeFlagClient({ source: scriptedSource(holding(1)), signals: edgeSignals({ metrics }) });
    await flags.ready();
    expect(flags.isEnabled('on')).toBe(true);
    const before = flags.facts().isolatedErrors;
    sample();
    expect(flags.facts().isolatedErrors).toBe(before + 1);
    expect(flags.value('theme', {}, 'none')).toBe('dark');
  });

  it('are left alone where there is a log and no sink', async () => {
    const flags = createEdgeFlagClient({ source: scriptedSource(holding(1)), signals: edgeSignals({ log: () => {} }) });
    await flags.ready();
    expect(flags.isEnabled('on')).toBe(true);
    expect(flags.facts().isolatedErrors).toBe(0);
  });
});
