// CPU time of two things in turn, in one process.

/** Does a piece of work so many times. */
export type Work = (times: number) => unknown;

const MOST_WARM_UP_US = 1_000_000;
const TURNS_WITHOUT_GAIN = 25;
/** How long one turn lasts, more or less. */
const TURN_US = 4_000;
const ROUNDS = 11;

export interface Timing {
  /** CPU microseconds for one time of the subject. */
  readonly subjectUs: number;
  readonly baselineUs: number;
  /** The one by the other: the median of the rounds. */
  readonly ratio: number;
}

/** Warms up both, then lets them take turns. */
export async function compare(subject: Work, baseline: Work): Promise<Timing> {
  const subjectTimes = await warmUp(subject);
  const baselineTimes = await warmUp(baseline);
  const rounds: Timing[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const baselineUs = (await cpuUs(baseline, baselineTimes)) / baselineTimes;
    const subjectUs = (await cpuUs(subject, subjectTimes)) / subjectTimes;
    rounds.push({ subjectUs, baselineUs, ratio: subjectUs / baselineUs });
  }
  return {
    subjectUs: median(rounds.map((round) => round.subjectUs)),
    baselineUs: median(rounds.map((round) => round.baselineUs)),
    ratio: median(rounds.map((round) => round.ratio)),
  };
}

/** CPU time of the whole process: collecting garbage counts. */
export async function cpuUs(work: Work, times: number): Promise<number> {
  const start = process.cpuUsage();
  const done = work(times);
  if (done instanceof Promise) await done;
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/**
 * Runs it until it gets no faster: only then has the engine optimised it, however busy the machine is. Gives how many
 * runs fill a turn.
 */
export async function warmUp(work: Work): Promise<number> {
  let times = 1;
  let spentUs = 0;
  let best = Infinity;
  let turnsWithoutGain = 0;
  while (spentUs < MOST_WARM_UP_US) {
    const us = await cpuUs(work, times);
    spentUs += us;
    if (us < TURN_US / 2) {
      times *= 2;
      continue;
    }
    turnsWithoutGain = us / times < best * 0.97 ? 0 : turnsWithoutGain + 1;
    best = Math.min(best, us / times);
    if (turnsWithoutGain >= TURNS_WITHOUT_GAIN) break;
  }
  return Math.max(1, Math.round(TURN_US / best));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
