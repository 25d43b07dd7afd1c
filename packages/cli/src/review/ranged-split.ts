import type { Finding } from '@clarity/flags-core/document';
import { isObject } from './mistake.ts';

/** Members that only a split by ranges has. */
export const RANGED_MEMBERS = ['of', 'otherwise', 'gaps', 'experiment', 'layer', 'holdout'] as const;

/** Whether a member is of a split by ranges, and of nothing else. */
export function isOnlyRanged(name: string): boolean {
  return ['ranges', 'gaps', 'experiment', 'layer', 'holdout'].includes(name);
}

/**
 * The words that are allowed in place of an unknown one. What makes a split one by ranges is allowed in a split by
 * weights, too, and so are the ranges themselves in its arms.
 */
export function wordsOf({ allowed }: Finding): readonly string[] {
  const words = allowed.split(', ');
  if (words.includes('kind') && words.includes('variants')) return [...new Set([...words, ...RANGED_MEMBERS])];
  return allowed === 'variant, weight' ? [...words, 'ranges'] : words;
}

/** The arms of a split, as an example in its own kind. */
export function armsExample(split: unknown): string {
  return isObject(split) && RANGED_MEMBERS.some((member) => member in split)
    ? '[{"variant": "on", "ranges": [[0, 50000]]}]'
    : '[{"variant": "on", "weight": 50}, {"variant": "off", "weight": 50}]';
}

/** The weights of a split all of whose arms have them and none has ranges, though it has what only ranges go with. */
export function weightsIn(
  split: unknown,
): readonly { readonly variant: string; readonly weight: number }[] | undefined {
  const arms: unknown = isObject(split) ? split['variants'] : undefined;
  if (!Array.isArray(arms)) return undefined;
  const isWeighted = (arm: unknown): boolean =>
    isObject(arm) && !('ranges' in arm) && typeof arm['variant'] === 'string' && Number(arm['weight']) >= 0;
  return arms.every(isWeighted) ? arms : undefined;
}
