import { isDeepStrictEqual } from 'node:util';
import type { FlagDocument, LongFlag, RangedSplit } from '../../src/document/types.ts';
import type { Explanation, ExplanationStep, ServeTrace } from '../../src/evaluation/explanation.ts';

/** What an explanation of a flag says that the details in it do not, each in a sentence. */
export function disagreements({ flags }: FlagDocument, { flagKey, details, steps }: Explanation): readonly string[] {
  const found: string[] = [];
  const same = (what: string, explained: unknown, given: unknown): void => {
    if (!isDeepStrictEqual(explained, given))
      found.push(`${what}: explained ${JSON.stringify(explained)}, given ${JSON.stringify(given)}`);
  };
  const last: ExplanationStep = steps.at(-1)!;
  if (details.reason === 'ERROR') {
    same('step', last.step, 'failure');
    return found;
  }
  if (details.reason === 'PREREQUISITE_FAILED') same('step', last.step, 'prerequisite');
  if (details.reason === 'DISABLED') same('decided', ['enabled', 'schedule'].includes(last.step), true);
  if (last.step === 'failure') found.push(`explained as a failure: ${last.message}`);
  const definition = flags[flagKey]!;
  if (!('status' in definition)) same('rule', last.step === 'rule' ? last.index : undefined, details.ruleIndex);
  for (const step of steps) if (step.step === 'rule' && step !== last) same('goes on', goesOn(step), true);
  const serve = 'serve' in last ? last.serve : undefined;
  if (serve === undefined) return found;
  if (serve.kind === 'variant') {
    same('variant', serve.variant ?? undefined, details.variant);
    return found;
  }
  same('experiment', serve.experiment, details.experiment);
  const whyNot = serve.experiment?.whyNot;
  const { bucket } = serve;
  if (bucket === undefined || whyNot === 'NO_UNIT') {
    same('reason without a unit', 'DEFAULT', details.reason);
    same('bucket without a unit', undefined, details.bucket);
    same('variant without a unit', offVariantOf(definition), details.variant);
    return found;
  }
  same('reason', 'SPLIT', details.reason);
  const chosen = serve.ranges.find((range) => range.chosen);
  if (whyNot === 'HELD_OUT' || whyNot === 'OTHER_SLOT') {
    // The bucket is one of the holdout or of the layer.
    same('chosen', chosen, undefined);
    const { rules = [], fallthrough } = definition as LongFlag;
    const split = (last.step === 'rule' ? rules[last.index]!.serve : fallthrough) as RangedSplit;
    same('variant', split.otherwise ?? undefined, details.variant);
    return found;
  }
  same('bucket', bucket, details.bucket);
  same('variant', chosen?.variant ?? undefined, details.variant);
  same('how many buckets', serve.buckets, details.buckets ?? 100_000);
  if (details.buckets !== undefined) same('unit', serve.by, details.unitKind);
  return found;
}

/** Whether the step did not decide, so that the next is asked. */
function goesOn(step: ExplanationStep): boolean {
  return step.step === 'rule' && (!step.matched || continues(step.serve));
}

function continues(serve: ServeTrace | undefined): boolean {
  return serve !== undefined && serve.kind !== 'variant' && serve.goesOn === true;
}

function offVariantOf(definition: object): string | undefined {
  if ('status' in definition) return definition.status === 'beta' ? undefined : 'off';
  const { variants, offVariant = variants ? null : 'off' } = definition as LongFlag;
  return offVariant ?? undefined;
}
