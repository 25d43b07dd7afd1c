import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import type { EvaluationContext } from '../../src/evaluation/context.ts';
import { createEvaluator, type Evaluator } from '../../src/evaluation/evaluator.ts';
import { explain } from '../../src/evaluation/explain.ts';
import { MAX_WORK, MAX_WORK_OF_ALL } from '../../src/evaluation/work.ts';
import { runSeed } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from '../document/random.ts';
import { evaluatorOf } from './documents.ts';
import { metered } from './meter.ts';
import { pathological, PATHOLOGICAL_KINDS } from './pathological.ts';

const ruled = (...conditions: readonly object[]) =>
  ({
    type: 'boolean',
    rules: conditions.map((when) => ({ when, serve: 'on' })),
    fallthrough: 'off',
  }) as never;

const TOO_MUCH = {
  reason: 'ERROR',
  errorCode: 'GENERAL',
  errorMessage: 'flag and context cost more than one evaluation may',
};

/** What is not counted, because it is in proportion to the document. */
const allowance = (text: string): number => text.length / 8;

function read(text: string): Evaluator {
  const result = decodeDocument(text);
  if (!result.ok) throw new Error(result.problems[0]!.message);
  return createEvaluator(result.document, { now: () => 0 });
}

describe('what one evaluation may cost', () => {
  it.each<[string, object[], EvaluationContext]>([
    [
      'a pattern of 164 characters and a list of 98 KB',
      [{ attribute: 'a', op: 'matches', value: `${'(a{6}){6}'.repeat(9)}${'b'.repeat(83)}` }],
      { a: Array.from({ length: 50 }, () => 'a'.repeat(1_960)) },
    ],
    [
      '500 networks and 1,000 addresses',
      Array.from({ length: 500 }, (_, index) => ({
        attribute: 'a',
        op: 'inNetwork',
        value: `10.0.${index % 256}.0/24`,
      })),
      { a: Array.from({ length: 1_000 }, (_, index) => `11.0.0.${index % 256}`) },
    ],
    [
      '9,000 searches in 1,000 texts',
      Array.from({ length: 9_000 }, () => ({ attribute: 'a', op: 'contains', value: 'aaaab' })),
      { a: Array.from({ length: 1_000 }, () => 'a'.repeat(2_048)) },
    ],
  ])('F91 is bounded for %s, and said', (_, conditions, context) => {
    const evaluator = evaluatorOf({ flag: ruled(...conditions), other: ruled({ attribute: 'a', op: 'exists' }) });
    for (const fallback of [true, false]) {
      const units = metered(() => expect(evaluator.isEnabled('flag', context, fallback)).toBe(fallback));
      expect(units).toBeLessThan(1.1 * MAX_WORK);
      expect(evaluator.details('flag', context, fallback)).toMatchObject({
        value: fallback,
        ...TOO_MUCH,
        contextProblems: [{ code: 'NOT_LOOKED_AT', attribute: 'a' }],
      });
    }
    const explanation = explain(evaluator, 'flag', context);
    expect(explanation.details).toMatchObject(TOO_MUCH);
    expect(explanation.summary).toContain('cost more than one evaluation may');
    // The next evaluation has its own.
    expect(evaluator.isEnabled('other', context, false)).toBe(true);
  });

  it('F91 stays within the bound, also where documents and contexts multiply', { timeout: 120_000 }, () => {
    const seed = runSeed();
    for (const [index, kind] of PATHOLOGICAL_KINDS.entries()) {
      for (const share of [0.01, 0.2]) {
        const random = seededRandom(seed + index);
        const { text, context } = pathological(random, kind, share);
        const evaluator = read(text);
        const about = `SEED=${seed + index} ${kind}`;
        // Compiled first: that is done once for each document.
        evaluator.isEnabled('flag', {}, false);
        const most = MAX_WORK + allowance(text);
        expect(
          metered(() => evaluator.isEnabled('flag', context, false)),
          about,
        ).toBeLessThan(most);
        expect(
          metered(() => evaluator.details('flag', context, false)),
          about,
        ).toBeLessThan(2 * most);
      }
    }
  });

  it('F91 holds for all flags at once, and each of them has its own share', () => {
    const dear = { attribute: 'a', op: 'contains', value: 'aaaab' };
    const flags = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`dear${index}`, ruled(dear)]));
    const evaluator = evaluatorOf({ cheap: ruled({ attribute: 'a', op: 'exists' }), ...flags });
    const context = { a: Array.from({ length: 10 }, () => 'a'.repeat(2_048)) };
    let all: Readonly<Record<string, unknown>> = {};
    const units = metered(() => {
      all = evaluator.all(context);
    });
    expect(units).toBeLessThan(1.1 * MAX_WORK_OF_ALL);
    expect(all).toMatchObject({ cheap: true, dear0: false, dear300: false });
    expect(Object.keys(all).length).toBeLessThan(1_001);
    const details = evaluator.allDetails(context);
    expect(Object.keys(details)).toHaveLength(1_001);
    expect(details['dear0']).toMatchObject({ value: false, reason: 'DEFAULT' });
    expect(details['dear999']).toMatchObject({ value: null, ...TOO_MUCH });
    // Each alone is answered.
    expect(evaluator.details('dear999', context, false)).toMatchObject({ value: false, reason: 'DEFAULT' });
  });

  it('asks segments and prerequisites of all flags once', () => {
    let reads = 0;
    const context = {
      get country(): string {
        reads++;
        return 'AT';
      },
    };
    const german = { attribute: 'country', op: 'equals', value: 'DE' } as const;
    const chain = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `f${index}`,
        {
          type: 'boolean' as const,
          ...(index > 0 && { prerequisites: [{ flag: `f${index - 1}`, variants: ['off'] }] }),
          rules: [{ when: { segment: 'germans' }, serve: 'on' }],
          fallthrough: 'off',
        },
      ]),
    );
    const evaluator = evaluatorOf(chain, { germans: { when: german } });
    expect(Object.values(evaluator.all(context))).toEqual(Array.from({ length: 200 }, () => false));
    expect(reads).toBe(1);
  });

  it('is counted anew for a question that a context asks while it is read', () => {
    const dear = Array.from({ length: 200 }, () => ({ attribute: 'a', op: 'contains', value: 'aaaab' }));
    const evaluator = evaluatorOf({
      inner: ruled(...Array.from({ length: 10 }, () => dear).flat()),
      outer: ruled({ attribute: 'b', op: 'exists' }, ...dear),
    });
    const list = Array.from({ length: 2 }, () => 'a'.repeat(2_048));
    const context = {
      a: list,
      get b(): undefined {
        expect(evaluator.details('inner', { a: list }, true)).toMatchObject({ value: true, ...TOO_MUCH });
        return undefined;
      },
    };
    expect(evaluator.details('outer', context, true)).toMatchObject({ value: false, reason: 'DEFAULT' });
  });

  it('answers a flag of 20,000 conditions on segments', () => {
    const evaluator = evaluatorOf(
      { flag: ruled({ all: Array.from({ length: 20_000 }, () => ({ segment: 'all' })) }) },
      { all: { when: { all: [] } } },
    );
    expect(evaluator.details('flag', {}, false)).toMatchObject({ value: true, reason: 'TARGETING_MATCH' });
  });

  it('is not needed for a text that is longer than all it could equal without its case', () => {
    const conditions = Array.from({ length: 1_000 }, () => ({
      attribute: 'a',
      op: 'equals',
      value: 'Pro',
      ignoreCase: true,
    }));
    const evaluator = evaluatorOf({ flag: ruled(...conditions) });
    expect(evaluator.details('flag', { a: 'x'.repeat(1_000_000) }, true)).toMatchObject({
      value: false,
      reason: 'DEFAULT',
    });
    expect(evaluator.isEnabled('flag', { a: 'PRO' }, false)).toBe(true);
  });

  it('relies on no text having fewer characters without its case', () => {
    const shrinking: string[] = [];
    for (let point = 0; point <= 0x10ffff; point++) {
      const symbol = String.fromCodePoint(point);
      if (symbol.toLowerCase().length < symbol.length) shrinking.push(symbol);
    }
    expect(shrinking).toEqual([]);
  });

  it('F91 takes no time for a unit that is a bigint of a million bits', () => {
    const evaluator = evaluatorOf({ flag: { status: 'canary', rolloutPercentage: 50 } });
    expect(evaluator.details('flag', { userId: 1n << 1_000_000n } as never, true)).toMatchObject({
      value: false,
      contextProblems: [{ code: 'TARGETING_KEY_MISSING', found: 'a bigint' }],
    });
    expect(evaluator.details('flag', { userId: 2n ** 64n } as never, true)).toMatchObject({ reason: 'SPLIT' });
  });
});
