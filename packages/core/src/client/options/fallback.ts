import { describeOption } from '../../adapter-kit/adapter-options.ts';
import type { FlagSource } from '../../ports/source.ts';

/** Several sources in their order. The first is the primary; what another gives counts as degraded. */
export interface FallbackSources {
  readonly kind: 'fallback';
  readonly sources: readonly FlagSource[];
}

/**
 * Sources that stand in for each other. Each refresh asks the first one first, so it is returned to as soon as it
 * answers. One with a bad document, or an older one than before, is not replaced by the next while its last good one is
 * served.
 *
 * @throws TypeError when no source is given
 */
export function fallback(sources: readonly FlagSource[]): FallbackSources {
  if (!Array.isArray(sources) || sources.length === 0)
    throw new TypeError(
      `the argument of fallback is ${Array.isArray(sources) ? 'an empty array' : describeOption(sources)}; allowed is an array of sources`,
    );
  return { kind: 'fallback', sources };
}

export function sourcesOf(source: FlagSource | FallbackSources): readonly FlagSource[] {
  return 'kind' in source && source.kind === 'fallback' && Array.isArray(source.sources)
    ? source.sources
    : [source as FlagSource];
}
