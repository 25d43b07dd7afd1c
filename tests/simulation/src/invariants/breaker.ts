import { isStoreError } from '../../../../packages/core/src/ports/store-error.ts';
import type { Answer } from '../world/simulated-store.ts';
import type { MakeWatch } from '../world/watch.ts';

/** The slack that a probe's lease has over its deadline. */
const LEASE_SLACK_MS = 1_000;

/**
 * While the breaker is open no read begins before the shortest break has passed, unless somebody forced it; then one
 * probe, and no second one before that has ended.
 */
export const oneProbe: MakeWatch = (world) => {
  const { timeoutMs, breaker, background } = world.history.settings;
  let told: 'closed' | 'open' | 'half-open' = 'closed';
  let openedMs = 0;
  let probeBeganMs: number | undefined;
  let forced = 0;
  let answered = false;
  let resetting = false;
  let orphaned = false;
  return {
    delivering(read, answer) {
      // A store answered: with a document, good or bad, or by saying that it has none.
      if (read.settled === 'answered') answered ||= answer.kind !== 'untrue' || isUnchanged(answer.result);
    },
    acting: ({ kind }) => void (resetting = kind === 'reset-breaker'),
    acted: () => void (resetting = false),
    // A probe whose request ended says nothing, and may free its place at once.
    disturbed: () => void (orphaned ||= !background && probeBeganMs !== undefined),
    asked(request) {
      if (request.force) forced += 1;
    },
    answered(request) {
      if (request.force) forced -= 1;
    },
    announced(announcement) {
      if (announcement.kind !== 'breaker') return;
      told = announcement.to;
      if (told === 'closed') {
        probeBeganMs = undefined;
        if (!answered && !resetting)
          world.violate(
            'the breaker closes when its probe was answered, or is reset',
            'it closed with nothing answered',
          );
      }
      // A forced probe that follows the failure which opened the breaker began while closed was the last that was told.
      if (told === 'half-open') probeBeganMs ??= world.monotonicMs;
      if (told !== 'open') return;
      orphaned = false;
      // A probe that was lost failed at the end of its lease, whenever that was noticed.
      openedMs = Math.min(world.monotonicMs, (probeBeganMs ?? Number.POSITIVE_INFINITY) + timeoutMs + LEASE_SLACK_MS);
      probeBeganMs = undefined;
    },
    readBegan(read) {
      const { flight, breaker: now } = world.driver.state();
      const begins = read.store === 0 && flight?.attempt === 1;
      // What ends the flight before is announced after this one has begun.
      if (begins) queueMicrotask(() => void (answered = false));
      // What ended the probe before may also begin the next flight, and tells both afterwards.
      if (told === 'closed' || now.phase.kind === 'closed' || !begins) return;
      if (forced > 0 || orphaned) {
        // Somebody asked for exactly this, or it takes the place of one that was left behind.
        orphaned = false;
        probeBeganMs = world.monotonicMs;
        return;
      }
      if (probeBeganMs !== undefined) {
        // One that was lost failed at the end of its lease, and its break passed unseen.
        if (world.monotonicMs < probeBeganMs + timeoutMs + LEASE_SLACK_MS + breaker.recoveryTimeoutMs) {
          world.violate('never two probes', `read ${read.number} is a second probe`);
        }
      }
      probeBeganMs = world.monotonicMs;
      const earliestMs = openedMs + breaker.recoveryTimeoutMs;
      if (world.monotonicMs < earliestMs - 0.01) {
        world.violate(
          'an open breaker admits nothing before its break has passed',
          `read ${read.number} begins ${world.monotonicMs - openedMs} ms after the breaker opened; the shortest break is ${breaker.recoveryTimeoutMs} ms`,
        );
      }
    },
  };
};

/** Says that the store is up, though it says nothing true. */
function isUnchanged(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'unchanged';
}

/** Half-open ends within the lease of its probe, and lasts only while a probe runs. */
export const halfOpenEnds: MakeWatch = (world) => {
  const { timeoutMs } = world.history.settings;
  let sinceMs: number | undefined;
  let probe: number | undefined;
  return {
    stepped() {
      const { generation } = world.driver.state().breaker;
      if (generation !== probe) sinceMs = undefined;
      probe = generation;
      if (world.peek().breaker.state !== 'half-open' || world.closed) {
        sinceMs = undefined;
        return;
      }
      sinceMs ??= world.monotonicMs;
      if (world.driver.state().flight === undefined)
        world.violate('half-open only while the probe runs', 'the breaker is half-open and nothing is under way');
      if (world.monotonicMs - sinceMs >= timeoutMs + LEASE_SLACK_MS) {
        world.violate(
          'the breaker leaves half-open within its lease',
          `half-open for ${world.monotonicMs - sinceMs} ms`,
        );
      }
    },
  };
};

/** Once closed it counts no more failures than it takes to open. */
export const breakerOpens: MakeWatch = (world) => {
  const { failureThreshold } = world.history.settings.breaker;
  return {
    stepped() {
      const { breaker } = world.peek();
      if (breaker.state === 'closed' && breaker.failures >= failureThreshold) {
        world.violate(
          'the breaker opens at its threshold',
          `closed after ${breaker.failures} failures; the threshold is ${failureThreshold}`,
        );
      }
    },
  };
};

/** What the first source of a flight said last, which is what the breaker goes by when no source gave a document. */
type FirstWord = 'nothing' | 'down' | 'answered' | 'good';

/**
 * A store that is down opens the breaker, as soon as enough refreshes in a row have found it down. Counts only what is
 * down beyond doubt: no answer in time, an error that says so, a page, a text cut short.
 */
export const downOpensTheBreaker: MakeWatch = (world) => {
  const { failureThreshold } = world.history.settings.breaker;
  const { background } = world.history.settings;
  let found = 0;
  let flight: { word: FirstWord; landed: boolean; counts: boolean } | undefined;
  const end = (): void => {
    if (flight === undefined) return;
    const { word, landed, counts } = flight;
    flight = undefined;
    if (landed || !counts || word === 'good') found = 0;
    else if (word === 'down' || word === 'nothing') found += 1;
  };
  return {
    readBegan(read) {
      const { flight: now, breaker } = world.driver.state();
      if (read.store !== 0) return;
      if (now?.attempt === 1) {
        end();
        flight = { word: 'nothing', landed: false, counts: breaker.phase.kind === 'closed' };
      } else if (flight !== undefined) flight.word = 'nothing';
    },
    delivering(read, answer) {
      if (read.settled !== 'answered' || flight === undefined) return;
      const word = wordOf(answer);
      if (read.store === 0) flight.word = word;
      if (word === 'good') flight.landed = true;
    },
    disturbed() {
      // The request may have ended, and then its flight says nothing.
      if (!background && flight !== undefined) flight.counts = false;
    },
    acting({ kind }) {
      if (kind !== 'reset-breaker') return;
      found = 0;
      if (flight !== undefined) flight.counts = false;
    },
    stepped() {
      const { flight: now, breaker } = world.driver.state();
      if (now === undefined) end();
      if (world.closed || breaker.phase.kind !== 'closed') found = 0;
      if (found >= failureThreshold) {
        world.violate(
          'a store that is down opens the breaker',
          `it is closed after ${found} refreshes that found the store down; the threshold is ${failureThreshold}`,
        );
      }
    },
  };
};

function wordOf(answer: Answer): FirstWord {
  switch (answer.kind) {
    case 'none':
      return 'nothing';
    case 'reading':
      if (answer.held.poisoned) return 'answered';
      // A bad document under a number that a good one had before: "unchanged" is all that the client hears of it, and
      // that is a success.
      return answer.held.good || answer.result.kind === 'unchanged' ? 'good' : 'answered';
    case 'untrue':
      return isUnchanged(answer.result) ? 'good' : 'down';
    case 'error': {
      const { error } = answer;
      if (!isStoreError(error)) return 'down';
      const answered = error.reason === 'invalid' || error.reason === 'too-large' || error.reason === 'not-found';
      return answered && !error.notADocument ? 'answered' : 'down';
    }
  }
}

/**
 * Plain code that resets the breaker finds it closed in its next line: events are decided upon before telling of them
 * returns.
 */
export const resetAtOnce: MakeWatch = (world) => ({
  did({ kind }) {
    if (kind !== 'reset-breaker' || world.closed || !world.history.settings.background) return;
    const { state } = world.peek().breaker;
    if (state !== 'closed')
      world.violate('the breaker is closed as soon as it was reset', `it is ${state} right after a reset`);
  },
});
