import type { DriverParts, Moment, RunningDriver, State } from '@clarity/flags-core/driver';
import { freshnessOf, initialState, nextState } from '@clarity/flags-core/driver';
import type { FlagDocument } from '@clarity/flags-core/evaluation';

/** A driver whose flags are in memory. It has no timer, store or file, and confirms its flags when somebody looks. */
export interface HeldFlags extends RunningDriver {
  /** From now on this is served, also by a closed client. `changed` listeners hear of it before this returns. */
  put(document: FlagDocument): void;
}

const EPOCH = 1;
const ORIGIN = { kind: 'primary', name: 'test client' } as const;

/** The driver of one client, with the document to begin with. */
export function holdFlags({ settings, outlets }: DriverParts, first: FlagDocument): HeldFlags {
  const listeners = new Set<(state: State, before: State) => void>();
  let state = initialState(settings);
  let version = 0;

  // Without boot time and chance: nothing here grows old, and nothing is spread.
  const now = (): Moment => ({ monotonicMs: performance.now(), wallMs: Date.now(), bootMs: undefined, random: 0 });
  const become = (changes: Partial<State>): void => {
    const before = state;
    const at = now();
    const [after, commands] = nextState(before, { ...changes, verifiedAt: at }, at);
    state = after;
    outlets.changed(after, before);
    for (const listener of listeners) listener(after, before);
    for (const command of commands) if (command.kind === 'announce') outlets.announce(command.announcement);
  };
  const put = (document: FlagDocument): void => {
    version += 1;
    const bytes = new TextEncoder().encode(JSON.stringify(document)).length;
    const revision = { epoch: EPOCH, version };
    become({ served: { document, bytes, revision, origin: ORIGIN, fetchedAt: now() } });
  };

  return {
    put,
    start: () => {
      state = { ...state, phase: 'running' };
      put(first);
    },
    state: () => state,
    now,
    freshness: () => {
      const at = now();
      return freshnessOf({ ...state, verifiedAt: at }, at);
    },
    refresh: async () => {
      if (state.phase === 'closed') return { ok: false, reason: 'closed', message: 'the client is closed' };
      return { ok: true, outcome: 'unchanged', revision: { epoch: EPOCH, version }, origin: ORIGIN };
    },
    resetBreaker: () => {
      // Never opens.
    },
    saved: () => Promise.resolve(),
    stop: () => become({ phase: 'closed' }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
