import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import type { FlagDocument } from '../../src/document/types.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { explain } from '../../src/evaluation/explain.ts';

const CONTEXT = { targetingKey: 'u1' };

/** A flag of so many rules that hold, each of which deals as `serve` says and leaves all units to the next one. */
function ruled(rules: number, serve: object, more: object = {}): object {
  const split = { kind: 'split', variants: [{ variant: 'on', ranges: [] }], gaps: 'continue', ...serve };
  return {
    type: 'boolean',
    rules: Array.from({ length: rules }, () => ({ when: { all: [] }, serve: split })),
    fallthrough: 'off',
    ...more,
  };
}

function decoded(flag: object, more: object = {}): FlagDocument {
  const result = decodeDocument(JSON.stringify({ schemaVersion: 1, flags: { flag }, ...more }));
  if (!result.ok) throw new Error(result.problems[0]!.message);
  return result.document;
}

describe('what splits of a document share', () => {
  it('is a slot of 60,000 ranges, which is not compiled for each of 500 splits in it', () => {
    const slot = Array.from({ length: 60_000 }, (_, index) => [3 * index, 3 * index + 1]);
    const serve = { experiment: { id: 'e', phase: 1 }, layer: 'l', salt: 's' };
    const document = decoded(ruled(500, serve), { layers: { l: { of: 1_000_000, slots: { e: slot } } } });
    const evaluator = createEvaluator(document);
    const before = process.memoryUsage().heapUsed;
    expect(evaluator.details('flag', CONTEXT, true)).toMatchObject({ value: false, reason: 'DEFAULT' });
    // For each of them it was 4 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000_000);
    expect(explain(evaluator, 'flag', CONTEXT).steps.at(-1)).toEqual({
      step: 'failure',
      message: 'flag and context cost more than may be looked at',
    });
  });

  it.each<[string, object, object, object]>([
    ["the flag's salt", {}, { salt: 'x'.repeat(2_000_000) }, {}],
    [
      'the salts of layer and holdout',
      { experiment: { id: 'e', phase: 1 }, layer: 'l', holdout: 'h' },
      {},
      {
        layers: { l: { salt: 'x'.repeat(1_000_000), slots: { e: [] } } },
        holdouts: { h: { salt: 'y'.repeat(1_000_000), percentage: 0 } },
      },
    ],
  ])('is %s, which is read once for 9,000 splits', { timeout: 10_000 }, (_, serve, flag, more) => {
    const document = decoded(ruled(9_000, serve, flag), more);
    expect(createEvaluator(document).details('flag', CONTEXT, true)).toMatchObject({ value: false, reason: 'DEFAULT' });
    expect(explain(document, 'flag', CONTEXT).details).toMatchObject({ value: false, reason: 'DEFAULT' });
  });

  it("is the name of a holdout's unit, and looking for it 9,000 times costs more than an evaluation may", () => {
    const serve = { experiment: { id: 'e', phase: 1 }, holdout: 'h' };
    const holdouts = { h: { by: ['z'.repeat(2_000_000), 'targetingKey'], percentage: 0 } };
    const document = decoded(ruled(9_000, serve), { holdouts });
    const { details } = explain(document, 'flag', CONTEXT);
    expect(details).toMatchObject({ reason: 'ERROR', errorMessage: expect.stringContaining('cost more') as string });
  });

  it('is another flag, which explain asks once for 2,000 conditions, and of which it asks 100', () => {
    let reads = 0;
    const context = {
      get plan(): string {
        reads++;
        return 'free';
      },
    };
    const asking = (keys: readonly string[]): object => ({
      type: 'boolean',
      rules: [{ when: { any: keys.map((flag) => ({ flag, variants: ['on'] })) }, serve: 'on' }],
      fallthrough: 'off',
    });
    const pro = { attribute: 'plan', op: 'equals', value: 'pro' };
    const other = { type: 'boolean', rules: [{ when: pro, serve: 'on' }], fallthrough: 'off' };
    const keys = Array.from({ length: 101 }, (_, index) => `other${index}`);
    const others = Object.fromEntries(keys.map((key) => [key, other]));
    const often = Array.from({ length: 2_000 }, (_, index) => keys[index % 100]!);
    const document = decoded(asking(often), { flags: { often: asking(often), all: asking(keys), ...others } });
    expect(explain(document, 'often', context).steps.at(-1)).toMatchObject({ step: 'fallthrough' });
    expect(reads).toBeLessThan(1_000);
    expect(explain(document, 'all', context)).toMatchObject({
      details: { value: false, reason: 'DEFAULT' },
      steps: [{ step: 'enabled' }, { step: 'failure' }],
    });
  });
});
