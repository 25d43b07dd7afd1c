import { readFileSync } from 'node:fs';
import { decodeDocument } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { neededVersions } from '../src/index.ts';

describe('a golden document', () => {
  it.each([
    ['first-words.json', {}],
    [
      'ranges.json',
      {
        ranged: ['ranges'],
        going_on: ['ranges'],
        units: ['several units'],
        experiment: ['ranges', 'an experiment', 'a layer', 'a holdout'],
        bucketed: ['a condition on a bucket'],
        asking: ['a condition on a flag'],
      },
    ],
  ])('is read whole, and says which clients its flags need: %s', (name, words) => {
    const decoded = decodeDocument(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8'));
    expect(decoded).toMatchObject({ ok: true, setAside: [] });
    const needs = decoded.ok ? neededVersions(decoded.document) : [];
    expect(Object.fromEntries(needs.map((one) => [one.flagKey, one.words]))).toEqual(words);
    expect(new Set(needs.map(({ version }) => version))).toEqual(new Set(needs.length > 0 ? ['0.1.0'] : []));
  });
});
