import type * as Cause from 'effect/Cause';
import * as Clock from 'effect/Clock';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Fiber from 'effect/Fiber';
import * as Queue from 'effect/Queue';
import * as Random from 'effect/Random';
import * as Ref from 'effect/Ref';
import type * as Scope from 'effect/Scope';
import type { CachedSnapshot } from '../../ports/snapshot-cache.ts';
import { decide } from '../../refresh/decide.ts';
import type { Moment } from '../../refresh/moment.ts';
import { CLOSED, type DecisionEvent, type RefreshResult } from '../../refresh/protocol.ts';
import { initialState, type State } from '../../refresh/state.ts';
import { makeRequests } from '../dispatcher.ts';
import type { DriverParts } from '../parts.ts';
import { momentBy, postTo } from './boundary.ts';
import { saveEach } from './cache.ts';
import { makeFiberMap } from './fiber-map.ts';
import { guarded } from './fibers.ts';
import { interpret } from './interpret.ts';
import {
  Around,
  Cache,
  Events,
  Feed,
  Fibers,
  Outlet,
  type Running,
  Saves,
  type Services,
  Sources,
  tell,
  Waiting,
} from './services.ts';
import { setTimers } from './timers.ts';

/** The decisions at work: one fiber takes what happens, decides, and does what was decided. */
export interface Driver {
  readonly state: Ref.Ref<State>;
  /** The moment by the driver's clock. */
  readonly now: () => Moment;
  /** Tells of an event; false once the driver is closed. */
  readonly post: (event: DecisionEvent) => boolean;
  readonly refresh: (force: boolean) => Effect.Effect<RefreshResult>;
  /** Once the driver is closed: waits until no document is being saved any more. */
  readonly saved: Effect.Effect<void>;
}

/**
 * A driver for the life of a scope. When the scope closes nothing of it is left but a save that began: no timer, no
 * read, no subscription.
 */
export const makeDriver = Effect.fnUntraced(function* (
  parts: DriverParts,
): Effect.fn.Return<Driver, never, Scope.Scope> {
  const clock = yield* Clock.Clock;
  const random = yield* Random.Random;
  const state = yield* Ref.make(initialState(parts.settings));
  const events = yield* Queue.unbounded<DecisionEvent, Cause.Done>();
  const saves = yield* Queue.sliding<CachedSnapshot, Cause.Done>(1);
  const waiting = makeRequests();
  // Its own context and no more: fibers must not inherit the scheduler of those who happen to call.
  const context: Context.Context<Services> = Context.make(Clock.Clock, clock).pipe(
    Context.add(Random.Random, random),
    Context.add(Sources, parts),
    Context.add(Feed, parts.feed),
    Context.add(Cache, parts),
    Context.add(Outlet, parts.outlets),
    Context.add(Events, events),
    Context.add(Saves, saves),
    Context.add(Waiting, waiting),
    Context.add(Around, yield* Around),
    Context.add(Fibers, yield* makeFiberMap<Running>()),
  );
  const here = <A, E>(effect: Effect.Effect<A, E, Services>): Effect.Effect<A, E> =>
    Effect.updateContext(effect, () => context);
  const now = momentBy(clock, random, parts.bootTimeMs);

  const take = Effect.fnUntraced(function* (event: DecisionEvent): Effect.fn.Return<void, never, Services> {
    const before = yield* Ref.get(state);
    const [after, commands] = decide(before, event, now());
    yield* Ref.set(state, after);
    if (after !== before) parts.outlets.changed(after, before);
    // Those who wait for a change hear of it first: timers are set by the time at which they are due, and can wait that
    // long.
    for (const command of commands) yield* guarded(interpret(command));
    if (after.timers !== before.timers) {
      yield* setTimers(before.timers, after.timers, event.kind === 'timer' ? event.timer : undefined);
    }
  });

  const loop = yield* Effect.forkScoped(
    here(
      Effect.forever(
        Effect.flatMap(Queue.take(events), (event) => guarded(take(event))),
        { disableYield: true },
      ),
    ),
    { startImmediately: true },
  );
  // Not a fiber of the scope: a save that began is left to end.
  const saving =
    parts.cache === undefined
      ? undefined
      : yield* Effect.forkDetach(here(saveEach(parts.cache)), { startImmediately: true });

  yield* Effect.addFinalizer(() =>
    here(tell({ kind: 'close' })).pipe(
      Effect.andThen(Queue.end(events)),
      Effect.andThen(Fiber.await(loop)),
      Effect.andThen(Queue.end(saves)),
    ),
  );

  const post = postTo(events);
  return {
    state,
    now,
    post,
    refresh: (force) =>
      Effect.callback<RefreshResult>((resume) => {
        const request = waiting.open((result) => resume(Effect.succeed(result)));
        // Once the driver is closed nobody answers any more.
        if (!post({ kind: 'refresh-asked', request, force })) waiting.answer([request], CLOSED);
        return Effect.sync(() => waiting.forget(request));
      }),
    saved: saving === undefined ? Effect.void : Effect.asVoid(Fiber.await(saving)),
  };
});
