import { boundOf } from '../../../../packages/core/src/refresh/bound.ts';
import { compareRevisions, isCounted, type Revision } from '../../../../packages/core/src/document/revision.ts';
import { nameOf } from '../world/documents.ts';
import { type Held, isOwedOver, keyOf } from '../world/held.ts';
import type { SimulatedStore } from '../world/simulated-store.ts';
import type { MakeWatch } from '../world/watch.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** More than a day ahead of the clock here, and of what was adopted before: such an epoch is refused (F13). */
function isFarAhead(epoch: number, adopted: Revision | undefined, wallMs: number): boolean {
  const before = adopted !== undefined && isCounted(adopted) ? adopted.epoch : 0;
  return epoch > Math.max(wallMs, before) + DAY_MS;
}

/**
 * The stated bound. Once the primary has been reachable, with a document that can be adopted, for as long as the bound
 * after an outage says, that document is served, fresh. When it had been so for that long before a publication, the
 * bound of a healthy store holds from the publication on. And while the primary is down and a fallback is well, the
 * same of that one.
 */
export const convergesWithinTheBound: MakeWatch = (world) => {
  const { settings } = world.history;
  const { healthyMs, afterOutageMs } = boundOf(settings);
  // Timers wait whole milliseconds and may ring late; a refresh sets a few of them.
  // And what is due waits for the next request where nothing runs without one.
  const slackMs = 10 + 10 * Math.abs(world.history.machine.timerErrorMs) + 2 * (world.history.requestsEveryMs ?? 0);
  const shareMs = settings.timeoutMs / settings.sources.length;
  const newest: (Revision | undefined)[] = [];
  let wellSinceMs: number | undefined;
  let wellStore: number | undefined;
  let heldSinceMs = world.monotonicMs;
  let held: Held | undefined;
  let dueMs: number | undefined;

  /** Whether a read of this store lands, and on what it should. */
  const isWell = (store: SimulatedStore): boolean => {
    const { holds, behaviour, isDivided, lag, mostMs, kind } = store;
    if (
      holds === undefined ||
      !holds.good ||
      holds.poisoned ||
      holds.condemned ||
      behaviour.kind !== 'good' ||
      lag > 0 ||
      isDivided ||
      kind.memoryMs > 0
    )
      return false;
    if (mostMs > shareMs * 0.9 - 1) return false;
    const { revision } = holds;
    const adopted = newest[store.index];
    // Nor is one that lies far ahead, unless by the rule that publishers go by it should not.
    if (isCounted(revision) && isFarAhead(revision.epoch, adopted, world.time.wallMs())) {
      return holds.leastEpoch !== undefined && isFarAhead(revision.epoch, adopted, world.time.rightWallMs());
    }
    // Two texts under one number: without a hash nobody can tell them apart, and only publishers of today see to it
    // that there are none.
    const reused = store.past.some(
      (entry) =>
        entry !== undefined &&
        entry.text !== holds.text &&
        keyOf(entry.revision) === keyOf(revision) &&
        !isOwedOver(holds, entry.revision),
    );
    if (reused) return false;
    if (adopted === undefined || compareRevisions(revision, adopted) !== 'older') return true;
    // What was published last is owed to everybody, also after losses of the store. What was put back is not: it looks
    // like a replica that lags (F90).
    return holds === store.published && isOwedOver(holds, adopted);
  };
  /** A store that is down for good: it says nothing that could be taken for a document. */
  const isDown = ({ behaviour, mostMs }: SimulatedStore): boolean => {
    if (mostMs > shareMs * 0.9 - 1 && behaviour.kind !== 'hangs') return false;
    if (behaviour.kind === 'hangs') return true;
    return (
      behaviour.kind === 'fails' &&
      (behaviour.reason === 'unavailable' || behaviour.reason === 'unauthorized') &&
      behaviour.retryAfterMs === undefined
    );
  };
  const theWellOne = (): number | undefined => {
    const [primary, ...others] = world.stores;
    if (primary === undefined) return undefined;
    if (isWell(primary)) return 0;
    const stillDown = isDown(primary);
    return stillDown && others.length === 1 && others[0] !== undefined && isWell(others[0]) ? 1 : undefined;
  };
  const weigh = (): void => {
    if (healthyMs === null || afterOutageMs === null || world.closed) {
      dueMs = undefined;
      return;
    }
    const nowMs = world.monotonicMs;
    const well = theWellOne();
    if (
      well !== wellStore ||
      (well !== undefined && (wellSinceMs === undefined || wellSinceMs < world.disturbedMonotonicMs))
    ) {
      wellStore = well;
      wellSinceMs = well === undefined ? undefined : nowMs;
    }
    const holds = well === undefined ? undefined : world.stores[well]?.holds;
    if (holds !== held) {
      held = holds;
      heldSinceMs = nowMs;
    }
    if (wellSinceMs === undefined) {
      dueMs = undefined;
      return;
    }
    const wasHealthy = heldSinceMs >= wellSinceMs + afterOutageMs + slackMs;
    dueMs = wasHealthy
      ? heldSinceMs + healthyMs + slackMs
      : Math.max(wellSinceMs, heldSinceMs) + afterOutageMs + slackMs;
  };
  let seen = world.stores.map(({ holds }) => holds);
  return {
    acted: weigh,
    disturbed: weigh,
    looksAtMonotonicMs: () => dueMs,
    stepped() {
      const { served } = world.driver.state();
      let learned = false;
      if (
        served?.revision !== undefined &&
        served.source !== undefined &&
        (served.origin.kind === 'primary' || served.origin.kind === 'fallback')
      ) {
        learned = newest[served.source] !== served.revision;
        newest[served.source] = served.revision;
      }
      // A read under way when a store went back may still bring what it held before: now what it holds is older.
      if (learned || world.stores.some(({ holds }, index) => holds !== seen[index])) {
        seen = world.stores.map(({ holds }) => holds);
        weigh();
      }
      if (
        dueMs === undefined ||
        world.closed ||
        world.monotonicMs < dueMs ||
        held === undefined ||
        wellStore === undefined
      )
        return;
      // It must have arrived by now, and it must stay.
      const { state } = world.peek();
      const wanted = keyOf(held.revision);
      const actual = served?.revision === undefined ? 'nothing' : keyOf(served.revision);
      const boundMs = dueMs - slackMs - Math.max(heldSinceMs, wellSinceMs ?? 0);
      if (
        served === undefined ||
        actual !== wanted ||
        served.source !== wellStore ||
        !held.text.includes(`"${nameOf(served.document)}"`)
      ) {
        world.violate(
          'a change arrives within the stated bound',
          `${wanted} of ${world.stores[wellStore]?.name} was to be served within ${boundMs} ms, and ${actual} is`,
        );
      } else if (settings.background && state !== (wellStore === 0 ? 'fresh' : 'degraded')) {
        // Where requests come rarely it may well be stale in between, and says so.
        world.violate(
          'what is verified within the bound is not stale',
          `${state}, although ${world.stores[wellStore]?.name} is well and the bound of ${boundMs} ms has passed`,
        );
      }
    },
  };
};
