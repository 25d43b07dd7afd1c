import type { LongFlag, Target } from '@clarity/flags-core/document';
import type { Edit } from './edit.ts';
import type { Of } from './instruction.ts';
import { withMember } from './members.ts';
import { trueVariant } from './true-variant.ts';

type TargetInstruction = Of<'addTargets' | 'removeTargets'>;

export function editTargets(flag: LongFlag, instruction: TargetInstruction): Edit<LongFlag> {
  const { targets = [] } = flag;
  const changed =
    instruction.kind === 'addTargets'
      ? added(targets, instruction.variant ?? trueVariant(flag, ['targets']), instruction.keys)
      : removed(targets, instruction.keys, (variant) => (instruction.variant ?? variant) === variant);
  return { steps: ['targets'], entry: withMember(flag, 'targets', changed.length === 0 ? undefined : changed) };
}

type Keys = Target['keys'];

function added(targets: readonly Target[], variant: string, keys: Keys): readonly Target[] {
  const others = removed(targets, keys, (other) => other !== variant);
  const own = others.findIndex((target) => target.variant === variant);
  if (own < 0) return [...others, { variant, keys: withKeys([], keys) }];
  const target = others[own]!;
  // One variant may stand in several targets.
  const elsewhere = others.flatMap((one, index) => (one.variant === variant && index !== own ? one.keys : []));
  return others.with(own, { ...target, keys: withKeys(target.keys, withoutKeys(keys, elsewhere)) });
}

/** Targets that name nobody any more go; those that named nobody before stay. */
function removed(targets: readonly Target[], keys: Keys, concerns: (variant: string) => boolean): readonly Target[] {
  return targets.flatMap((target) => {
    if (!concerns(target.variant)) return [target];
    const left = withoutKeys(target.keys, keys);
    if (left.length === target.keys.length) return [target];
    return left.length === 0 ? [] : [{ ...target, keys: left }];
  });
}

/** With those keys that are not among them; 7 and "7" are one. */
export function withKeys(keys: Keys, more: Keys): Keys {
  const known = new Set(keys.map(String));
  return [...keys, ...more.filter((key) => known.size < known.add(String(key)).size)];
}

export function withoutKeys(keys: Keys, fewer: Keys): Keys {
  const gone = new Set(fewer.map(String));
  return keys.filter((key) => !gone.has(String(key)));
}
