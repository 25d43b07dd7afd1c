import type { NeededVersion } from '@clarity/flags-changes';
import { counted } from './counted.ts';
import type { Line } from './outcome.ts';

/** Flags that are named; of more the others are counted. */
const MOST_NAMED = 3;

/** Which flags clients of older versions cannot read, a line for each version. */
export function needLines(needs: readonly NeededVersion[]): readonly Line[] {
  const versions = new Map<string, NeededVersion[]>();
  for (const need of needs) versions.set(need.version, [...(versions.get(need.version) ?? []), need]);
  return [...versions].map(([version, flags]) => {
    const verb = flags.length === 1 ? 'needs' : 'need';
    const named = flags.slice(0, MOST_NAMED).map(({ flagKey, words }) => `${flagKey}: ${words.join(', ')}`);
    const others = flags.length - named.length;
    const list = [...named, ...(others > 0 ? [counted(others, 'other')] : [])].join('; ');
    const aside = flags.length === 1 ? 'sets it aside and serves the fallback' : 'sets them aside and serves fallbacks';
    return {
      text: `${counted(flags.length, 'flag')} ${verb} clients of ${version} or later (${list}): an older one ${aside}, so upgrade clients first`,
    };
  });
}
