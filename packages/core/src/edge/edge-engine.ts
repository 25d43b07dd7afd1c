import type { Command } from '../decision/command.ts';
import { decide } from '../decision/decide.ts';
import type { DecisionEvent } from '../decision/event.ts';
import type { Freshness } from '../decision/freshness.ts';
import type { Moment } from '../decision/moment.ts';
import { type Decode, outcomeOfError, outcomeOfResult } from '../decision/read-outcome.ts';
import type { RefreshResult } from '../decision/refresh-result.ts';
import type { Settings } from '../decision/settings.ts';
import type { Loaded } from '../decision/snapshot.ts';
import { freshnessOf, initialState, type State } from '../decision/state.ts';
import type { TimerName } from '../decision/timers.ts';
import type { SnapshotCache } from '../ports/snapshot-cache.ts';
import type { FlagSource } from '../ports/source.ts';
import { toStoreError } from '../ports/store-error.ts';
import { utf8Length } from '../document/utf8-length.ts';

export interface EdgeParts {
  readonly settings: Settings;
  readonly sources: readonly FlagSource[];
  readonly cache: SnapshotCache | undefined;
  readonly bootstrap: Loaded | undefined;
  readonly decode: Decode;
  readonly now: () => Moment;
  /** Every command that is not about stores: announcements, log, metrics. Must not throw. */
  tell(command: Command): void;
  /** The state has changed; called before anything is told. */
  changed(state: State, before: State): void;
}

/** The decisions at work where nothing runs between requests. */
export interface EdgeEngine {
  readonly state: () => State;
  readonly freshness: () => Freshness;
  /** Does what is due at this moment, on behalf of the request that calls. */
  touch(): void;
  /** Settles when no refresh is under way any more; undefined when none is. */
  readonly flight: () => Promise<void> | undefined;
  refresh(force: boolean): Promise<RefreshResult>;
}

/** Timers that matter while a request waits. All others are looked at when the next request comes. */
const WITHIN_A_REQUEST: readonly TimerName[] = ['deadline', 'retry'];

/**
 * Drives the same decisions as the engine in the background does, by native promises. Timers and reads belong to the request that
 * began them and may die with it: whoever comes next finds the deadline passed and gives the flight up. Only plain values and one
 * promise are shared between requests.
 */
export function makeEdgeEngine(parts: EdgeParts): EdgeEngine {
  const { settings, sources, cache, decode, now } = parts;
  let state = initialState(settings);
  let cacheLoaded = cache === undefined;
  let landing: { readonly promise: Promise<void>; readonly land: () => void } | undefined;
  const reads = new Map<number, AbortController>();
  const answers = new Map<number, (result: RefreshResult) => void>();
  let requests = 0;

  const waiting: DecisionEvent[] = [];
  let taking = false;
  const dispatch = (event: DecisionEvent): void => {
    waiting.push(event);
    if (taking) return;
    taking = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) take(next);
    } finally {
      taking = false;
    }
  };
  const take = (event: DecisionEvent): void => {
    const before = state;
    const [after, commands] = decide(before, event, now());
    state = after;
    if (after !== before) parts.changed(after, before);
    if (after.flight !== undefined && landing === undefined) landing = newLanding();
    for (const timer of WITHIN_A_REQUEST) {
      const dueMs = after.timers[timer];
      if (dueMs !== undefined && dueMs !== before.timers[timer])
        setTimeout(touch, Math.max(1, Math.ceil(dueMs - now().monotonicMs)));
    }
    for (const command of commands) perform(command);
    if (after.flight === undefined) {
      landing?.land();
      landing = undefined;
    }
  };

  const perform = (command: Command): void => {
    switch (command.kind) {
      case 'read':
        return void read(command.read, command.source, command.known);
      case 'abort-read':
        abort(reads.get(command.read));
        reads.delete(command.read);
        return undefined;
      case 'save-cache':
        return void cache?.save(command.snapshot, new AbortController().signal).catch(cacheFailed('save'));
      case 'answer':
        for (const request of command.requests) {
          answers.get(request)?.(command.result);
          answers.delete(request);
        }
        return undefined;
      case 'load-cache':
      case 'subscribe':
      case 'unsubscribe':
        return undefined; // There is no background to do them in; the cache is loaded with the first request.
      case 'announce':
      case 'log':
      case 'count':
      case 'gauge':
      case 'observe':
        return parts.tell(command);
    }
  };

  const read = async (number: number, source: number, known: Parameters<FlagSource['read']>[0]): Promise<void> => {
    const from = sources[source];
    if (from === undefined) return;
    const controller = new AbortController();
    reads.set(number, controller);
    const outcome = await (async () => from.read(known, controller.signal))().then(
      (result) => outcomeOfResult(result, from.name, decode),
      (error: unknown) => outcomeOfError(error, from.name),
    );
    reads.delete(number);
    dispatch({ kind: 'read-settled', read: number, outcome });
  };

  const cacheFailed =
    (verb: string) =>
    (error: unknown): void =>
      dispatch({ kind: 'cache-failed', error: toStoreError(error, `${verb} of ${cache?.name}`) });

  const loadCache = async (): Promise<void> => {
    cacheLoaded = true;
    const cached = await cache?.load(new AbortController().signal);
    const decoded = cached === undefined ? undefined : decode(cached.text);
    if (cached === undefined || decoded === undefined || !decoded.ok) return;
    const loaded = { document: decoded.document, bytes: utf8Length(cached.text) };
    const { revision, source } = cached;
    dispatch({ kind: 'cache-loaded', cached: { loaded, revision, source, cache: cache?.name ?? 'cache' } });
  };

  const touch = (): void => {
    if (!cacheLoaded) loadCache().catch(cacheFailed('load'));
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
    flight: () => landing?.promise,
    refresh: (force) =>
      new Promise((resolve) => {
        requests += 1;
        answers.set(requests, resolve);
        // Asked first: a read that begins now makes a due tick needless, and a flight that its owner left behind is then given up.
        dispatch({ kind: 'refresh-asked', request: requests, force });
        touch();
      }),
  };
}

/** workerd refuses to touch what another request began, and throws. That read dies with its request; nobody listens to it. */
function abort(controller: AbortController | undefined): void {
  try {
    controller?.abort();
  } catch {
    // Given up all the same: its number is no longer the one under way.
  }
}

function newLanding(): { readonly promise: Promise<void>; readonly land: () => void } {
  let land = (): void => {};
  const promise = new Promise<void>((resolve) => {
    land = resolve;
  });
  return { promise, land };
}
