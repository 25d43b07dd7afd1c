/**
 * Where plain code meets effects. Nothing that Effect calls unsafe, and nothing that runs an effect, stands in another
 * file of this package's sources: `scripts/check-boundary.mjs` holds that.
 */
import type * as Cause from 'effect/Cause';
import type * as Clock from 'effect/Clock';
import type * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import type * as Fiber from 'effect/Fiber';
import * as Queue from 'effect/Queue';
import type * as Random from 'effect/Random';
import * as Ref from 'effect/Ref';
import * as Scope from 'effect/Scope';
import { outsideRequests } from '../../adapter-kit/outside-requests.ts';
import type { Moment } from '../../refresh/moment.ts';
import type { DecisionEvent } from '../../refresh/protocol.ts';
import { inMs } from './sleep.ts';

/**
 * Tells of an event from plain code: it is decided upon before this returns, unless a decision is under way. All that
 * goes on in the background begins here, and the request of somebody who asks must not go on with it (F63). False once
 * the client is closed.
 */
export const postTo =
  (events: Queue.Enqueue<DecisionEvent, Cause.Done>) =>
  (event: DecisionEvent): boolean =>
    outsideRequests(() => {
      const taken = Queue.offerUnsafe(events, event);
      Queue.flushUnsafe(events);
      return taken;
    });

/** What a reference holds now. */
export const held = <A>(ref: Ref.Ref<A>): A => Ref.getUnsafe(ref);

/** A reader of the moment. */
export const momentBy =
  (
    clock: Clock.Clock,
    random: (typeof Random.Random)['Service'],
    bootTimeMs: () => number | undefined,
  ): (() => Moment) =>
  () => ({
    monotonicMs: inMs(clock.monotonicTimeNanosUnsafe()),
    wallMs: clock.currentTimeMillisUnsafe(),
    bootMs: bootTimeMs(),
    random: random.nextDoubleUnsafe(),
  });

/**
 * Makes something that lives until it is closed. Closing does what can be done at once before it returns, and waits for
 * nothing.
 */
export const opened = <A>(
  make: Effect.Effect<A, never, Scope.Scope>,
  context: Context.Context<never>,
): { readonly made: A; readonly close: () => void } => {
  const scope = Scope.makeUnsafe();
  return {
    made: outsideRequests(() => Effect.runSyncWith(context)(Scope.provide(make, scope))),
    // Not by `runSync`: a listener that closes is called by the very fiber that closing waits for.
    close: () => void Effect.runFork(Scope.close(scope, Exit.void)),
  };
};

/** What an effect comes to that needs nothing and does not wait. */
export const valueOf = <A>(effect: Effect.Effect<A>): A => Effect.runSync(effect);

/** What an effect comes to, as a promise. Aborting `signal` interrupts it. */
export const promiseOf = <A>(effect: Effect.Effect<A>, signal?: AbortSignal): Promise<A> =>
  Effect.runPromise(effect, { signal });

/** How plain code runs effects that need `R`, in a context of theirs. */
export interface Runner<R> {
  /** What it comes to, at once: for effects that wait for nothing. Throws what they fail with. */
  readonly now: <A, E>(effect: Effect.Effect<A, E, R>) => A;
  /** Begins at once, and goes on by itself. */
  readonly fork: <A, E>(effect: Effect.Effect<A, E, R>) => Fiber.Fiber<A, E>;
  /** What it comes to, as a promise that is rejected with what it fails with. */
  readonly promise: <A, E>(effect: Effect.Effect<A, E, R>, signal: AbortSignal) => Promise<A>;
}

export const runnerIn = <R>(context: Context.Context<R>): Runner<R> => {
  const promise = Effect.runPromiseWith(context);
  return {
    now: Effect.runSyncWith(context),
    fork: Effect.runForkWith(context),
    promise: (effect, signal) => promise(effect, { signal }),
  };
};
