import type { FlagDocument } from '../document/types.ts';
import { type CompiledCondition, compileCondition, holds, type InSegment } from './condition.ts';
import { targetingKeyOf } from './context.ts';

interface CompiledSegment {
  readonly include: ReadonlySet<string>;
  readonly exclude: ReadonlySet<string>;
  readonly when: CompiledCondition | undefined;
  /** The evaluation that asked last, and the answer it got: segments that share segments must not multiply. */
  stamp: number;
  answer: boolean;
}

/** Answers for the segments of a document. Each is compiled on first use. */
export function segmentsOf(document: FlagDocument): InSegment {
  const compiled = new Map<string, CompiledSegment>();
  const inSegment: InSegment = (name, context, stamp) => {
    let segment = compiled.get(name);
    if (segment === undefined) {
      const { include = [], exclude = [], when } = document.segments![name]!;
      segment = {
        include: new Set(include.map(String)),
        exclude: new Set(exclude.map(String)),
        when: when && compileCondition(when, String),
        stamp: 0,
        answer: false,
      };
      compiled.set(name, segment);
    }
    if (segment.stamp !== stamp) {
      const key = targetingKeyOf(context) ?? '';
      // An empty key is nobody's.
      const answer: boolean =
        !(key && segment.exclude.has(key)) &&
        ((key && segment.include.has(key)) || (segment.when && holds(segment.when, context, stamp, inSegment))) === true;
      segment.stamp = stamp;
      segment.answer = answer;
    }
    return segment.answer;
  };
  return inSegment;
}
