import { decodeDocument } from '../../src/document/decode.ts';
import type { Condition, FlagDefinition, FlagDocument, Segment } from '../../src/document/types.ts';
import { createEvaluator, type Evaluator } from '../../src/evaluation/evaluator.ts';

/** Decodes flags as a store would give them. */
export function documentOf(
  flags: Readonly<Record<string, FlagDefinition>>,
  segments: Readonly<Record<string, Segment>> = {},
): FlagDocument {
  const result = decodeDocument(JSON.stringify({ schemaVersion: 1, flags, segments }), { maxBytes: 50_000_000 });
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join('\n'));
  return result.document;
}

export function evaluatorOf(
  flags: Readonly<Record<string, FlagDefinition>>,
  segments: Readonly<Record<string, Segment>> = {},
  now: () => number = () => {
    throw new Error('nobody needs the time');
  },
): Evaluator {
  return createEvaluator(documentOf(flags, segments), { now });
}

/** Whether a condition holds for a context. */
export function meets(when: Condition, context: object, segments: Readonly<Record<string, Segment>> = {}): boolean {
  return evaluatorOf(
    { flag: { type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' } },
    segments,
  ).isEnabled('flag', context as Record<string, unknown>, false);
}
