import { BUCKETS, isRanged, rangesOf } from '@clarity/flags-core/definition';
import type { BucketRange, RangedSplit, Serve, Split } from '@clarity/flags-core/document';
import { ofUnits, percent, quoted } from '../describe/texts.ts';
import { movement } from '../reshape/movement.ts';

/** What is served, and the salt of its flag: what a split deals with that has none of its own. */
export interface Served {
  readonly serve: Serve;
  readonly salt: string;
}

/**
 * What a change of how a split deals does to users, where one of the two deals by ranges: `10 % of users move, none
 * from arm to arm`. Nothing where users are dealt anew, or where another layer, holdout or experiment lets others in.
 */
export function movementWords(before: Served, after: Served): readonly string[] {
  const [old, one] = [splitOf(before), splitOf(after)];
  if (old === undefined || one === undefined || !(isRanged(old) || isRanged(one))) return [];
  const [was, becomes] = [termsOf(old), termsOf(one)];
  if (was.layer !== becomes.layer || was.holdout !== becomes.holdout) return [];
  if (was.id === undefined || becomes.id === undefined) return answerWords(old, one);
  if (was.id !== becomes.id) return [];
  const { moved, changedArm, dealtAnew } = movement(old, one);
  const name = `experiment ${quoted(was.id)}`;
  const isSamePhase = was.phase === becomes.phase;
  const phase = isSamePhase ? [] : [`${name}: phase ${was.phase} becomes ${becomes.phase}`];
  if (dealtAnew) return phase;
  if (moved === 0) return isSamePhase ? [] : [...phase, 'nobody moves'];
  const fromArmToArm = `${changedArm === 0 ? 'none' : percent(changedArm)} from arm to arm`;
  const stays = isSamePhase ? `, and the phase stays ${was.phase}` : '';
  return [...phase, `${percent(moved)} ${ofUnits(one.by)}${whom(becomes)} move, ${fromArmToArm}${stays}`];
}

/** Of whom the figures are shares: whom layer and holdout let in. */
function whom({ layer, holdout }: Terms): string {
  const parts = [layer !== undefined && 'in its slot', holdout !== undefined && 'not held out'];
  const words = parts.filter((part) => part !== false).join(' and ');
  return words && ` ${words}`;
}

/** Of a split that is no experiment the answer counts, be it that of an arm or that of the gaps. */
function answerWords(before: Split, after: Split): readonly string[] {
  const { moved, changedArm, dealtAnew } = movement(byAnswer(before), byAnswer(after));
  if (moved === 0 || dealtAnew) return [];
  const isWhole = changedArm === moved;
  return [
    `${percent(moved)} ${ofUnits(after.by)} ${isWhole ? 'get another answer' : 'move, or go on to the next rule'}`,
  ];
}

/** A split with its gaps as arms of what they serve. */
function byAnswer(split: Split): RangedSplit {
  const arms = new Map<string, BucketRange[]>();
  for (const { variant, from, to } of rangesOf(split, 0)) {
    if (from === to) continue;
    // No variant has the empty name, which stands for the fallback.
    const ranges = arms.get(variant ?? '') ?? [];
    arms.set(variant ?? '', [...ranges, [from, to]]);
  }
  const { by, salt, hash } = split;
  return {
    kind: 'split',
    ...(by !== undefined && { by }),
    ...(salt !== undefined && { salt }),
    ...(hash !== undefined && { hash }),
    of: isRanged(split) ? (split.of ?? BUCKETS) : BUCKETS,
    variants: [...arms].map(([variant, ranges]) => ({ variant, ranges })),
    otherwise: null,
  };
}

function splitOf({ serve, salt }: Served): Split | undefined {
  return typeof serve === 'object' && serve?.kind === 'split' ? { ...serve, salt: serve.salt ?? salt } : undefined;
}

interface Terms {
  readonly id: string | undefined;
  readonly phase: number | undefined;
  readonly layer: string | undefined;
  readonly holdout: string | undefined;
}

/** Who is let into a split, and under which name. */
function termsOf(split: Split): Terms {
  const { experiment, layer, holdout } = isRanged(split) ? split : {};
  return { id: experiment?.id, phase: experiment?.phase, layer, holdout };
}
