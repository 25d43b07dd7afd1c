import { drawHistory } from './draw-history.ts';
import { report } from './report.ts';
import { shrink } from './shrink.ts';
import { type DriverName, DRIVERS, simulate } from './simulate.ts';

export interface Run {
  readonly seed: number;
  readonly histories: number;
  readonly driver: DriverName;
  /** Told now and then how many are done. */
  readonly progress?: (done: number) => void;
}

export interface RunResult {
  readonly histories: number;
  readonly steps: number;
  /** Histories that were cut because they had too many steps. */
  readonly cut: number;
  /** The first failure, shrunk and written out; undefined when every invariant held. */
  readonly failure: { readonly seed: number; readonly invariant: string; readonly report: string } | undefined;
}

/** Lives through the histories of the seeds from `seed` on, and stops at the first that breaks an invariant. */
export async function runHistories({ seed, histories, driver, progress }: Run): Promise<RunResult> {
  const make = DRIVERS[driver];
  let steps = 0;
  let cut = 0;
  for (let index = 0; index < histories; index++) {
    const history = drawHistory(seed + index);
    const outcome = await simulate(history, make);
    steps += outcome.steps;
    if (outcome.cut) cut += 1;
    const { violation } = outcome;
    if (violation !== undefined) {
      const shrunk = await shrink(history, async (candidate) => (await simulate(candidate, make)).violation?.invariant === violation.invariant);
      const again = await simulate(shrunk, make, { journal: true });
      return {
        histories: index + 1,
        steps,
        cut,
        failure: { seed: history.seed, invariant: violation.invariant, report: report(history, shrunk, again, driver) },
      };
    }
    progress?.(index + 1);
  }
  return { histories, steps, cut, failure: undefined };
}
