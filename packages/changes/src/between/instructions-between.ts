import type { FlagDocument, Holdout, Layer, Segment } from '@clarity/flags-core/document';
import { differing, own, same } from '../diff/same.ts';
import { isSetAside } from '../instructions/draft.ts';
import { withoutKeys } from '../instructions/edit-targets.ts';
import { editSegment, type SegmentEdit } from '../instructions/edit-parts.ts';
import type { Instruction } from '../instructions/instruction.ts';
import { flagInstructions } from './flag-instructions.ts';

/**
 * The instructions that make one document the other: `apply` of them to the first gives the second, but for the order
 * of members. Each is as small as can be, and says `from` what. Flags that are set aside in the second are left out:
 * what is not read cannot be said.
 */
export function instructionsBetween(before: FlagDocument, after: FlagDocument): readonly Instruction[] {
  const [was, becomes] = [before.environment, after.environment];
  return [
    ...(was === becomes ? [] : [{ kind: 'setEnvironment' as const, environment: becomes ?? null, from: was ?? null }]),
    ...tableInstructions(before.holdouts, after.holdouts, ofHoldout),
    ...tableInstructions(before.layers, after.layers, ofLayer),
    ...tableInstructions(before.segments, after.segments, ofSegment),
    ...ofFlags(before, after),
  ];
}

function ofFlags(before: FlagDocument, after: FlagDocument): readonly Instruction[] {
  const aside = (before.setAside ?? []).flatMap(({ flagKey: flag }): Instruction[] => {
    const definition = own(after.flags, flag);
    if (definition !== undefined) return [{ kind: 'replace', flag, definition }];
    return isSetAside(after, flag) ? [] : [{ kind: 'remove', flag }];
  });
  const known = differing(before.flags, after.flags).flatMap((flag): readonly Instruction[] => {
    const [old, one] = [own(before.flags, flag), own(after.flags, flag)];
    if (isSetAside(before, flag) || isSetAside(after, flag)) return [];
    if (old === undefined) return [{ kind: 'create', flag, definition: one! }];
    if (one === undefined) return [{ kind: 'remove', flag, from: old }];
    return flagInstructions(flag, old, one);
  });
  return [...aside, ...known];
}

type Entries<Entry> = Readonly<Record<string, Entry>>;

function tableInstructions<Entry>(
  olds: Entries<Entry> = {},
  news: Entries<Entry> = {},
  of: (name: string, old: Entry | undefined, one: Entry | undefined) => readonly Instruction[],
): readonly Instruction[] {
  return differing(olds, news).flatMap((name) => of(name, own(olds, name), own(news, name)));
}

function ofHoldout(holdout: string, from: Holdout | undefined, definition: Holdout | undefined): Instruction[] {
  if (definition === undefined) return [{ kind: 'removeHoldout', holdout, from: from! }];
  if (from === undefined) return [{ kind: 'createHoldout', holdout, definition }];
  const { percentage } = definition;
  if (same({ ...from, percentage }, definition)) {
    return [{ kind: 'setHoldoutPercentage', holdout, percentage, from: from.percentage }];
  }
  return [{ kind: 'replaceHoldout', holdout, definition, from }];
}

function ofLayer(layer: string, from: Layer | undefined, definition: Layer | undefined): Instruction[] {
  if (definition === undefined) return [{ kind: 'removeLayer', layer, from: from! }];
  if (from === undefined) return [{ kind: 'createLayer', layer, definition }];
  const { slots } = definition;
  if (!same({ ...from, slots }, definition)) return [{ kind: 'replaceLayer', layer, definition, from }];
  return differing(from.slots, slots).map((experiment) => ({
    kind: 'setSlot',
    layer,
    experiment,
    ranges: own(slots, experiment) ?? null,
    from: own(from.slots, experiment) ?? null,
  }));
}

function ofSegment(segment: string, from: Segment | undefined, definition: Segment | undefined): Instruction[] {
  if (definition === undefined) return [{ kind: 'removeSegment', segment, from: from! }];
  if (from === undefined) return [{ kind: 'createSegment', segment, definition }];
  const steps = (['include', 'exclude'] as const).flatMap((list): SegmentEdit[] => {
    const [was = [], becomes = []] = [from[list], definition[list]];
    const [fewer, more] = [withoutKeys(was, becomes), withoutKeys(becomes, was)];
    return [
      ...(fewer.length === 0 ? [] : [{ kind: 'removeFromSegment', segment, list, keys: fewer } as const]),
      ...(more.length === 0 ? [] : [{ kind: 'addToSegment', segment, list, keys: more } as const]),
    ];
  });
  if (!same(from.when, definition.when)) {
    steps.push({ kind: 'setSegmentCondition', segment, when: definition.when ?? null, from: from.when ?? null });
  }
  // Another order of keys, a key twice and another description are said by the whole.
  const made = steps.reduce((one, step) => editSegment(one, step).entry!, from);
  return same(made, definition) ? steps : [{ kind: 'replaceSegment', segment, definition, from }];
}
