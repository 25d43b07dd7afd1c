import type { FlagDocument } from '@clarity/flags-core/document';
import type { EvaluationContext } from '@clarity/flags-core/evaluation';
import type { Impact } from './impact-share.ts';
import { impactOnBuckets } from './impact-on-buckets.ts';
import { impactOnContexts } from './impact-on-contexts.ts';

/**
 * Which share of contexts gets another answer of which flag by a change, at a moment (Unix milliseconds): of each flag
 * that the change reaches, by itself or by what it asks for. Every context is evaluated in both documents; a flag that
 * is not there, or serves the caller's fallback, answers null.
 *
 * Without contexts it is computed from the shares of splits and ramps: for each place of a flag that serves otherwise,
 * among those who reach that place, who may be all or nobody.
 */
export function impact(
  before: FlagDocument,
  after: FlagDocument,
  atMs: number,
  contexts?: Iterable<EvaluationContext>,
): readonly Impact[] {
  return contexts === undefined
    ? impactOnBuckets(before, after, atMs)
    : impactOnContexts(before, after, atMs, contexts);
}
