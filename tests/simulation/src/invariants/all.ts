import type { MakeWatch } from '../world/watch.ts';
import { breakerOpens, downOpensTheBreaker, halfOpenEnds, oneProbe, resetAtOnce } from './breaker.ts';
import { nothingIsLeft } from './closing.ts';
import { convergesWithinTheBound } from './convergence.ts';
import { announcementsFollow, freshMeansFresh, staleIsAnnouncedOnTime, wakingReads } from './freshness.ts';
import { lossesAreTold, neverBackInTrueOrder } from './lost-writes.ts';
import { aBurstCostsTwoReads, noticesAreAnswered, noticesKeepTheirGap } from './notices.ts';
import {
  lateResultsChangeNothing,
  oneFlight,
  patienceIsGiven,
  rejectedIsNotDownloadedAgain,
  twoAttempts,
} from './reads.ts';
import { refreshesAreAnswered } from './requests.ts';
import {
  cacheKeepsWhatWasAdopted,
  failedSavesAreRepeated,
  lastGoodIsNeverLost,
  poisonIsRefused,
  servedNeverGoesBack,
} from './served.ts';
import { goesByTheStoresClock } from './store-clock.ts';
import { idleSleeps, nothingBreaks, oneSubscription, timersRing } from './timers.ts';

/** What holds in every history, after every step, with every driver. */
export const EVERYWHERE: readonly MakeWatch[] = [
  nothingBreaks,
  oneFlight,
  oneProbe,
  halfOpenEnds,
  breakerOpens,
  resetAtOnce,
  downOpensTheBreaker,
  servedNeverGoesBack,
  neverBackInTrueOrder,
  lossesAreTold,
  lastGoodIsNeverLost,
  poisonIsRefused,
  lateResultsChangeNothing,
  rejectedIsNotDownloadedAgain,
  twoAttempts,
  patienceIsGiven,
  announcementsFollow,
  freshMeansFresh,
  convergesWithinTheBound,
  refreshesAreAnswered,
  goesByTheStoresClock,
];

/** What holds where something runs between requests: timers, a feed, an end. */
export const WITH_A_BACKGROUND: readonly MakeWatch[] = [
  cacheKeepsWhatWasAdopted,
  failedSavesAreRepeated,
  staleIsAnnouncedOnTime,
  wakingReads,
  noticesKeepTheirGap,
  aBurstCostsTwoReads,
  noticesAreAnswered,
  timersRing,
  oneSubscription,
  idleSleeps,
  nothingIsLeft,
];
