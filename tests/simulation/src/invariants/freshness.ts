import type { FreshnessState } from '../../../../packages/core/src/refresh/freshness.ts';
import type { Stamp } from '../../../../packages/core/src/refresh/moment.ts';
import type { State } from '../../../../packages/core/src/refresh/state.ts';
import { keyOf } from '../world/held.ts';
import type { MakeWatch } from '../world/watch.ts';

/** Boot time may be a second coarse, and differences below a second are the monotonic clock's. */
const BOOT_SLACK_MS = 2_001;
/** What a wall clock may be corrected by before anybody wonders. */
const WALL_SLACK_MS = 10_000;

interface Confirmation {
  /** True time at which the store held it. */
  readonly asOfTrueMs: number;
  /** When the question was asked. */
  readonly wallErrorMs: number;
  /** How often the machine had been disturbed; not a number when it was while the answer was on its way. */
  readonly disturbances: number;
  readonly condemned: boolean;
  /** When the client was told, by its monotonic clock. */
  readonly heardMonotonicMs: number;
}

/**
 * An oracle of the true time since a source confirmed what is served. `fresh` and `degraded` are never said when that
 * is longer ago than the threshold and one deadline (an answer is on its way for no longer than that); and a client
 * that was confirmed in time does not call itself stale.
 */
export const freshMeansFresh: MakeWatch = (world) => {
  const { staleAfterMs, timeoutMs } = world.history.settings;
  const confirmations: Map<string, Confirmation>[] = world.stores.map(() => new Map());
  const tellsBoot = world.history.machine.bootResolutionMs !== undefined;
  let disturbances = 0;
  return {
    delivering(read, answer) {
      if (read.settled !== 'answered' || answer.kind !== 'reading' || answer.held.poisoned) return;
      // A bad document under a number that a good one had before: "unchanged" is all that the client hears of it.
      if (!answer.held.good && answer.result.kind === 'document') return;
      const before = confirmations[read.store]?.get(keyOf(answer.held.revision));
      // One that was confirmed later already is as good as it was.
      if (before !== undefined && before.asOfTrueMs > answer.asOfTrueMs) return;
      confirmations[read.store]?.set(keyOf(answer.held.revision), {
        asOfTrueMs: answer.asOfTrueMs,
        wallErrorMs: read.beganWallErrorMs,
        condemned: answer.held.condemned || !answer.held.good,
        heardMonotonicMs: world.time.monotonicMs(),
        disturbances: read.beganMonotonicMs <= world.disturbedMonotonicMs ? Number.NaN : disturbances,
      });
    },
    disturbed() {
      disturbances += 1;
    },
    stepped() {
      if (world.closed) return;
      const { served, verifiedAt } = world.driver.state();
      const { state, ageMs } = world.peek();
      if (served === undefined) {
        if (state !== 'never') world.violate('never is said without a document', `it says ${state}`);
        return;
      }
      const confirmation =
        served.source === undefined || served.revision === undefined
          ? undefined
          : confirmations[served.source]?.get(keyOf(served.revision));
      const said = state === 'fresh' || state === 'degraded';
      if (said) {
        if (confirmation === undefined)
          return world.violate(
            'never fresh unconfirmed',
            `it says ${state}, and no source has confirmed what is served`,
          );
        if ((state === 'fresh') !== (served.source === 0))
          return world.violate(
            'fresh is said of the primary, degraded of the others',
            `source ${served.source} is called ${state}`,
          );
        const trueAgeMs = world.time.trueMs - confirmation.asOfTrueMs;
        const blindMs = tellsBoot
          ? BOOT_SLACK_MS
          : WALL_SLACK_MS + Math.max(0, confirmation.wallErrorMs - world.time.wallErrorMs);
        const mostMs = staleAfterMs + timeoutMs + blindMs;
        if (trueAgeMs > mostMs) {
          world.violate(
            'never fresh beyond the threshold',
            `it says ${state} (age ${ageMs} ms), and the source last confirmed it ${trueAgeMs} ms ago; the threshold is ${staleAfterMs} ms`,
          );
        }
        return;
      }
      // The other way round: what was confirmed in time, with nothing odd since, is not called stale.
      if (
        confirmation === undefined ||
        confirmation.condemned ||
        verifiedAt === undefined ||
        disturbances !== confirmation.disturbances ||
        // It served another source's since then, and goes by what this one said when it came back to it.
        confirmation.heardMonotonicMs < served.fetchedAt.monotonicMs
      )
        return;
      const sinceMs = world.time.trueMs - confirmation.asOfTrueMs;
      if (sinceMs < staleAfterMs - BOOT_SLACK_MS) {
        world.violate(
          'what was confirmed in time is not stale',
          `it says ${state}, and the source confirmed it ${sinceMs} ms ago; the threshold is ${staleAfterMs} ms`,
        );
      }
    },
  };
};

/** Timers ring late by a millisecond or two, and what they do is announced at once. */
const LATE_MS = 5;

/**
 * After a sleep boot time tells the age, of which a client may wait out one step of up to a second, having learned late
 * of a nap.
 */
const LATE_AFTER_SLEEP_MS = 1_000 + BOOT_SLACK_MS;

/**
 * What listeners were told last is how things are; and the turn to stale is told on time, with nothing else happening.
 */
export const staleIsAnnouncedOnTime: MakeWatch = (world) => {
  const { staleAfterMs } = world.history.settings;
  let told: FreshnessState = 'never';
  const lateMs = LATE_MS + Math.max(0, world.history.machine.timerErrorMs) * 2;
  // A machine that slept has timers that do not know it: what it says is right when somebody looks, or at the next
  // event. From that event on the client knows, and has a timer for the rest.
  let asleep: State | undefined;
  // That holds from the question on, which a nap may have followed that coarse boot time tells only later.
  let askedMonotonicMs = Number.NEGATIVE_INFINITY;
  let verified: { readonly at: Stamp | undefined; readonly askedMonotonicMs: number } | undefined;
  const undisturbed = (): boolean => {
    const { verifiedAt } = world.driver.state();
    if (verifiedAt !== verified?.at) verified = { at: verifiedAt, askedMonotonicMs };
    return verifiedAt !== undefined && verified !== undefined && world.disturbedMonotonicMs < verified.askedMonotonicMs;
  };
  return {
    delivering(read) {
      askedMonotonicMs = read.beganMonotonicMs;
    },
    disturbed() {
      asleep = world.driver.state();
    },
    announced(announcement) {
      if (announcement.kind !== 'stale' && announcement.kind !== 'fresh') return;
      told = announcement.freshness.state;
      const actual = world.peek().state;
      if (actual !== told) world.violate('what is announced is so', `${told} is announced, and it is ${actual}`);
    },
    stepping() {
      if (world.closed || world.driver.state() === asleep) return;
      const { state, ageMs, clockUncertain } = world.peek();
      const mostMs = staleAfterMs + lateMs + (undisturbed() ? 0 : LATE_AFTER_SLEEP_MS);
      if (state === 'stale' && told !== 'stale' && ageMs !== null && ageMs > mostMs && !clockUncertain) {
        world.violate(
          'stale is announced on time',
          `it is ${ageMs} ms old, the threshold is ${staleAfterMs} ms, and nobody was told`,
        );
      }
    },
    stepped() {
      if (world.closed || !undisturbed()) return;
      const { state } = world.peek();
      if (state === 'never' || state === told) return;
      // A timer that rings a moment later will say so.
      const { ageMs } = world.peek();
      if (state === 'stale' && ageMs !== null && ageMs <= staleAfterMs + lateMs) return;
      world.violate('what was announced last is so', `${told} was announced last, and it is ${state}`);
    },
  };
};

/** Documents that a client never had are announced by `ready` once, each later one by `changed`, in order. */
export const announcementsFollow: MakeWatch = (world) => {
  let last: unknown;
  return {
    announced(announcement) {
      if (announcement.kind === 'ready') {
        if (last !== undefined) world.violate('ready is announced once', 'it was announced a second time');
        last = announcement.snapshot.document;
      }
      if (announcement.kind === 'changed') {
        if (announcement.from.document !== last)
          world.violate('changes are announced in order', 'the document before is not the one that was announced');
        last = announcement.to.document;
      }
    },
    stepped() {
      const document = world.driver.state().served?.document;
      if (document !== last) world.violate('each document is announced', 'one is served that nobody was told of');
    },
  };
};

/** A client that finds itself stale because the machine slept, or may have, reads at once. */
export const wakingReads: MakeWatch = (world) => {
  const { mode } = world.history.settings;
  let woke = false;
  return {
    announced(announcement) {
      if (announcement.kind !== 'stale') return;
      const { verifiedAt } = world.driver.state();
      const { ageMs, clockUncertain } = announcement.freshness;
      const awakeMs = verifiedAt === undefined ? Number.POSITIVE_INFINITY : world.monotonicMs - verifiedAt.monotonicMs;
      woke = clockUncertain || (ageMs !== null && ageMs > awakeMs + 1);
    },
    stepped() {
      if (!woke) return;
      woke = false;
      const { flight, breaker } = world.driver.state();
      if (mode === 'none' || world.closed || breaker.phase.kind !== 'closed') return;
      if (flight === undefined && world.peek().state === 'stale')
        world.violate('waking up stale is reason to read', 'it found itself stale after a sleep, and reads nothing');
    },
  };
};
