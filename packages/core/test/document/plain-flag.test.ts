import { describe, expect, it } from 'vitest';
import { Inspection } from '../../src/document/inspection.ts';
import { isPlainFlag } from '../../src/document/plain-flag.ts';
import { checkFlag } from '../../src/document/structure.ts';
import { mutate } from './mutate.ts';
import { randomDocument } from './random-document.ts';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from './random.ts';

describe('the shortcut for plain flags', () => {
  it(
    'takes no flag for sound that the check complains of, or that refers to anything',
    { timeout: sized(60_000, 600_000) },
    () => {
      const seed = runSeed();
      const counts = { plain: 0, sound: 0, changed: 0 };
      for (let round = 0; round < sized(6_000, 100_000); round++) {
        const random = seededRandom(seed + round);
        const changed = random.chance(0.7);
        const { flags } = JSON.parse(JSON.stringify(randomDocument(random))) as { flags: Record<string, unknown> };
        for (const [key, flag] of Object.entries(flags)) {
          if (changed && typeof flag === 'object' && flag !== null) mutate(random, flag);
          const at = new Inspection({ flags, segments: {} });
          checkFlag(flag, at);
          const found = {
            problems: at.problems,
            newer: at.newer,
            refers: at.refers,
            doubts: at.doubts,
            cost: at.searchCost,
          };
          const isSound = at.problems.length === 0 && at.newer === undefined;
          if (isSound) counts.sound++;
          if (!isPlainFlag(flag)) continue;
          counts.plain++;
          if (changed) counts.changed++;
          expect(found, `SEED=${seed + round} ${key}: ${JSON.stringify(flag)}`).toEqual({
            problems: [],
            newer: undefined,
            refers: [],
            doubts: [],
            cost: 0,
          });
        }
      }
      expect(counts.plain / counts.sound, `SEED=${seed} ${JSON.stringify(counts)}`).toBeGreaterThan(0.2);
      expect(counts.changed, `SEED=${seed}`).toBeGreaterThan(100);
    },
  );

  it.each([
    { status: 'enabled' },
    {
      status: 'canary',
      rolloutPercentage: 12.5,
      betaUsers: ['u1', 7],
      description: 'why',
      clientVisible: true,
      salt: '',
    },
    { type: 'boolean', fallthrough: 'on' },
    {
      type: 'string',
      variants: { a: 'A' },
      offVariant: null,
      targets: [{ variant: 'a', keys: ['u'] }],
      fallthrough: null,
    },
    {
      type: 'boolean',
      enabled: true,
      rules: [
        {
          id: 'x',
          when: {
            all: [
              { attribute: 'a', op: 'in', value: ['x', 1] },
              { not: { attribute: 'v', op: 'semverAtLeast', value: '1.2.3' } },
            ],
          },
          serve: { kind: 'split', by: 'account', salt: 's', variants: [{ variant: 'on', weight: 1 }] },
        },
      ],
      fallthrough: 'off',
    },
  ])('knows %j', (flag) => {
    expect(isPlainFlag(flag)).toBe(true);
  });
});
