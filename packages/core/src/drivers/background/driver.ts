import * as Clock from 'effect/Clock';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Random from 'effect/Random';
import type * as Scope from 'effect/Scope';
import type { Command, DecisionEvent, RefreshResult, TimerName } from '../../refresh/protocol.ts';
import { decide } from '../../refresh/decide.ts';
import { makeRequests, oneByOne } from '../dispatcher.ts';
import type { Freshness } from '../../refresh/freshness.ts';
import type { Moment } from '../../refresh/moment.ts';
import { freshnessOf, initialState, type State } from '../../refresh/state.ts';
import { loadCache, makeCacheWriter } from './cache.ts';
import { makeFibers, monotonicMs, sleepUntil } from './fibers.ts';
import { outsideRequests } from '../../adapter-kit/outside-requests.ts';
import type { DriverParts } from '../parts.ts';
import { readSource } from './read-source.ts';
import { subscribeFeed } from './subscribe-feed.ts';

/** The decisions at work: hands them what happens and does what they ask for. */
export interface Driver {
  /** Reads and subscribes from now on. */
  start(): void;
  readonly state: () => State;
  readonly now: () => Moment;
  /** The freshness of this moment. What time has changed by itself is announced on the way. */
  readonly freshness: () => Freshness;
  readonly refresh: (force: boolean) => Effect.Effect<RefreshResult>;
  resetBreaker(): void;
  /** Resolves once no document is being saved any more. A save that began is left to end when the scope closes. */
  saved(): Promise<void>;
}

/**
 * A driver for the life of a scope. When the scope closes, nothing of it is left: no timer, no read, no subscription.
 */
export const makeDriver = Effect.fnUntraced(function* (
  parts: DriverParts,
): Effect.fn.Return<Driver, never, Scope.Scope> {
  const clock = yield* Clock.Clock;
  const random = yield* Random.Random;
  // Its own context and no more: fibers must not inherit the scheduler of the code that happens to call.
  const context = Context.make(Clock.Clock, clock).pipe(Context.add(Random.Random, random));
  const { settings, sources, feed, cache, outlets } = parts;

  let state = initialState(settings);
  const requests = makeRequests();

  const now = (): Moment => ({
    monotonicMs: monotonicMs(clock),
    wallMs: clock.currentTimeMillisUnsafe(),
    bootMs: parts.bootTimeMs(),
    random: random.nextDoubleUnsafe(),
  });

  const takeInTurn = oneByOne<DecisionEvent>((event) => take(event));
  // All that goes on in the background begins here, whether a caller, a timer or a feed brings the event: a caller's
  // request must not go on with it (F63).
  const dispatch = (event: DecisionEvent): void => outsideRequests(() => takeInTurn(event));
  const take = (event: DecisionEvent): void => {
    const before = state;
    const [after, commands] = decide(before, event, now());
    state = after;
    if (after !== before) outlets.changed(after, before);
    // Callers who wait for a change hear of it first: timers are set by the time at which they are due, and can wait
    // that long.
    try {
      for (const command of commands) perform(command);
    } finally {
      const rang = event.kind === 'timer' ? event.timer : undefined;
      if (after.timers !== before.timers) setTimers(before.timers, after.timers, rang);
    }
  };

  const onDefect = (cause: unknown): void =>
    outlets.log({ level: 'error', message: 'internal error in the refresh driver', fields: { cause: String(cause) } });
  const timers = makeFibers<TimerName>(context, onDefect);
  const reads = makeFibers<number>(context, onDefect);
  const subscriptions = makeFibers<number>(context, onDefect);
  const caching = makeFibers<'load' | 'save'>(context, onDefect);
  const saveCache = makeCacheWriter(cache, clock, (save) => caching.run('save', save), dispatch);

  const setTimers = (before: State['timers'], after: State['timers'], rang: TimerName | undefined): void => {
    for (const timer of Object.keys({ ...before, ...after }) as TimerName[]) {
      const dueMs = after[timer];
      // One that rang and is wanted again for the same time, as rounding can have it, runs no more.
      if (dueMs === before[timer] && timer !== rang) continue;
      if (dueMs === undefined) timers.end(timer);
      else {
        const ring = Effect.sync(() => dispatch({ kind: 'timer', timer }));
        timers.run(
          timer,
          Effect.flatMap(sleepUntil(clock, dueMs), () => ring),
        );
      }
    }
  };

  const perform = (command: Command): void => {
    switch (command.kind) {
      case 'read': {
        const { read } = command;
        const source = sources[command.source];
        if (source === undefined) return;
        const settled = Effect.map(readSource(source, command.known, command.announced, parts.decode), (outcome) =>
          dispatch({ kind: 'read-settled', read, outcome }),
        );
        return reads.run(read, settled);
      }
      case 'abort-read':
        return reads.end(command.read);
      case 'subscribe':
        return feed === undefined
          ? undefined
          : subscriptions.run(command.subscription, subscribeFeed(feed, command.subscription, dispatch));
      case 'unsubscribe':
        return subscriptions.end(command.subscription);
      case 'load-cache':
        return cache === undefined ? undefined : caching.run('load', loadCache(cache, clock, parts.decode, dispatch));
      case 'save-cache':
        return saveCache(command.snapshot);
      case 'answer':
        return requests.answer(command.requests, command.result);
      case 'announce':
        return outlets.announce(command.announcement);
      case 'log':
        return outlets.log(command.entry);
      case 'count':
        return outlets.metrics.count(command.name, command.labels);
      case 'gauge':
        return outlets.metrics.gauge(command.name, command.value, command.labels);
      case 'observe':
        return outlets.metrics.observe(command.name, command.value);
    }
  };

  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      dispatch({ kind: 'close' });
      for (const fibers of [timers, reads, subscriptions]) fibers.endAll();
      caching.end('load');
    }),
  );

  return {
    start: () => dispatch({ kind: 'start', bootstrap: parts.bootstrap }),
    state: () => state,
    now,
    freshness: () => {
      const moment = now();
      const freshness = freshnessOf(state, moment);
      if (freshness.state !== state.announced) dispatch({ kind: 'observed' });
      return freshnessOf(state, moment);
    },
    refresh: (force) =>
      Effect.callback<RefreshResult>((resume) => {
        const request = requests.open((result) => resume(Effect.succeed(result)));
        dispatch({ kind: 'refresh-asked', request, force });
        return Effect.sync(() => requests.forget(request));
      }),
    resetBreaker: () => dispatch({ kind: 'breaker-reset' }),
    saved: () => caching.ended('save'),
  };
});
