import { isRanged } from '@clarity/flags-core/definition';
import type { FlagDefinition, FlagDocument, RangedSplit } from '@clarity/flags-core/document';

/** The splits by ranges of a flag. */
function splitsIn(flag: FlagDefinition): readonly RangedSplit[] {
  if ('status' in flag) return [];
  const serves = [...(flag.rules ?? []).map(({ serve }) => serve), flag.fallthrough];
  return serves.filter(
    (serve): serve is RangedSplit =>
      typeof serve === 'object' && serve !== null && serve.kind === 'split' && isRanged(serve),
  );
}

/** The ids of experiments that name a layer or a holdout and go on in the next document, each once. */
export function runningIn(
  member: 'layer' | 'holdout',
  name: string,
  before: FlagDocument,
  after: FlagDocument,
): readonly string[] {
  const splitsOf = ({ flags }: FlagDocument): RangedSplit[] => Object.values(flags).flatMap(splitsIn);
  const goOn = new Set(splitsOf(after).map(({ experiment }) => experiment?.id));
  const ids = splitsOf(before).flatMap((split) => (split[member] === name ? [split.experiment!.id] : []));
  return [...new Set(ids)].filter((id) => goOn.has(id));
}
