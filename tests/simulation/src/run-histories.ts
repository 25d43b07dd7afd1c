import { drawHistory } from './draw-history.ts';
import type { DriverKind } from './drivers/driver.ts';
import type { History } from './history.ts';
import { report } from './report.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

export interface Run {
  /** Seed of the first history; the others follow it. */
  readonly seed: number;
  readonly histories: number;
  readonly driver: DriverKind;
  /** Told how many are done. */
  readonly progress?: (done: number) => void;
}

export interface RunResult {
  readonly histories: number;
  readonly steps: number;
  /** Histories that were cut because they had too many steps. */
  readonly cut: number;
  /** The first failure; undefined when every invariant held. */
  readonly failure: Failure | undefined;
}

export interface Failure {
  readonly seed: number;
  readonly invariant: string;
  readonly shrunk: History;
  /** For people. */
  readonly report: string;
}

/** Lives through histories, and stops at the first that breaks an invariant. */
export async function runHistories({ seed, histories, driver, progress }: Run): Promise<RunResult> {
  let steps = 0;
  let cut = 0;
  for (let index = 0; index < histories; index++) {
    const history = drawHistory(seed + index, driver.background);
    const outcome = await simulate(history, driver);
    steps += outcome.steps;
    if (outcome.cut) cut += 1;
    if (outcome.violation !== undefined) {
      const failure = await explain(history, outcome.violation.invariant, driver);
      return { histories: index + 1, steps, cut, failure };
    }
    progress?.(index + 1);
  }
  return { histories, steps, cut, failure: undefined };
}

async function explain(history: History, invariant: string, driver: DriverKind): Promise<Failure> {
  const shrunk = await shrink(
    history,
    async (candidate) => (await simulate(candidate, driver)).violation?.invariant === invariant,
  );
  const outcome = await simulate(shrunk, driver, { journal: true });
  return { seed: history.seed, invariant, shrunk, report: report(history, shrunk, outcome, driver.name) };
}
