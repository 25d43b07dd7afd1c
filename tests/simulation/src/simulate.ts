import type { DriverKind } from './drivers/driver.ts';
import type { History } from './history.ts';
import { EVERYWHERE, WITH_A_BACKGROUND } from './invariants/all.ts';
import { Journal } from './world/journal.ts';
import { liveThrough } from './world/live-through.ts';
import { SimulatedWorld } from './world/simulated-world.ts';
import type { Violation } from './world/world.ts';

export interface Outcome {
  readonly violation: Violation | undefined;
  readonly steps: number;
  readonly cut: boolean;
  readonly journal: Journal | undefined;
}

/** Lives through one history and says which invariant did not hold, if any. */
export async function simulate(
  history: History,
  driver: DriverKind,
  { journal = false }: { readonly journal?: boolean } = {},
): Promise<Outcome> {
  const kept = journal ? new Journal() : undefined;
  let world: SimulatedWorld | undefined;
  let violation: Violation | undefined;
  try {
    const watches = driver.background ? [...EVERYWHERE, ...WITH_A_BACKGROUND] : EVERYWHERE;
    world = new SimulatedWorld(history, driver, watches, kept);
    violation = await liveThrough(world);
  } catch (error) {
    violation = {
      invariant: 'nothing throws',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      atTrueMs: world?.time.trueMs ?? 0,
    };
  }
  return { violation, steps: world?.steps ?? 0, cut: world?.cut ?? false, journal: kept };
}
