// What a piece of work allocates, on every Node: the growth of the heap while nothing is collected. Only from Node 26
// on does V8 also count what was collected (`total_allocated_bytes`).
import { getHeapStatistics, GCProfiler } from 'node:v8';

type Work = (times: number) => unknown;

/** Turns of which the least counts: V8 allocates now and then for itself. */
const TURNS = 5;
/** Of the young generation, which must hold what one turn allocates. See `ALLOCATION_FLAGS`. */
const MOST_BYTES = 100_000_000;

/** For the process that measures: nothing is collected unasked, and objects lie where they are counted at once. */
export const ALLOCATION_FLAGS = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'] as const;

/**
 * Bytes that one of `times` repetitions allocates. `work` must be warm.
 *
 * @throws Error when the measure does not see what a known amount of work allocates, or something was collected
 * meanwhile
 */
export async function allocatedBytesPerCall(work: Work, times: number): Promise<number> {
  await checkTheMeasure();
  return perCall(work, times);
}

async function perCall(work: Work, times: number): Promise<number> {
  // Looking takes some bytes too.
  const looking = await least(work, 0);
  // So few that all of it fits, judged by a small part.
  const sample = Math.min(times, 1_000);
  const roughly = Math.max(1, (await least(work, sample)) - looking) / sample;
  const calls = Math.max(sample, Math.min(times, Math.floor(MOST_BYTES / roughly)));
  return Math.max(0, (await least(work, calls)) - looking) / calls;
}

async function least(work: Work, times: number): Promise<number> {
  let bytes = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const profiler = new GCProfiler();
    globalThis.gc!();
    profiler.start();
    const before = getHeapStatistics().used_heap_size;
    await work(times);
    const grown = getHeapStatistics().used_heap_size - before;
    const collections = profiler.stop()?.statistics.length ?? 0;
    if (collections > 0) {
      throw new Error(
        `allocated bytes cannot be told: V8 collected ${collections} times while ${times} calls were measured; ` +
          `start the process with ${ALLOCATION_FLAGS.join(' ')}`,
      );
    }
    bytes = Math.min(bytes, grown);
  }
  return bytes;
}

/** Kept, so that no compiler leaves out what nobody reads. */
const kept: { value?: unknown } = {};
const DOUBLES = 16;
/**
 * On 64 bits, without compressed pointers, as Node is built: four words for an array, two for its elements, one for
 * each double.
 */
const CONTROL_BYTES = (4 + 2 + DOUBLES) * 8;

/** Whether the measure sees work that allocates a known number of bytes, and none where none is allocated. */
async function checkTheMeasure(): Promise<void> {
  const allocating: Work = (times) => {
    for (let time = 0; time < times; time += 1) {
      kept.value = [time, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6];
    }
  };
  const idle: Work = (times) => {
    for (let time = 0; time < times; time += 1) kept.value = time & 1;
  };
  for (const work of [allocating, idle]) for (let turn = 0; turn < 20; turn += 1) work(10_000);
  const [some, none] = [await perCall(allocating, 100_000), await perCall(idle, 100_000)];
  if (Math.abs(some - CONTROL_BYTES) > 0.02 * CONTROL_BYTES || none > 0.1) {
    throw new Error(
      `allocated bytes cannot be told: work that allocates ${CONTROL_BYTES} bytes was seen to allocate ${some}, and idle work ${none}`,
    );
  }
}
