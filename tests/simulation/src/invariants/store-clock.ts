import type { MakeWatch } from '../world/watch.ts';

/**
 * Where a store tells its time, the client goes by it: its wall clock may be wrong by hours, and a publication is as
 * old as it is there.
 */
export const goesByTheStoresClock: MakeWatch = (world) => {
  let wantedMs: number | undefined;
  return {
    delivering(read, answer) {
      if (read.settled !== 'answered' || world.closed || answer.kind !== 'reading') return;
      const { held, result } = answer;
      // Nothing is taken from an answer whose document cannot be read.
      if (result.kind === 'document' && !held.good) return;
      const { storeTimeMs } = result;
      if (storeTimeMs !== undefined) wantedMs = storeTimeMs - world.time.wallMs();
    },
    stepped() {
      if (world.closed) return;
      const { clockOffsetMs, publicationAgeMs, publishedAtMs } = world.peek();
      if (clockOffsetMs !== (wantedMs ?? null)) {
        world.violate(
          'a store that tells its time is believed',
          `its clock is ${wantedMs} ms ahead of ours, and ${clockOffsetMs} ms are reckoned with`,
        );
      }
      const ageMs = publishedAtMs === null ? null : world.time.wallMs() + (wantedMs ?? 0) - publishedAtMs;
      if (publicationAgeMs !== (ageMs === null ? null : Math.max(0, ageMs))) {
        world.violate(
          'a publication is as old as it is by the clock of its store',
          `that is ${ageMs} ms, and ${publicationAgeMs} ms are shown`,
        );
      }
    },
  };
};
