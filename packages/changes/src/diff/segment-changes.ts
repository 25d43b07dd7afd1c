import type { Segment } from '@clarity/flags-core/document';
import { describeCondition } from '../describe/condition.ts';
import { counted } from '../describe/texts.ts';

/** A segment in one line: `where plan is pro; 2 keys included`. Keys are counted, never named. */
export function segmentWords({ include = [], exclude = [], when }: Segment): string {
  const parts = [
    ...(when === undefined ? [] : [`where ${describeCondition(when)}`]),
    ...(include.length === 0 ? [] : [`${counted(include.length, 'key')} included`]),
    ...(exclude.length === 0 ? [] : [`${counted(exclude.length, 'key')} excluded`]),
  ];
  return parts.join('; ') || 'nobody';
}

/** How a segment changes, a sentence each; at least one for two that are not the same. */
export function segmentChanges(before: Segment, after: Segment): readonly string[] {
  const [was, becomes] = [before.when, after.when].map((when) =>
    when === undefined ? 'no condition' : `where ${describeCondition(when)}`,
  );
  const lines = [
    ...(was === becomes ? [] : [`was ${was}; becomes ${becomes}`]),
    ...keyChanges(before.include, after.include, 'included'),
    ...keyChanges(before.exclude, after.exclude, 'excluded'),
    ...(before.description === after.description ? [] : ['the description changes']),
  ];
  return lines.length > 0 ? lines : ['changes in what its words do not show'];
}

function keyChanges(before: Segment['include'] = [], after: Segment['include'] = [], what: string): string[] {
  const [olds, news] = [new Set(before.map(String)), new Set(after.map(String))];
  const more = [...news].filter((key) => !olds.has(key)).length;
  const fewer = [...olds].filter((key) => !news.has(key)).length;
  return [
    ...(more > 0 ? [`${counted(more, 'key')} more ${what}`] : []),
    ...(fewer > 0 ? [`${counted(fewer, 'key')} fewer ${what}`] : []),
  ];
}
