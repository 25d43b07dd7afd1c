import type { Freshness } from '../../refresh/freshness.ts';
import { shownRevision } from '../../document/revision.ts';
import type { EvaluationContext } from '../../evaluation/context.ts';
import type { PinnedFlags } from './flag-evaluations.ts';
import { placed } from './placed.ts';
import type { FlagReader } from './flag-reader.ts';

/**
 * The questions of one context to a reader that is never swapped. How fresh its flags are is said as of this moment,
 * too.
 */
export function pinnedFlags(
  reader: FlagReader,
  context: EvaluationContext,
  { revision: served, state }: Pick<Freshness, 'revision' | 'state'>,
): PinnedFlags {
  const revision = shownRevision(served);
  return {
    revision,
    isEnabled: (key, fallback = false) => reader.isEnabled(key, context, fallback),
    value: (key, fallback) => reader.value(key, context, fallback),
    details: (key, fallback) => ({ ...reader.details(key, context, fallback), revision, freshness: state }),
    all: (options) => reader.all(context, options),
    allDetails: (options) => placed(reader.allDetails(context, options), revision, state),
  };
}
