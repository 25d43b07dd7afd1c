import { unref } from '../adapter-kit/unref.ts';
import { type Decode, outcomeOfCached, outcomeOfError, outcomeOfResult } from './readings.ts';
import type { TimerName, Command, DecisionEvent, RefreshResult } from '../refresh/protocol.ts';
import type { Signals } from '../refresh/turn.ts';
import type { Freshness } from '../refresh/freshness.ts';
import { makeDecide } from '../refresh/decide.ts';
import { makeRequests, oneByOne } from './dispatcher.ts';
import type { Moment } from '../refresh/moment.ts';
import type { Settings } from '../refresh/settings.ts';
import type { Loaded } from '../refresh/snapshot.ts';
import { freshnessOf, initialState, type State } from '../refresh/state.ts';
import type { SnapshotCache } from '../ports/snapshot-cache.ts';
import type { FlagSource } from '../ports/source.ts';
import { failureOf } from '../ports/store-error.ts';

export interface InRequestParts {
  readonly settings: Settings;
  readonly sources: readonly FlagSource[];
  readonly cache: SnapshotCache | undefined;
  readonly bootstrap: Loaded | undefined;
  readonly decode: Decode;
  readonly now: () => Moment;
  /** Runs something after a while, and returns what cancels that. Default: the runtime's own timers. */
  readonly wait?: Wait;
  /** What puts decisions into log, metrics and announcements. Without it nothing is told. */
  readonly signals?: Signals | undefined;
  /** Every command that comes of signals. Must not throw. */
  tell?(command: Command): void;
  /** The state has changed; called before anything is told. */
  changed(state: State, before: State): void;
}

export type Wait = (ms: number, run: () => void) => () => void;

/** The decisions at work where nothing runs between requests. */
export interface InRequestDriver {
  readonly state: () => State;
  readonly freshness: () => Freshness;
  /** Does what is due at this moment, on behalf of the request that calls. */
  touch(): void;
  /** Settles when no refresh, and no work on the cache, is under way any more; undefined when none is. */
  readonly flight: () => Promise<void> | undefined;
  refresh(force: boolean): Promise<RefreshResult>;
}

/**
 * When the timer is due that matters while a request waits: of a read, or of the second attempt, which never run
 * together. All others are looked at when the next request comes.
 */
function dueWithin({ timers }: State): number | undefined {
  return timers.deadline ?? timers.retry;
}

/**
 * Drives the same decisions as the driver in the background does, by native promises. Timers and reads belong to the
 * request that began them and may die with it: the next request finds the deadline passed and gives the flight up. Only
 * plain values and one promise are shared between requests.
 */
export function makeInRequestDriver(parts: InRequestParts): InRequestDriver {
  const { settings, sources, cache, decode, now, signals, wait = waitInRuntime } = parts;
  const decide = makeDecide({ signals });
  let state = initialState(settings);
  let cacheLoaded = cache === undefined;
  let landing: { readonly promise: Promise<void>; readonly land: () => void } | undefined;
  const reads = new Map<number, AbortController>();
  const requests = makeRequests();

  const dispatch = oneByOne<DecisionEvent>((event) => take(event));
  const take = (event: DecisionEvent): void => {
    const before = state;
    const [after, commands] = decide(before, event, now());
    state = after;
    if (after !== before) parts.changed(after, before);
    if (after.flight !== undefined && landing === undefined) landing = newLanding();
    if (dueWithin(after) !== dueWithin(before)) ringAnew(dueWithin(after));
    for (const command of commands) perform(command);
    if (after.flight === undefined) {
      landing?.land();
      landing = undefined;
    }
  };

  const cancels = new Set<() => void>();
  const ringAnew = (dueMs: number | undefined): void => {
    for (const cancel of cancels) cancel();
    cancels.clear();
    ringAt(dueMs);
  };
  /** Timers of runtimes may ring a little early; then what is left is waited for. */
  const ringAt = (dueMs: number | undefined): void => {
    if (dueMs === undefined) return;
    const cancel = wait(Math.max(1, Math.ceil(dueMs - now().monotonicMs)), () => {
      cancels.delete(cancel);
      if (now().monotonicMs >= dueMs) touch();
      else ringAt(dueMs);
    });
    cancels.add(cancel);
  };

  const perform = (command: Command): void => {
    if (command.kind === 'read') void read(command.read, command.source, command.known);
    else if (command.kind === 'abort-read') {
      quietly(() => reads.get(command.read)?.abort());
      reads.delete(command.read);
    } else if (command.kind === 'save-cache') {
      whileOpen('save', () => cache?.save(command.snapshot, new AbortController().signal));
    } else if (command.kind === 'answer') {
      requests.answer(command.requests, command.result);
    } else parts.tell?.(command); // What a background would bring is not asked for here.
  };

  const read = async (number: number, source: number, known: Parameters<FlagSource['read']>[0]): Promise<void> => {
    const from = sources[source]!;
    const controller = new AbortController();
    reads.set(number, controller);
    const outcome = await (async () => from.read(known, controller.signal))().then(
      (result) => outcomeOfResult(result, from.name, decode),
      (error: unknown) => outcomeOfError(error, from.name),
    );
    reads.delete(number);
    dispatch({ kind: 'read-settled', read: number, outcome });
  };

  /** Work on the cache that a request has to outlive. */
  const caching = new Set<Promise<void>>();
  const whileOpen = (verb: 'load' | 'save', work: () => Promise<void> | undefined): void => {
    // In a function of its own: what it throws is a rejection like any other.
    const open = (async () => work())().catch((error: unknown) =>
      dispatch({ kind: 'cache-failed', verb, error: failureOf(error, `${verb} of ${cache?.name}`) }),
    );
    caching.add(open);
    void open.finally(() => caching.delete(open));
  };
  const loadCache = async (): Promise<void> => {
    const cached = await cache?.load(new AbortController().signal);
    cacheLoaded = true;
    dispatch(outcomeOfCached(cached, cache?.name ?? 'cache', decode));
  };

  const touch = (): void => {
    // Again with the next request, should this one die before it is there.
    if (!cacheLoaded && caching.size === 0) whileOpen('load', loadCache);
    const { monotonicMs } = now();
    for (const [timer, dueMs] of Object.entries(state.timers)) {
      if (dueMs <= monotonicMs) dispatch({ kind: 'timer', timer: timer as TimerName });
    }
  };

  dispatch({ kind: 'start', bootstrap: parts.bootstrap });

  return {
    state: () => state,
    freshness: () => {
      if (freshnessOf(state, now()).state !== state.announced) dispatch({ kind: 'observed' });
      return freshnessOf(state, now());
    },
    touch,
    flight: () =>
      landing === undefined && caching.size === 0
        ? undefined
        : // A save begins when the flight lands, so it is waited for after that.
          Promise.all([landing?.promise, ...caching]).then(async () => void (await Promise.all(caching))),
    refresh: (force) =>
      new Promise((resolve) => {
        const request = requests.open(resolve);
        // Asked first: a read that begins now makes a due tick needless, and a flight that its owner left behind is
        // then given up.
        const joins = state.flight !== undefined;
        dispatch({ kind: 'refresh-asked', request, force });
        touch();
        // The timer of a flight may have died with the request that began it: each request that waits for it has its
        // own.
        if (joins) ringAt(dueWithin(state));
      }),
  };
}

/**
 * workerd refuses to touch what another request began, and may throw. That dies with its request; nobody listens to it
 * any more.
 */
function quietly(end: () => void): void {
  try {
    end();
  } catch {
    // Given up all the same: decisions know what is under way by number.
  }
}

function waitInRuntime(ms: number, run: () => void): () => void {
  const timer = unref(setTimeout(run, ms));
  return () => quietly(() => clearTimeout(timer));
}

function newLanding(): { readonly promise: Promise<void>; readonly land: () => void } {
  let land = (): void => {};
  const promise = new Promise<void>((resolve) => {
    land = resolve;
  });
  return { promise, land };
}
