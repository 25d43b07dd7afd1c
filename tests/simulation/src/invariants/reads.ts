import { pauseMs } from '../../../../packages/core/src/refresh/settings.ts';
import type { Flight } from '../../../../packages/core/src/refresh/state.ts';
import { isStoreError } from '../../../../packages/core/src/ports/store-error.ts';
import type { Read } from '../world/simulated-store.ts';
import { keyOf } from '../world/held.ts';
import type { MakeWatch } from '../world/watch.ts';

/** Reads under way are the flight: a read that was given up does not count, even when its source goes on with it. */
export const oneFlight: MakeWatch = (world) => {
  let last: Read | undefined;
  return {
    readBegan(read) {
      if (last !== undefined && last.settled === 'no' && !last.signal.aborted) {
        world.violate('never two flights', `read ${read.number} begins while read ${last.number} is under way`);
      }
      last = read;
    },
  };
};

/** What arrives after its read was given up changes nothing that the client knows. */
export const lateResultsChangeNothing: MakeWatch = (world) => {
  let before: ReturnType<typeof known> | undefined;
  let late: Read | undefined;
  const known = () => {
    const { served, verifiedAt, lineages, rejected, breaker, flight, trailing, refreshFailures, lastError } =
      world.driver.state();
    // The first event after a sleep makes the decisions read: that is not what the answer changed.
    const work = flight?.trigger === 'wake' ? [] : [breaker, flight, trailing];
    return [served, verifiedAt, ...lineages, rejected, refreshFailures, lastError, ...work];
  };
  return {
    delivering(read) {
      late = read.settled === 'late' ? read : undefined;
      if (late !== undefined) before = known();
    },
    stepped() {
      if (late === undefined || before === undefined) return;
      const after = known();
      if (after.some((value, index) => value !== before?.[index])) {
        world.violate(
          'late results change nothing',
          `the late answer to read ${late.number} changed what the client knows`,
        );
      }
      late = undefined;
    },
  };
};

/**
 * A whole document that was refused is asked about by its revision, so that it is not downloaded again until it
 * changes.
 */
export const rejectedIsNotDownloadedAgain: MakeWatch = (world) => {
  const refused: (string | undefined)[] = [];
  return {
    delivering(read, answer) {
      if (read.settled !== 'answered') return;
      if (answer.kind === 'reading') {
        const { held, result } = answer;
        if (result.kind === 'document')
          refused[read.store] = held.good || held.poisoned ? undefined : keyOf(held.revision);
        else if (held.good) refused[read.store] = undefined;
      } else if (answer.kind === 'error') refused[read.store] = undefined;
    },
    readBegan(read) {
      const expected = refused[read.store];
      if (expected === undefined) return;
      const asked = read.known === undefined ? 'nothing' : keyOf(read.known);
      if (asked !== expected) {
        world.violate(
          'a rejected document is not downloaded again until it changes',
          `read ${read.number} asks about ${asked} although ${expected} was refused`,
        );
      }
    },
  };
};

/** A refresh asks a source twice at most (F28). */
export const twoAttempts: MakeWatch = (world) => {
  let admission: Flight['admission'] | undefined;
  let asked: number[] = [];
  return {
    readBegan(read) {
      const { flight } = world.driver.state();
      if (flight?.admission !== admission) asked = [];
      admission = flight?.admission;
      const times = (asked[read.store] ?? 0) + 1;
      asked[read.store] = times;
      if (times > 2)
        world.violate(
          'a refresh asks a source twice at most',
          `read ${read.number} asks ${world.stores[read.store]?.name} a third time`,
        );
    },
  };
};

/**
 * A store that asks for patience gets it, up to one pause (F28), unless somebody asks for a refresh, or the machine
 * woke.
 */
export const patienceIsGiven: MakeWatch = (world) => {
  const { settings } = world.history;
  const longestMs = pauseMs(settings) ?? settings.intervalMs;
  let untilMs: number[] = [];
  return {
    delivering(read, answer) {
      if (read.settled !== 'answered' || answer.kind !== 'error' || !isStoreError(answer.error)) return;
      const { retryAfterMs = 0, reason, notADocument } = answer.error;
      // One that has answered, with a bad document or none, asks for nothing.
      if ((reason === 'invalid' || reason === 'too-large' || reason === 'not-found') && !notADocument) return;
      untilMs[read.store] = world.monotonicMs + Math.min(longestMs, retryAfterMs);
    },
    // The request that heard of it may have ended, or the clock run on.
    disturbed: () => void (untilMs = []),
    readBegan(read) {
      const trigger = world.driver.state().flight?.trigger;
      const earliestMs = untilMs[read.store] ?? 0;
      if (trigger === 'manual' || trigger === 'wake' || world.monotonicMs >= earliestMs - 0.01) return;
      world.violate(
        'a store that asks for patience gets it',
        `read ${read.number} (${trigger}) begins ${earliestMs - world.monotonicMs} ms before the time that ${world.stores[read.store]?.name} asked for`,
      );
    },
  };
};
