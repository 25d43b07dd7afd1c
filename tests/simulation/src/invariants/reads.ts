import type { Read } from '../world/simulated-store.ts';
import { keyOf } from '../world/simulated-store.ts';
import type { MakeWatch } from '../world/watch.ts';

/** Reads under way are the flight: a read that was given up is none any more, even when its source ignores that. */
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
    // Whatever reaches the decisions first after a sleep makes them read: that is not what the answer changed.
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

/** A whole document that was refused is asked about by its revision, so that it is not downloaded again until it changes. */
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
