import type { FlagDocument, Segment } from '../document/types.ts';
import { type CompiledCondition, compileCondition, holds } from './condition.ts';
import { type EvaluationContext, targetingKeyOf } from './context.ts';

export interface CompiledSegment {
  readonly include: ReadonlySet<string>;
  readonly exclude: ReadonlySet<string>;
  readonly when: CompiledCondition | undefined;
  /** The evaluation that asked last, and the answer it got: segments that share segments must not multiply. */
  stamp: number;
  answer: boolean;
}

/** Compiles segments on first use, each once. */
export function segmentCompiler(document: FlagDocument): (name: string) => CompiledSegment {
  const compiled = new Map<string, CompiledSegment | undefined>();
  return function segmentOf(name: string): CompiledSegment {
    const known = compiled.get(name);
    if (known !== undefined) return known;
    // Present without a value: its compilation is under way.
    if (compiled.has(name)) throw new Error(`segment ${name} contains itself`);
    if (document.segments === undefined || !Object.hasOwn(document.segments, name)) throw new Error(`no segment ${name}`);
    compiled.set(name, undefined);
    try {
      const segment = compileSegment(document.segments[name]!, segmentOf);
      compiled.set(name, segment);
      return segment;
    } finally {
      if (compiled.get(name) === undefined) compiled.delete(name);
    }
  };
}

function compileSegment({ include = [], exclude = [], when }: Segment, segmentOf: (name: string) => CompiledSegment): CompiledSegment {
  return {
    include: new Set(include.map(String)),
    exclude: new Set(exclude.map(String)),
    when: when && compileCondition(when, segmentOf),
    stamp: 0,
    answer: false,
  };
}

/** Whether the context belongs to the segment. Exclusion is stronger than inclusion, and both are stronger than the condition. */
export function inSegment(segment: CompiledSegment, context: EvaluationContext, stamp: number): boolean {
  if (segment.stamp === stamp) return segment.answer;
  const key = targetingKeyOf(context);
  const answer =
    key !== undefined && segment.exclude.has(key)
      ? false
      : (key !== undefined && segment.include.has(key)) || (segment.when !== undefined && holds(segment.when, context, stamp));
  segment.stamp = stamp;
  segment.answer = answer;
  return answer;
}
