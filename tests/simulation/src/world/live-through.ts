import type { Action } from '../history.ts';
import { act } from './act.ts';
import type { Entry } from './agenda.ts';
import type { SimulatedWorld } from './simulated-world.ts';
import type { Violation } from './world.ts';

/** A history that goes on for longer than this is cut: a pause of a millisecond makes many steps. */
const MOST_STEPS = 6_000;
/** What sums of times may lose to rounding: a timer that is never early by nature is not so by that. */
const ROUNDING_MS = 0.000_005;
/** What is left after the client was closed must be gone by then. */
const AFTERMATH_MS = 60_000;

/**
 * Runs the world's history to its end, or to the first invariant that does not hold. It takes one step at a time, lets
 * everything settle after it, and asks the watches.
 */
export async function liveThrough(world: SimulatedWorld): Promise<Violation | undefined> {
  world.driver.start();
  sendRequests(world);
  await settle(world);
  for (const action of world.history.actions) {
    await until(world, action.atMs);
    await doAction(world, action);
  }
  const lastMs = world.history.actions.at(-1)?.atMs ?? 0;
  if (!world.cut) await until(world, Math.max(world.time.trueMs, lastMs + world.history.restMs));
  for (const watch of world.watches) watch.rested?.();
  if (!world.closed && world.background) await doAction(world, { kind: 'close', atMs: world.time.trueMs });
  await until(world, world.time.trueMs + AFTERMATH_MS);
  if (world.closed) for (const watch of world.watches) watch.ended?.();
  return world.violation;
}

function sendRequests(world: SimulatedWorld): void {
  const { requestsEveryMs } = world.history;
  if (requestsEveryMs === undefined) return;
  world.deliver(requestsEveryMs, () => {
    world.driver.request?.();
    sendRequests(world);
  });
}

async function doAction(world: SimulatedWorld, action: Action): Promise<void> {
  if (world.violation !== undefined) return;
  for (const watch of world.watches) watch.acting?.(action);
  act(world, action);
  for (const watch of world.watches) watch.did?.(action);
  await settle(world);
  for (const watch of world.watches) watch.acted?.(action);
  stepped(world);
}

/** Takes all steps up to a time. */
async function until(world: SimulatedWorld, trueMs: number): Promise<void> {
  while (world.violation === undefined) {
    const next = nextStep(world, trueMs);
    if (next === undefined) break;
    if (++world.steps > MOST_STEPS && !world.closed) {
      world.cut = true;
      return;
    }
    world.time.passTo(next.atTrueMs);
    for (const watch of world.watches) watch.stepping?.();
    next.run();
    await settle(world);
    stepped(world);
  }
  world.time.passTo(trueMs);
}

type Step = Pick<Entry, 'atTrueMs' | 'run'>;

/** What happens next, up to a time: an entry of the agenda, a timer, or a time at which a watch wants to look. */
function nextStep(world: SimulatedWorld, untilTrueMs: number): Step | undefined {
  const entry = world.agenda.first;
  const sleeper = world.time.nextSleeper();
  const nowMs = world.time.trueMs;
  const entryMs = entry?.atTrueMs ?? Number.POSITIVE_INFINITY;
  const sleeperMs =
    sleeper === undefined ? Number.POSITIVE_INFINITY : nowMs + sleeper.dueMonotonicMs - world.monotonicMs + ROUNDING_MS;
  const bothOverdue = entryMs <= nowMs && sleeperMs <= nowMs;
  const timerComes = bothOverdue ? world.timersFirst : sleeperMs < entryMs;
  const nextMs = timerComes ? sleeperMs : entryMs;
  const lookMs = nextLookMs(world);
  if (lookMs < nextMs && lookMs <= untilTrueMs) return { atTrueMs: lookMs, run: () => {} };
  if (nextMs > untilTrueMs) return undefined;
  if (timerComes) return sleeper === undefined ? undefined : { atTrueMs: sleeperMs, run: () => sleeper.ring() };
  if (entry === undefined) return undefined;
  return {
    atTrueMs: entryMs,
    run: () => {
      world.agenda.take(entry);
      entry.run();
    },
  };
}

/** The first true time at which a watch wants to look although nothing may happen then. */
function nextLookMs(world: SimulatedWorld): number {
  let lookMs = Number.POSITIVE_INFINITY;
  for (const watch of world.watches) {
    const dueMs = watch.looksAtMonotonicMs?.();
    // A moment later, so that rounding never puts it before. A time that has passed was looked at.
    if (dueMs !== undefined && dueMs > world.monotonicMs)
      lookMs = Math.min(lookMs, world.time.trueMs + dueMs - world.monotonicMs + 0.001);
  }
  return lookMs;
}

/** Lets promises and fibers that are ready run to where they wait. */
async function settle({ cache, steps }: SimulatedWorld): Promise<void> {
  await turn();
  // Loads and saves of the cache race their deadline, which takes the event loop a few turns.
  if (cache !== undefined && (cache.busy > 0 || steps < 10)) {
    await turn();
    await turn();
  }
}

function stepped(world: SimulatedWorld): void {
  for (const watch of world.watches) watch.stepped?.();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
