import { BUCKETS, isRanged } from '@clarity/flags-core/definition';
import type { Ramp, Serve, Split } from '@clarity/flags-core/document';
import { same } from '../diff/same.ts';
import type { FlagEdit } from '../instructions/edit-flag.ts';
import type { RuleName } from '../instructions/instruction.ts';

/** Ways from what a place serves to something else, the finest first. They have to be tried. */
export function serveWays(flag: string, rule: RuleName | undefined, was: Serve, becomes: Serve): readonly FlagEdit[] {
  if (typeof was !== 'object' || typeof becomes !== 'object' || was === null || becomes === null) return [];
  const at = { flag, ...(rule !== undefined && { rule }) };
  if (was.kind === 'split') return becomes.kind === 'split' ? shareWays(at, was, becomes) : [];
  return becomes.kind === 'ramp' ? rampWays(at, was, becomes) : [];
}

interface Place {
  readonly flag: string;
  readonly rule?: RuleName;
}

function shareWays(at: Place, was: Split, becomes: Split): FlagEdit[] {
  const to = (percentage: number, variant?: string): FlagEdit => ({
    kind: 'setPercentage',
    ...at,
    ...(variant !== undefined && { variant }),
    percentage,
  });
  if (!isRanged(was) && !isRanged(becomes)) {
    return becomes.variants.flatMap(({ variant, weight }) => (weight <= 100 ? [to(weight, variant)] : []));
  }
  if (!isRanged(was) || !isRanged(becomes)) return [];
  const { of = BUCKETS } = becomes;
  const sizes = becomes.variants.map(({ ranges }) => ranges.reduce((sum, [from, end]) => sum + end - from, 0));
  const percent = (size: number): number => Math.round((size * 100_000) / of) / 1_000;
  return [
    to(percent(sizes.reduce((sum, size) => sum + size, 0))),
    ...becomes.variants.map(({ variant }, index) => to(percent(sizes[index]!), variant)),
  ];
}

function rampWays(at: Place, was: Ramp, becomes: Ramp): FlagEdit[] {
  const [olds, news] = [was.pauses ?? [], becomes.pauses ?? []];
  const last = news.at(-1);
  if (last === undefined || !same({ ...was, pauses: [] }, { ...becomes, pauses: [] })) return [];
  if (news.length === olds.length + 1) {
    return [
      { kind: 'pauseRamp', ...at, at: last.from },
      ...(last.until === undefined ? [] : [{ kind: 'resumeRamp', ...at, at: last.until } as const]),
    ];
  }
  return last.until === undefined ? [] : [{ kind: 'resumeRamp', ...at, at: last.until }];
}
