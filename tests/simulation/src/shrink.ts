import type { Action, History } from './history.ts';

/**
 * The shortest history found that still fails in the same way: parts of the list of actions are left out, larger ones
 * first (Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, 2002), then what surrounds the client
 * is made plainer.
 */
export async function shrink(history: History, fails: (history: History) => Promise<boolean>): Promise<History> {
  let best = history;
  let parts = 2;
  while (best.actions.length > 1) {
    const size = Math.ceil(best.actions.length / parts);
    let smaller: History | undefined;
    for (let from = 0; from < best.actions.length && smaller === undefined; from += size) {
      const actions = best.actions.filter((_, index) => index < from || index >= from + size);
      const candidate = { ...best, actions };
      if (await fails(candidate)) smaller = candidate;
    }
    if (smaller !== undefined) {
      best = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts = Math.min(best.actions.length, parts * 2);
  }
  for (const plainer of PLAINER) {
    const candidate = plainer(best);
    if (candidate !== undefined && (await fails(candidate))) best = candidate;
  }
  return best;
}

/** Each makes one thing plainer, or says that it is plain already. */
const PLAINER: readonly ((history: History) => History | undefined)[] = [
  (history) => (history.actions.length === 1 ? { ...history, actions: [] } : undefined),
  ({ cache, ...history }) =>
    cache === undefined
      ? undefined
      : { ...history, cache: undefined, settings: { ...history.settings, hasCache: false } },
  (history) => (history.bootstrap ? { ...history, bootstrap: false } : undefined),
  (history) => {
    const { settings, stores } = history;
    if (stores.length === 1) return undefined;
    const actions = history.actions.filter((action) => !('store' in action) || action.store === 0);
    return {
      ...history,
      stores: stores.slice(0, 1),
      settings: { ...settings, sources: settings.sources.slice(0, 1) },
      actions,
    };
  },
  (history) => ({ ...history, stores: history.stores.map((store) => ({ ...store, tellsTime: false, memoryMs: 0 })) }),
  (history) => ({ ...history, stores: history.stores.map((store) => ({ ...store, remembers: false })) }),
  (history) => ({ ...history, stores: history.stores.map((store) => ({ ...store, revisions: 'counted' })) }),
  (history) => ({ ...history, machine: { ...history.machine, wallErrorMs: 0 } }),
  (history) => ({ ...history, machine: { ...history.machine, timerErrorMs: 0 } }),
  (history) => ({ ...history, machine: { ...history.machine, monotonicStartMs: 0 } }),
  (history) => ({ ...history, machine: { ...history.machine, bootResolutionMs: 1 } }),
  (history) => ({ ...history, settings: { ...history.settings, jitter: 0 } }),
  (history) => ({ ...history, settings: { ...history.settings, noticeSpreadMs: 0 } }),
  (history) => ({ ...history, settings: { ...history.settings, breaker: { ...history.settings.breaker, growth: 1 } } }),
  (history) => ({
    ...history,
    actions: history.actions.map((action): Action => (action.kind === 'refresh' ? { ...action, times: 1 } : action)),
  }),
  (history) => ({
    ...history,
    actions: history.actions.map((action): Action => (action.kind === 'notices' ? { ...action, count: 1 } : action)),
  }),
  (history) => ({
    ...history,
    actions: history.actions.map((action) => ({ ...action, atMs: Math.round(action.atMs) })),
  }),
];
