import { compareRevisions, isCounted, type Revision } from '../../../../packages/core/src/document/revision.ts';
import { LONGEST_GATHERING_GAPS } from '../../../../packages/core/src/refresh/settings.ts';
import type { Snapshot } from '../../../../packages/core/src/refresh/snapshot.ts';
import type { MakeWatch } from '../world/watch.ts';

/** Notices, however many, cost at most one read in each gap. */
export const noticesKeepTheirGap: MakeWatch = (world) => {
  const { minNoticeGapMs } = world.history.settings;
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    readBegan(read) {
      const { flight } = world.driver.state();
      if (
        flight === undefined ||
        flight.attempt !== 1 ||
        read.store !== 0 ||
        (flight.trigger !== 'notice' && flight.trigger !== 'subscribed')
      )
        return;
      const gapMs = world.monotonicMs - lastMs;
      if (gapMs < minNoticeGapMs - 0.01) {
        world.violate(
          'notices cost at most one read in each gap',
          `read ${read.number} follows the one before by ${gapMs} ms; the gap is ${minNoticeGapMs} ms`,
        );
      }
      lastMs = world.monotonicMs;
    },
  };
};

/** A burst that is over within the gathering time costs at most two reads. */
export const aBurstCostsTwoReads: MakeWatch = (world) => {
  const { minNoticeGapMs, noticeSpreadMs } = world.history.settings;
  let burst: { readonly endsMs: number; most: number; reads: number } | undefined;
  return {
    acting(action) {
      if (action.kind !== 'notices') {
        // Something else may cause notices or reads of its own.
        burst = undefined;
        return;
      }
      const overMs = (action.count - 1) * action.everyMs + world.delivery.mostMs;
      const quiet = world.driver.state().notices === undefined && world.driver.state().flight === undefined;
      // Nor is it a burst when it pauses for a gap.
      const dense = action.everyMs + 2 * world.delivery.mostMs < minNoticeGapMs;
      burst =
        quiet && dense && overMs <= minNoticeGapMs * LONGEST_GATHERING_GAPS
          ? { endsMs: world.monotonicMs + overMs + minNoticeGapMs + noticeSpreadMs, most: 2, reads: 0 }
          : undefined;
    },
    readBegan(read) {
      const { flight } = world.driver.state();
      if (
        burst === undefined ||
        world.monotonicMs > burst.endsMs ||
        flight?.trigger !== 'notice' ||
        flight.attempt !== 1 ||
        read.store !== 0
      )
        return;
      burst.reads += 1;
      if (burst.reads > burst.most)
        world.violate('a burst of notices costs at most two reads', `${burst.reads} reads were made for it`);
    },
  };
};

/**
 * While the breaker is closed, a notice of something that is not served is followed by a read that begins after it: at
 * the latest when the flight under way has ended and the gathering is over. The same goes for each acknowledged
 * subscription.
 */
export const noticesAreAnswered: MakeWatch = (world) => {
  const { minNoticeGapMs, noticeSpreadMs, timeoutMs } = world.history.settings;
  const mostMs =
    timeoutMs +
    (LONGEST_GATHERING_GAPS + 1) * minNoticeGapMs +
    noticeSpreadMs +
    10 * (1 + Math.abs(world.history.machine.timerErrorMs));
  let since: number | undefined;
  /** What was named by all of them; undefined in it where one named nothing. */
  let named: (Revision | undefined)[] = [];
  const forget = (): void => {
    since = undefined;
    named = [];
  };
  return {
    hears(news) {
      if (news !== 'acknowledged' && news.kind === 'foreign') return;
      const revision = news === 'acknowledged' ? undefined : news.revision;
      if (isServed(world.driver.state().served, revision)) return;
      since ??= world.monotonicMs;
      named.push(revision);
    },
    readBegan(read) {
      if (read.store === 0) forget();
    },
    disturbed: forget,
    looksAtMonotonicMs: () => (since === undefined || world.closed ? undefined : since + mostMs),
    stepped() {
      if (since === undefined) return;
      const { breaker, notBeforeMs, served } = world.driver.state();
      const patient = notBeforeMs > world.monotonicMs || breaker.phase.kind !== 'closed';
      if (world.closed || patient || isServed(served, newestOf(named))) return forget();
      if (world.monotonicMs >= since + mostMs) {
        world.violate(
          'a notice is answered by a read that begins after it',
          `one has waited for ${world.monotonicMs - since} ms`,
        );
      }
    },
  };
};

/** The newest that was named, of one publisher's revisions; undefined where only looking can tell. */
function newestOf(named: readonly (Revision | undefined)[]): Revision | undefined {
  let newest = named[0];
  for (const revision of named) {
    if (revision === undefined || newest === undefined) return undefined;
    const order = compareRevisions(revision, newest);
    if (order === 'different') return undefined;
    if (order === 'newer') newest = revision;
  }
  return newest;
}

function isServed(snapshot: Snapshot | undefined, named: Revision | undefined): boolean {
  const served = snapshot?.revision;
  if (served === undefined || named === undefined) return false;
  if (snapshot?.ancestors?.some((ancestor) => compareRevisions(named, ancestor) === 'same') === true) return true;
  if (isCounted(served) && isCounted(named)) return served.epoch === named.epoch && served.version >= named.version;
  return !isCounted(served) && !isCounted(named) && served.hash === named.hash;
}
