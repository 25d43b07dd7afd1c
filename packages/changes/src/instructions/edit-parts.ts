import type { Holdout, Layer, Segment } from '@clarity/flags-core/document';
import { own } from '../diff/same.ts';
import type { Edit } from './edit.ts';
import { withKeys, withoutKeys } from './edit-targets.ts';
import type { Of } from './instruction.ts';
import { given, withMember } from './members.ts';

export type SegmentEdit = Of<'addToSegment' | 'removeFromSegment' | 'setSegmentCondition'>;

/** What an instruction makes of a segment that is there. */
export function editSegment(segment: Segment, instruction: SegmentEdit): Edit<Segment> {
  if (instruction.kind === 'setSegmentCondition') {
    const wants = given(instruction.when);
    return { steps: ['when'], entry: withMember(segment, 'when', wants), replaces: { now: segment.when, wants } };
  }
  const { kind, list, keys } = instruction;
  const before = segment[list] ?? [];
  const after = kind === 'addToSegment' ? withKeys(before, keys) : withoutKeys(before, keys);
  // An empty list that was there stays.
  const isSame = before.length === after.length;
  return { steps: [list], entry: isSame ? segment : { ...segment, [list]: after } };
}

/** What an instruction makes of a layer that is there. */
export function editLayer(layer: Layer, { experiment, ranges }: Of<'setSlot'>): Edit<Layer> {
  const wants = given(ranges);
  const replaces = { now: own(layer.slots, experiment), wants };
  return {
    steps: ['slots', experiment],
    entry: { ...layer, slots: withMember(layer.slots, experiment, wants) },
    replaces,
  };
}

/** What an instruction makes of a holdout that is there. */
export function editHoldout(holdout: Holdout, { percentage }: Of<'setHoldoutPercentage'>): Edit<Holdout> {
  const replaces = { now: holdout.percentage, wants: percentage };
  return { steps: ['percentage'], entry: { ...holdout, percentage }, replaces };
}
