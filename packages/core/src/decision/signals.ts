import { announceDifferences } from './announce.ts';
import type { Signals } from './decision-parts.ts';
import { tellDifferences } from './tell-differences.ts';
import { telling } from './telling.ts';

/** Log, metrics and announcements of all that is decided. */
export const signals: Signals = {
  ...telling,
  differences(turn, before) {
    tellDifferences(turn, before);
    announceDifferences(turn, before);
  },
};
