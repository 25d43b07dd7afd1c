import type { MakeWatch } from '../world/watch.ts';
import { breakerOpens, downOpensTheBreaker, halfOpenEnds, oneProbe } from './breaker.ts';
import { nothingIsLeft } from './closing.ts';
import { convergesWithinTheBound } from './convergence.ts';
import { announcementsFollow, freshMeansFresh, staleIsAnnouncedOnTime, wakingReads } from './freshness.ts';
import { aBurstCostsTwoReads, noticesAreAnswered, noticesKeepTheirGap } from './notices.ts';
import { lateResultsChangeNothing, oneFlight, rejectedIsNotDownloadedAgain } from './reads.ts';
import { refreshesAreAnswered } from './requests.ts';
import { cacheKeepsWhatWasAdopted, lastGoodIsNeverLost, poisonIsRefused, servedNeverGoesBack } from './served.ts';
import { idleSleeps, nothingBreaks, oneSubscription, timersRing } from './timers.ts';

/** What holds in every history, after every step. */
export const INVARIANTS: readonly MakeWatch[] = [
  nothingBreaks,
  oneFlight,
  oneProbe,
  halfOpenEnds,
  breakerOpens,
  downOpensTheBreaker,
  servedNeverGoesBack,
  lastGoodIsNeverLost,
  poisonIsRefused,
  cacheKeepsWhatWasAdopted,
  lateResultsChangeNothing,
  rejectedIsNotDownloadedAgain,
  announcementsFollow,
  freshMeansFresh,
  staleIsAnnouncedOnTime,
  wakingReads,
  convergesWithinTheBound,
  noticesKeepTheirGap,
  aBurstCostsTwoReads,
  noticesAreAnswered,
  refreshesAreAnswered,
  timersRing,
  oneSubscription,
  idleSleeps,
  nothingIsLeft,
];
