import type { Action } from '../history.ts';
import type { Subscription } from '../world/simulated-feed.ts';
import type { MakeWatch } from '../world/watch.ts';

/** Every timer that the decisions want rings when it is due, and there is none that they do not want. */
export const timersRing: MakeWatch = (world) => {
  const lateMs = 2 + 2 * Math.abs(world.history.machine.timerErrorMs);
  return {
    stepped() {
      if (world.closed) return;
      const { timers } = world.driver.state();
      const wanted = Object.entries(timers);
      for (const [name, dueMs] of wanted) {
        if (
          dueMs < world.monotonicMs - lateMs &&
          !isOverdue(world.time.nextSleeper()?.dueMonotonicMs, world.monotonicMs)
        ) {
          world.violate('every timer rings', `${name} was due ${world.monotonicMs - dueMs} ms ago`);
        }
      }
      // Loads and saves of the cache have a deadline each.
      const running = world.time.sleepers.size - (world.cache?.busy ?? 0);
      if (running !== wanted.length)
        world.violate(
          'no timer runs that nobody wants',
          `${running} run and ${wanted.length} are wanted: ${wanted.map(([name]) => name).join(', ')}`,
        );
    },
  };
};

function isOverdue(dueMs: number | undefined, nowMs: number): boolean {
  return dueMs !== undefined && dueMs <= nowMs;
}

const HARMLESS: ReadonlySet<Action['kind']> = new Set([
  'publish',
  'publish-behind-read',
  'look',
  'refresh',
  'sleep',
  'reset-breaker',
]);

/** While nothing is wrong and nobody asks, a client wakes for its own polls and for nothing else. */
export const idleSleeps: MakeWatch = (world) => {
  const { machine, actions, settings, stores } = world.history;
  // Only at the end of a history that was put right, with nothing wrong after that.
  const calmed = actions.slice(actions.findLastIndex(({ kind }) => kind === 'calm'));
  const well = calmed[0]?.kind === 'calm' && calmed.slice(1).every(({ kind }) => HARMLESS.has(kind));
  const applies = well && stores.every(({ memoryMs }) => memoryMs === 0);
  let idle: { readonly rung: number; readonly reads: number; readonly saves: number } | undefined;
  const saves = (): number => world.cache?.saves ?? 0;
  return {
    acted(action) {
      const last = actions.at(-1);
      if (action !== last || action.kind === 'close' || world.closed) return;
      idle = undefined;
    },
    stepped() {
      // Idle from the first moment after the last action at which nothing is under way.
      const { flight, timers, feed, breaker } = world.driver.state();
      const lastMs = actions.at(-1)?.atMs ?? 0;
      if (world.closed || !applies || world.time.trueMs <= lastMs) return;
      const calm =
        flight === undefined &&
        breaker.phase.kind === 'closed' &&
        timers.notice === undefined &&
        (feed === 'none' || feed === 'up') &&
        (world.cache?.busy ?? 0) === 0;
      const settled = world.peek().state === 'fresh';
      if (idle === undefined && calm && settled)
        idle = { rung: world.time.rung, reads: world.reads.length, saves: saves() };
    },
    rested() {
      if (idle === undefined || world.closed || world.driver.state().feed === 'down') return;
      const woken = world.time.rung - idle.rung;
      const polls = world.reads.length - idle.reads;
      // A cache that does not take what it is to keep is tried again now and then, and each time has a deadline.
      const repeated = saves() - idle.saves;
      // One wake for each poll, and for the stale timer. Timers that ring early ring once more for the rest, and that
      // of a read rings, too, before an answer that takes nearly as long as it may.
      const early = machine.timerErrorMs < 0;
      const shareMs = settings.timeoutMs / settings.sources.length;
      const narrow = early && world.stores.some(({ mostMs }) => mostMs > shareMs + machine.timerErrorMs - 1);
      // After a sleep boot time tells the age, which may have moved by a step less than the timer waited.
      const slept = actions.some(({ kind }) => kind === 'sleep' || kind === 'doze');
      const stale = slept && machine.bootResolutionMs !== undefined ? 2 : 1;
      const mostWoken = (early ? 2 : 1) * (polls + repeated + stale) + (narrow ? polls : 0);
      if (woken > mostWoken || repeated > Math.ceil(polls / 8) + 3) {
        world.violate(
          'an idle client wakes only for its own polls and one stale timer',
          `it woke ${woken} times for ${polls} polls, and saved ${repeated} times`,
        );
      }
    },
  };
};

/** At most one subscription lives; one that was refused or given up is ended before the next begins. */
export const oneSubscription: MakeWatch = (world) => {
  let last: Subscription | undefined;
  return {
    subscribed(subscription) {
      if (last !== undefined && !last.signal.aborted)
        world.violate('never two subscriptions', 'one begins, and the one before was not ended');
      last = subscription;
    },
  };
};

/** Nothing breaks inside, and a refresh's failure is told as one. */
export const nothingBreaks: MakeWatch = (world) => ({
  logged(entry) {
    if (entry.message.includes('internal error')) world.violate('nothing breaks inside', JSON.stringify(entry.fields));
  },
});
