interface NodeGlobals {
  readonly process?: {
    getBuiltinModule?(name: string): { readonly AsyncLocalStorage?: { snapshot?(): Run } } | undefined;
  };
}

type Run = <T>(work: () => T) => T;

/**
 * Runs something as it would run outside of every request: in the async context in which this module was loaded, where
 * the runtime has such contexts. Timers and reads keep the context in which they were begun, and hand it on to what
 * they begin. A client that is made, or asked to refresh, within a request would otherwise poll on that request's
 * behalf for ever, and hold what belongs to it (F63).
 */
export const outsideRequests: Run = /* @__PURE__ */ snapshotNow();

function snapshotNow(): Run {
  try {
    const { AsyncLocalStorage } = (globalThis as NodeGlobals).process?.getBuiltinModule?.('node:async_hooks') ?? {};
    const run = AsyncLocalStorage?.snapshot?.();
    if (typeof run === 'function') return run;
  } catch {
    // A runtime that has the name and refuses to be asked.
  }
  return (work) => work();
}
