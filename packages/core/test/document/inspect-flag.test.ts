import { describe, expect, it } from 'vitest';
import { inspectFlag } from '../../src/document/inspect-document.ts';

describe('one flag without the others', () => {
  const asking = {
    type: 'boolean',
    prerequisites: [{ flag: 'base', variants: ['on'] }],
    rules: [{ when: { any: [{ segment: 'staff' }, { flag: 'main', variants: ['blue'] }] }, serve: 'on' }],
    fallthrough: {
      kind: 'split',
      variants: [{ variant: 'on', ranges: [[0, 10]] }],
      otherwise: 'off',
      experiment: { id: 'one', phase: 1 },
      layer: 'checkout',
      holdout: 'all',
    },
  };
  const paths = (...given: Parameters<typeof inspectFlag>): string[] => inspectFlag(...given).map(({ path }) => path);

  it('may name whatever nobody knows', () => {
    expect(inspectFlag('asking', asking)).toEqual([]);
  });

  it('names what the tables hold that are given', () => {
    const tables = {
      flags: { base: { status: 'enabled' }, main: { type: 'string', variants: { blue: 'b' }, fallthrough: 'blue' } },
      segments: { staff: {} },
      layers: { checkout: { slots: { one: [[0, 5]] } } },
      holdouts: { all: { percentage: 5 } },
    };
    expect(inspectFlag('asking', asking, tables)).toEqual([]);
    expect(paths('asking', asking, { ...tables, segments: {}, holdouts: {} })).toEqual([
      '$.flags.asking.rules[0].when.any[0].segment',
      '$.flags.asking.fallthrough.holdout',
    ]);
    expect(paths('asking', asking, { flags: { base: { status: 'enabled' }, main: { status: 'enabled' } } })).toEqual([
      '$.flags.asking.rules[0].when.any[1]',
    ]);
    expect(paths('asking', asking, { layers: { checkout: { slots: {} } } })).toEqual([
      '$.flags.asking.fallthrough.experiment.id',
    ]);
  });

  it('is told all that is wrong with it, and each word that is not known', () => {
    const findings = inspectFlag('bad', { status: 'preview', betaUsers: [1.5], rolloutPercentage: 101 });
    expect(findings.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      '$.flags.bad.status unknown',
      '$.flags.bad.betaUsers[0] wrong',
      '$.flags.bad.rolloutPercentage wrong',
    ]);
    expect(paths('', { status: 'enabled' })).toHaveLength(1);
    expect(paths('bad', null)).toEqual(['$.flags.bad']);
  });

  it('may cost as much to search as a flag of a document', () => {
    const when = { attribute: 'a', op: 'contains', value: 'x'.repeat(1000) };
    const flag = (count: number): object => ({
      type: 'boolean',
      rules: Array.from({ length: count }, () => ({ when, serve: 'on' })),
      fallthrough: 'off',
    });
    expect(paths('flag', flag(50))).toEqual([]);
    expect(paths('flag', flag(51))).toEqual(['$.flags.flag']);
  });
});
