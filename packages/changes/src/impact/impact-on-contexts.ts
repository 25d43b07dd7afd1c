import type { FlagDocument } from '@clarity/flags-core/document';
import { createEvaluator, type EvaluationContext } from '@clarity/flags-core/evaluation';
import { same } from '../diff/same.ts';
import { reachedFlags } from './reached-flags.ts';
import { type Impact, shareWords } from './impact-share.ts';

/** How many of the contexts get another answer. They are gone through once. */
export function impactOnContexts(
  before: FlagDocument,
  after: FlagDocument,
  atMs: number,
  contexts: Iterable<EvaluationContext>,
): readonly Impact[] {
  const now = (): number => atMs;
  const [old, one] = [createEvaluator(before, { now }), createEvaluator(after, { now })];
  const changes = new Map(reachedFlags(before, after).map(({ flagKey }) => [flagKey, 0]));
  let all = 0;
  for (const context of contexts) {
    all++;
    for (const [flagKey, count] of changes) {
      if (!same(old.value(flagKey, context, null), one.value(flagKey, context, null))) changes.set(flagKey, count + 1);
    }
  }
  return [...changes].map(([flagKey, count]): Impact => {
    const percent = all === 0 ? 0 : (count * 100) / all;
    return { flagKey, of: 'contexts', percent, text: `${shareWords(percent)} of ${all} contexts` };
  });
}
