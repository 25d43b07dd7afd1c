import type { LongFlag, RangedSplit, Ramp, ShortFlag } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { flagAfter, problemsOf } from './applied.ts';

const canary: ShortFlag = { status: 'canary', rolloutPercentage: 25, betaUsers: ['u1'] };

describe('turning a flag off and on', () => {
  it.each<ShortFlag>([
    { status: 'enabled' },
    { status: 'beta', betaUsers: ['u1'] },
    { status: 'canary', rolloutPercentage: 25 },
    canary,
  ])('gives a short one back as it was: $status', (flag) => {
    expect(flagAfter(flag, { kind: 'turnOff', flag: 'a' })).toMatchObject({ status: 'disabled' });
    expect(flagAfter(flag, { kind: 'turnOff', flag: 'a' }, { kind: 'turnOn', flag: 'a' })).toEqual(flag);
  });

  it('remembers what a beta or a canary did not say', () => {
    expect(flagAfter({ status: 'beta' }, { kind: 'turnOff', flag: 'a' })).toEqual({
      status: 'disabled',
      betaUsers: [],
    });
    expect(flagAfter({ status: 'canary' }, { kind: 'turnOff', flag: 'a' })).toEqual({
      status: 'disabled',
      rolloutPercentage: 0,
    });
  });

  it('does not make a canary of an enabled flag that has a share from former days', () => {
    const flag: ShortFlag = { status: 'enabled', rolloutPercentage: 5 };
    expect(flagAfter(flag, { kind: 'turnOff', flag: 'a' }, { kind: 'turnOn', flag: 'a' })).toEqual({
      status: 'enabled',
    });
  });

  it('says so in a long one', () => {
    const flag: LongFlag = { type: 'string', variants: { x: 'y' }, fallthrough: 'x' };
    const off = flagAfter(flag, { kind: 'turnOff', flag: 'a' });
    expect(off).toEqual({ ...flag, enabled: false });
    expect(flagAfter(off as LongFlag, { kind: 'turnOn', flag: 'a' })).toEqual({ ...flag, enabled: true });
  });

  it('does nothing to one that is so already', () => {
    expect(flagAfter(canary, { kind: 'turnOn', flag: 'a' })).toEqual(canary);
  });
});

describe('an archived flag', () => {
  it('is off and marked, and stays off when the mark is taken away', () => {
    const archived = flagAfter(canary, { kind: 'archive', flag: 'a' });
    expect(archived).toEqual({ ...canary, status: 'disabled', metadata: { archived: true } });
    expect(flagAfter(archived as ShortFlag, { kind: 'unarchive', flag: 'a' })).toEqual({
      ...canary,
      status: 'disabled',
    });
  });

  it('cannot be turned on before the mark is taken away', () => {
    const archived = flagAfter(canary, { kind: 'archive', flag: 'a' }) as ShortFlag;
    expect(problemsOf(archived, { kind: 'turnOn', flag: 'a' })).toMatchObject([{ reason: 'cannot' }]);
    expect(problemsOf(archived, { kind: 'setStatus', flag: 'a', status: 'enabled' })).toMatchObject([
      { reason: 'cannot', allowed: 'unarchive before' },
    ]);
    expect(flagAfter(archived, { kind: 'unarchive', flag: 'a' }, { kind: 'turnOn', flag: 'a' })).toEqual(canary);
  });

  it('takes no place of metadata that means something else', () => {
    const flag: ShortFlag = { status: 'enabled', metadata: { archived: 'in 2020' } };
    expect(problemsOf(flag, { kind: 'archive', flag: 'a' })).toMatchObject([{ reason: 'taken' }]);
    expect(flagAfter(flag, { kind: 'unarchive', flag: 'a' })).toEqual(flag);
  });
});

describe('a share', () => {
  it('of a canary is its percentage', () => {
    expect(flagAfter(canary, { kind: 'setPercentage', flag: 'a', percentage: 33.3 })).toEqual({
      ...canary,
      rolloutPercentage: 33.3,
    });
  });

  it('of a split of two variants takes from the other one', () => {
    const flag: LongFlag = {
      type: 'boolean',
      fallthrough: {
        kind: 'split',
        by: 'company',
        variants: [
          { variant: 'off', weight: 3 },
          { variant: 'on', weight: 1 },
        ],
      },
    };
    expect(flagAfter(flag, { kind: 'setPercentage', flag: 'a', percentage: 33.3, from: 25 })).toEqual({
      ...flag,
      fallthrough: {
        kind: 'split',
        by: 'company',
        variants: [
          { variant: 'off', weight: 66.7 },
          { variant: 'on', weight: 33.3 },
        ],
      },
    });
  });

  const ranged: RangedSplit = {
    kind: 'split',
    variants: [
      { variant: 'x', ranges: [[0, 10_000]] },
      { variant: 'y', ranges: [[10_000, 20_000]] },
    ],
    otherwise: 'z',
  };
  const experiment: LongFlag = { type: 'string', variants: { x: 'x', y: 'y', z: 'z' }, fallthrough: ranged };

  it('of a split by ranges is that of all its arms, and moves nobody from arm to arm', () => {
    expect(flagAfter(experiment, { kind: 'setPercentage', flag: 'a', percentage: 40, from: 20 })).toMatchObject({
      fallthrough: {
        variants: [
          {
            variant: 'x',
            ranges: [
              [0, 10_000],
              [30_000, 40_000],
            ],
          },
          {
            variant: 'y',
            ranges: [[10_000, 30_000]],
          },
        ],
      },
    });
  });

  it('of one arm leaves the others as they are', () => {
    const step = { kind: 'setPercentage', flag: 'a', variant: 'y' } as const;
    expect(flagAfter(experiment, { ...step, percentage: 30, from: 10 })).toMatchObject({
      fallthrough: {
        variants: [
          { variant: 'x', ranges: [[0, 10_000]] },
          { variant: 'y', ranges: [[10_000, 40_000]] },
        ],
      },
    });
    expect(problemsOf(experiment, { ...step, percentage: 95 })).toMatchObject([
      { reason: 'cannot', allowed: 'up to 90 % beside the other arms: give them less before' },
    ]);
  });

  it('is set in a rule that deals, by its id', () => {
    const rule = { id: 'r', when: { attribute: 'plan', op: 'exists' }, serve: ranged } as const;
    const flag: LongFlag = { ...experiment, rules: [rule], fallthrough: 'z' };
    expect(flagAfter(flag, { kind: 'setPercentage', flag: 'a', rule: 'r', percentage: 0 })).toMatchObject({
      rules: [{ serve: { variants: [{ ranges: [] }, { ranges: [] }] } }],
      fallthrough: 'z',
    });
  });

  const ramp: Ramp = {
    kind: 'ramp',
    variant: 'on',
    otherwise: 'off',
    curve: 'linear',
    points: [{ at: '2026-12-01T00:00:00Z', percentage: 5 }],
  };
  it.each<[string, LongFlag | ShortFlag, string]>([
    ['a ramp', { type: 'boolean', fallthrough: ramp }, 'pauseRamp to hold it'],
    ['one variant for all', { type: 'boolean', fallthrough: 'on' }, 'setFallthrough'],
    ['an enabled flag', { status: 'enabled' }, 'canary: setStatus before'],
    ['a beta', { status: 'beta' }, 'canary: setStatus before'],
    [
      'three variants by weights',
      {
        type: 'string',
        variants: { x: 'x', y: 'y', z: 'z' },
        fallthrough: { kind: 'split', variants: ['x', 'y', 'z'].map((variant) => ({ variant, weight: 1 })) },
      },
      'reshape',
    ],
  ])('is refused with what to do for %s', (_, flag, todo) => {
    const [problem] = problemsOf(flag, {
      kind: 'setPercentage',
      flag: 'a',
      variant: _.includes('three') ? 'x' : 'on',
      percentage: 5,
    });
    expect(problem).toMatchObject({ reason: 'cannot' });
    expect(problem!.allowed).toContain(todo);
  });
});

describe('a short flag', () => {
  it('stays short while it can say what is wanted', () => {
    expect(flagAfter(canary, { kind: 'addTargets', flag: 'a', keys: ['u2', 'u1'] })).toEqual({
      ...canary,
      betaUsers: ['u1', 'u2'],
    });
    expect(flagAfter(canary, { kind: 'removeTargets', flag: 'a', keys: ['u1', 'u9'] })).toEqual({
      ...canary,
      betaUsers: [],
    });
    expect(flagAfter({ status: 'enabled' }, { kind: 'setFallthrough', flag: 'a', serve: 'on' })).toEqual({
      status: 'enabled',
    });
    const half = [
      { variant: 'on', weight: 50 },
      { variant: 'off', weight: 50 },
    ];
    expect(
      flagAfter({ status: 'enabled' }, { kind: 'setFallthrough', flag: 'a', serve: { kind: 'split', variants: half } }),
    ).toEqual({ status: 'canary', rolloutPercentage: 50 });
    expect(flagAfter(canary, { kind: 'setSalt', flag: 'a', salt: 's' })).toEqual({ ...canary, salt: 's' });
  });

  it('becomes a long one where it must, with the same answers for others', () => {
    const rule = { id: 'swiss', when: { attribute: 'country', op: 'equals', value: 'CH' }, serve: 'on' } as const;
    expect(flagAfter(canary, { kind: 'addRule', flag: 'a', rule })).toEqual({
      type: 'boolean',
      targets: [{ variant: 'on', keys: ['u1'] }],
      rules: [rule],
      fallthrough: {
        kind: 'split',
        variants: [
          { variant: 'on', weight: 25 },
          { variant: 'off', weight: 75 },
        ],
      },
    });
    expect(flagAfter({ status: 'enabled' }, { kind: 'addTargets', flag: 'a', variant: 'off', keys: ['u1'] })).toEqual({
      type: 'boolean',
      targets: [{ variant: 'off', keys: ['u1'] }],
      fallthrough: 'on',
    });
  });

  it('that was turned off shows as a long one what it was', () => {
    const off: ShortFlag = { ...canary, status: 'disabled' };
    const prerequisites = [{ flag: 'other', variants: ['on'] }];
    expect(flagAfter(off, { kind: 'setPrerequisites', flag: 'a', prerequisites })).toMatchObject({
      enabled: false,
      targets: [{ variant: 'on', keys: ['u1'] }],
      fallthrough: { kind: 'split' },
    });
  });
});

describe('variants', () => {
  const variants = { on: true, off: false };

  it('that are given, or left out, leave what is served while the flag is off', () => {
    expect(flagAfter({ status: 'enabled' }, { kind: 'setVariants', flag: 'a', variants })).toEqual({
      type: 'boolean',
      variants,
      offVariant: 'off',
      fallthrough: 'on',
    });
    const flag: LongFlag = { type: 'boolean', variants, fallthrough: 'on' };
    expect(flagAfter(flag, { kind: 'setVariants', flag: 'a', variants: null })).toEqual({
      type: 'boolean',
      offVariant: null,
      fallthrough: 'on',
    });
  });

  it('of other names leave the fallback for a flag that is off', () => {
    const flag: LongFlag = { type: 'boolean', fallthrough: null };
    expect(flagAfter(flag, { kind: 'setVariants', flag: 'a', variants: { more: true } })).toEqual({
      ...flag,
      variants: { more: true },
      offVariant: null,
    });
  });

  it('and the off variant are set in either order', () => {
    const flag: LongFlag = { type: 'boolean', fallthrough: null };
    const [set, off] = [
      { kind: 'setVariants', flag: 'a', variants: { more: true } },
      { kind: 'setOffVariant', flag: 'a', variant: null },
    ] as const;
    expect(flagAfter(flag, set, off)).toEqual(flagAfter(flag, off, set));
  });
});

describe('rules', () => {
  const rule = (id: string | undefined, value: string) => ({
    ...(id !== undefined && { id }),
    when: { attribute: 'plan', op: 'equals', value } as const,
    serve: 'on',
  });
  const flag: LongFlag = {
    type: 'boolean',
    rules: [rule('one', '1'), rule(undefined, '2'), rule('three', '3')],
    fallthrough: 'off',
  };
  const plans = (after: unknown): unknown[] =>
    ((after as LongFlag).rules ?? []).map(({ when }) => (when as { value?: unknown }).value);

  it('are added last, or before another', () => {
    expect(plans(flagAfter(flag, { kind: 'addRule', flag: 'a', rule: rule('new', '4') }))).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
    expect(plans(flagAfter(flag, { kind: 'addRule', flag: 'a', rule: rule('new', '4'), before: 'three' }))).toEqual([
      '1',
      '2',
      '4',
      '3',
    ]);
  });

  it('without an id are found by what they say, wherever they are by then', () => {
    const removeFirst = { kind: 'removeRule', flag: 'a', rule: 'one' } as const;
    const remove = { kind: 'removeRule', flag: 'a', rule: 1 } as const;
    expect(plans(flagAfter(flag, removeFirst, { ...remove, from: rule(undefined, '2') }))).toEqual(['3']);
    expect(problemsOf(flag, { ...remove, from: rule(undefined, '9') })).toMatchObject([
      {
        reason: 'contested',
        path: '$.flags.a.rules[1]',
        sides: { saw: rule(undefined, '9'), now: rule(undefined, '2') },
      },
    ]);
  });

  it('are reordered all together', () => {
    expect(plans(flagAfter(flag, { kind: 'reorderRules', flag: 'a', order: ['three', 1, 'one'] }))).toEqual([
      '3',
      '2',
      '1',
    ]);
    expect(problemsOf(flag, { kind: 'reorderRules', flag: 'a', order: ['three', 'one'] })).toMatchObject([
      { reason: 'contested', found: '2 of the 3 rules that there are' },
    ]);
  });

  it('that nobody has, or that two have, are told', () => {
    expect(problemsOf(flag, { kind: 'removeRule', flag: 'a', rule: 'four' })[0]!.message).toBe(
      "$.flags.a.rules: found no rule four, allowed: one of the flag's rules: one, 1, three",
    );
    const twice = { ...flag, rules: [rule('one', '1'), rule('one', '2')] };
    expect(problemsOf(twice, { kind: 'removeRule', flag: 'a', rule: 'one' })).toMatchObject([{ reason: 'cannot' }]);
    expect(problemsOf(flag, { kind: 'addRule', flag: 'a', rule: rule('one', '9') })).toMatchObject([
      { reason: 'taken', path: '$.flags.a.rules[0]' },
    ]);
  });
});

describe('targets', () => {
  it('name a user for one variant only', () => {
    const flag: LongFlag = {
      type: 'string',
      variants: { x: 'x', y: 'y' },
      targets: [
        { variant: 'x', keys: ['u1', 7] },
        { variant: 'y', keys: ['u2'] },
      ],
      fallthrough: 'x',
    };
    expect(flagAfter(flag, { kind: 'addTargets', flag: 'a', variant: 'y', keys: ['7', 'u3'] })).toMatchObject({
      targets: [
        { variant: 'x', keys: ['u1'] },
        { variant: 'y', keys: ['u2', '7', 'u3'] },
      ],
    });
    expect(problemsOf(flag, { kind: 'addTargets', flag: 'a', keys: ['u3'] })).toMatchObject([
      { reason: 'cannot', allowed: 'variant: x, y' },
    ]);
    expect(flagAfter(flag, { kind: 'removeTargets', flag: 'a', keys: [7, 'u1', 'u2'] })).not.toHaveProperty('targets');
  });
});

describe('ramps', () => {
  const ramp: Ramp = {
    kind: 'ramp',
    variant: 'on',
    otherwise: 'off',
    curve: 'linear',
    points: [{ at: '2026-12-01T00:00:00Z', percentage: 5 }],
  };
  const pause = { kind: 'pauseRamp', flag: 'a', at: '2026-12-02T00:00:00Z' } as const;
  const resume = { kind: 'resumeRamp', flag: 'a', at: '2026-12-03T00:00:00Z' } as const;

  it('take the place of a share, are paused and go on', () => {
    expect(flagAfter(canary, { kind: 'setRamp', flag: 'a', ramp }, pause, resume)).toEqual({
      type: 'boolean',
      targets: [{ variant: 'on', keys: ['u1'] }],
      fallthrough: { ...ramp, pauses: [{ from: pause.at, until: resume.at }] },
    });
  });

  it('are paused once, and go on only where they are paused', () => {
    const flag: LongFlag = { type: 'boolean', fallthrough: ramp };
    expect(problemsOf(flag, pause, pause)).toMatchObject([{ reason: 'cannot', instruction: 1 }]);
    expect(problemsOf(flag, resume)).toMatchObject([{ reason: 'cannot', allowed: 'pauseRamp before' }]);
    expect(problemsOf(canary, pause)).toMatchObject([{ reason: 'cannot', found: 'no ramp' }]);
  });
});

describe('metadata', () => {
  it('is set and taken away name by name', () => {
    const flag: ShortFlag = { status: 'enabled', metadata: { owner: 'x', ticket: 1 } };
    const set = { kind: 'setMetadata', flag: 'a', metadata: { owner: 'y' }, remove: ['ticket'] } as const;
    expect(flagAfter(flag, { ...set, from: { owner: 'x', ticket: 1 } })).toEqual({
      status: 'enabled',
      metadata: { owner: 'y' },
    });
    expect(problemsOf(flag, { ...set, from: { owner: 'z', ticket: 1 } })).toMatchObject([
      { reason: 'contested', sides: { saw: { owner: 'z', ticket: 1 }, now: { owner: 'x', ticket: 1 } } },
    ]);
  });
});
