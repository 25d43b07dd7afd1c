import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import type { Condition, FlagDocument, Split } from '../../src/document/types.ts';
import type { EvaluationContext } from '../../src/evaluation/context.ts';
import { bucket } from '../../src/evaluation/bucket.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { explain } from '../../src/evaluation/explain.ts';
import { MAX_WORK, MAX_WORK_OF_ALL } from '../../src/evaluation/work.ts';
import { randomDocument } from '../document/random-document.ts';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from '../document/random.ts';
import { disagreements } from './agreement.ts';
import { documentOf } from './documents.ts';
import { randomContext } from './hostile.ts';
import { metered } from './meter.ts';

const document = documentOf(
  {
    base: { type: 'string', variants: { old: 'o', new: 'n' }, fallthrough: 'old' },
    checkout: {
      type: 'boolean',
      prerequisites: [{ flag: 'base', variants: ['old'] }],
      targets: [{ variant: 'on', keys: ['vip'] }],
      rules: [
        { id: 'staff', description: 'our own', when: { segment: 'staff' }, serve: 'on' },
        {
          when: {
            all: [
              { attribute: 'country', op: 'in', value: ['DE', 'AT'] },
              { not: { attribute: 'age', op: 'lessThan', value: 18 } },
            ],
          },
          serve: {
            kind: 'split',
            variants: [
              { variant: 'on', weight: 30 },
              { variant: 'off', weight: 70 },
            ],
          },
        },
      ],
      fallthrough: 'off',
    },
    blocked: { type: 'boolean', prerequisites: [{ flag: 'base', variants: ['new'] }], fallthrough: 'on' },
    ramp: {
      type: 'boolean',
      fallthrough: {
        kind: 'ramp',
        variant: 'on',
        otherwise: 'off',
        curve: 'linear',
        points: [
          { at: '2026-01-01T00:00:00Z', percentage: 0 },
          { at: '2026-01-03T00:00:00Z', percentage: 100 },
        ],
      },
    },
    later: { status: 'enabled', schedule: { onAt: '2027-01-01T00:00:00Z' } },
    off: { status: 'disabled' },
  },
  { staff: { include: ['u1'], exclude: ['u2'], when: { attribute: 'email', op: 'endsWith', value: '@example.com' } } },
);
const now = (): number => Date.parse('2026-01-02T00:00:00Z');

describe('an explanation', () => {
  it('names the range that decides also where a share ends between two buckets', () => {
    // 7 of 448 is 1562.5 buckets.
    const split: Split = {
      kind: 'split',
      salt: 'halves',
      variants: [
        { variant: 'on', weight: 7 },
        { variant: 'off', weight: 441 },
      ],
    };
    let unit = 0;
    while (bucket('halves', String(unit)) !== 1_562) unit += 1;
    const flags = documentOf({ halves: { type: 'boolean', fallthrough: split } });
    expect(explain(flags, 'halves', { targetingKey: unit })).toMatchObject({
      details: { value: true, variant: 'on', bucket: 1_562 },
      steps: [
        {},
        {
          serve: {
            ranges: [
              { variant: 'on', to: 1_563, chosen: true },
              { from: 1_563, chosen: false },
            ],
          },
        },
      ],
    });
  });

  it('names every step, each condition and why, and the bucket against its range', () => {
    const explanation = explain(document, 'checkout', { userId: 'user-1', country: 'DE', age: 20 }, { now });
    const { bucket } = explanation.details;
    expect(explanation).toEqual({
      flagKey: 'checkout',
      details: createEvaluator(document).details('checkout', { userId: 'user-1', country: 'DE', age: 20 }, false),
      summary: expect.stringMatching(
        /^checkout is (true|false): rule 1 matched, and bucket \d+ lies in \d+ to \d+ of (on|off)\.$/,
      ),
      targetingKey: 'user-1',
      steps: [
        { step: 'enabled', passed: true },
        { step: 'prerequisite', passed: true, flag: 'base', wanted: ['old'], served: 'old', reason: 'STATIC' },
        { step: 'targets', matched: false },
        {
          step: 'rule',
          index: 0,
          id: 'staff',
          description: 'our own',
          matched: false,
          condition: {
            kind: 'segment',
            segment: 'staff',
            holds: false,
            why: 'condition',
            condition: {
              kind: 'comparison',
              holds: false,
              attribute: 'email',
              op: 'endsWith',
              value: '@example.com',
              found: 'nothing',
            },
          },
        },
        {
          step: 'rule',
          index: 1,
          matched: true,
          condition: {
            kind: 'all',
            holds: true,
            parts: [
              { kind: 'comparison', holds: true, attribute: 'country', op: 'in', value: ['DE', 'AT'], found: '"DE"' },
              {
                kind: 'not',
                holds: true,
                parts: [{ kind: 'comparison', holds: false, attribute: 'age', op: 'lessThan', value: 18, found: '20' }],
              },
            ],
          },
          serve: {
            kind: 'split',
            by: 'targetingKey',
            unit: 'user-1',
            salt: 'checkout',
            bucket,
            buckets: 100_000,
            ranges: [
              { variant: 'on', from: 0, to: 30_000, chosen: bucket! < 30_000 },
              { variant: 'off', from: 30_000, to: 100_000, chosen: bucket! >= 30_000 },
            ],
          },
        },
      ],
    });
  });

  it.each([
    ['off', {}, 'off is false: the flag is disabled.'],
    ['blocked', {}, 'blocked is false: its prerequisite base serves old and not new.'],
    ['later', {}, "later is false: it is 2026-01-02T00:00:00.000Z, outside the flag's schedule."],
    ['checkout', { userId: 'vip' }, 'checkout is true: a target names this key.'],
    ['checkout', { userId: 'u1' }, 'checkout is true: rule staff matched, and serves on.'],
    [
      'checkout',
      { userId: 'u2', email: 'a@example.com' },
      'checkout is false: nothing before the fallthrough decided, and serves off.',
    ],
    [
      'checkout',
      { country: 'DE' },
      'checkout is false: rule 1 matched, and targetingKey holds no unit to deal with (nothing).',
    ],
    ['nope', {}, 'nope is false, the fallback: no such flag.'],
    [
      'checkout',
      {
        get country(): string {
          throw new Error('no');
        },
      },
      'checkout is false, the fallback: the context threw.',
    ],
  ])('says in a sentence: %s', (key, context, expected) => {
    expect(explain(document, key, context, { now }).summary).toBe(expected);
  });

  it('shows the percentage of a ramp at the moment', () => {
    const { steps, details } = explain(document, 'ramp', { userId: 'user-1' }, { now });
    expect(steps.at(-1)).toMatchObject({
      step: 'fallthrough',
      serve: { kind: 'ramp', percentage: 50, bucket: details.bucket, ranges: [{ to: 50_000 }, { from: 50_000 }] },
    });
  });

  it.each([
    ['is included', { userId: 'u1' }, { holds: true, why: 'included' }],
    ['is included by a number', { userId: 7 }, { holds: true, why: 'included' }],
    [
      'is excluded, though the condition holds',
      { userId: 'u2', email: 'a@example.com' },
      { holds: false, why: 'excluded' },
    ],
    ['is both, of which exclusion wins', { userId: 'u3' }, { holds: false, why: 'excluded' }],
    [
      'is neither, and meets the condition',
      { userId: 'u4', email: 'a@example.com' },
      { holds: true, why: 'condition' },
    ],
    ['is neither, and does not', { userId: 'u4' }, { holds: false, why: 'condition' }],
    ['has no key to be listed by', { email: 'a@example.com' }, { holds: true, why: 'condition' }],
  ])('says of a segment that one who %s', (_who, context, expected) => {
    const staff = {
      include: ['u1', 'u3', 7],
      exclude: ['u2', 'u3'],
      when: { attribute: 'email', op: 'endsWith', value: '@example.com' },
    } as const;
    const rules = [{ when: { segment: 'staff' }, serve: 'on' }];
    const flags = documentOf({ flag: { type: 'boolean', rules, fallthrough: 'off' } }, { staff });
    const { steps, details } = explain(flags, 'flag', context);
    expect(steps.find(({ step }) => step === 'rule')).toMatchObject({
      condition: { kind: 'segment', segment: 'staff', ...expected },
    });
    expect(details.value).toBe(expected.holds);
  });

  it('says of a segment without a condition that it has none', () => {
    const flags = documentOf(
      { flag: { type: 'boolean', rules: [{ when: { segment: 'staff' }, serve: 'on' }], fallthrough: 'off' } },
      { staff: { include: ['u1'] } },
    );
    const { steps } = explain(flags, 'flag', { userId: 'u2' });
    expect(steps.find(({ step }) => step === 'rule')).toMatchObject({
      matched: false,
      condition: { kind: 'segment', holds: false, why: 'no condition' },
    });
  });

  it('takes an evaluator too, and the fallback of the caller', () => {
    const evaluator = createEvaluator(document);
    expect(explain(evaluator, 'nope', {}, { fallback: 'mine' }).details.value).toBe('mine');
  });

  it('reads what is given as a context just as evaluation does: a text has an `at`', () => {
    const flags = documentOf({
      flag: {
        type: 'boolean',
        rules: [{ when: { attribute: 'at', op: 'exists' }, serve: 'on' }],
        fallthrough: 'off',
      },
    });
    const { details, steps } = explain(flags, 'flag', 'text' as unknown as EvaluationContext);
    expect(steps.at(-1)).toMatchObject({ step: 'rule', index: 0, matched: true });
    expect(details).toMatchObject({ ruleIndex: 0, value: true });
  });

  it('goes on past a condition on buckets whose unit cannot be read, as evaluation does that never comes to it', () => {
    const flags = documentOf({
      flag: {
        type: 'boolean',
        rules: [
          {
            when: {
              any: [
                { attribute: 'country', op: 'equals', value: 'DE' },
                { bucket: { by: 'account', salt: 's', from: 0, to: 1 } },
              ],
            },
            serve: 'on',
          },
        ],
        fallthrough: 'off',
      },
    });
    const context = {
      country: 'DE',
      get account(): string {
        throw new Error('secret');
      },
    };
    const { details, steps } = explain(flags, 'flag', context);
    expect(details).toMatchObject({ value: true, ruleIndex: 0 });
    const bucket = { kind: 'bucket', holds: false, by: 'account', unit: undefined, bucket: undefined };
    expect(steps.at(-1)).toMatchObject({ step: 'rule', index: 0, condition: { holds: true, parts: [{}, bucket] } });
  });

  it('hashes no more for conditions on buckets than all flags at once may cost', () => {
    const condition = (from: number): Condition => ({ bucket: { by: 'account', salt: 's', from, to: from + 1 } });
    const when: Condition = { any: Array.from({ length: 2_000 }, (_, from) => condition(from)) };
    const flags = documentOf({ flag: { type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' } });
    const context = { account: 'x'.repeat(300_000) };
    const units = metered(() => explain(flags, 'flag', context));
    // What evaluation does for the answer is bounded apart.
    expect(units).toBeLessThan(1.1 * MAX_WORK_OF_ALL + 2 * MAX_WORK);
  });

  it('comes to the conclusion that evaluation comes to, and never throws', { timeout: sized(60_000, 600_000) }, () => {
    const seed = runSeed();
    for (let round = 0; round < sized(3_000, 60_000); round++) {
      const random = seededRandom(seed + round);
      const text = JSON.stringify(randomDocument(random));
      const decoded = (decodeDocument(text) as { readonly document: FlagDocument }).document;
      const key = random.pick(Object.keys(decoded.flags));
      const explanation = explain(decoded, key, randomContext(random), {
        now: () => Date.parse('2026-07-01T00:00:00Z'),
      });
      const about = `SEED=${seed + round} ${key} of ${text} ${JSON.stringify(explanation.steps)}`;
      expect(disagreements(decoded, explanation), about).toEqual([]);
    }
  });
});
