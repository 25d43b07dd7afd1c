import * as Effect from 'effect/Effect';
import * as Fiber from 'effect/Fiber';
import type * as Scope from 'effect/Scope';

/**
 * Fibers by name, at most one each, that end with a scope. These three functions of Effect's own `FiberMap` are all
 * that a driver uses, and are 1.3 KB less of every application.
 */
export interface FiberMap<Name> {
  readonly running: Map<Name, Fiber.Fiber<void>>;
  readonly scope: Scope.Scope;
}

export const makeFiberMap = <Name>(): Effect.Effect<FiberMap<Name>, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => ({ running: new Map(), scope }));

/** Begins at once, in place of what ran by this name. */
export const runFiber = <Name, R>(
  { running, scope }: FiberMap<Name>,
  name: Name,
  effect: Effect.Effect<void, never, R>,
): Effect.Effect<void, never, R> =>
  Effect.andThen(
    endFiber({ running, scope }, name),
    Effect.map(Effect.forkIn(effect, scope, { startImmediately: true }), (fiber) => {
      running.set(name, fiber);
      fiber.addObserver(() => {
        if (running.get(name) === fiber) running.delete(name);
      });
    }),
  );

/** When this returns nothing of this name runs. */
export const endFiber = <Name>({ running }: FiberMap<Name>, name: Name): Effect.Effect<void> =>
  Effect.suspend(() => {
    const fiber = running.get(name);
    return fiber === undefined ? Effect.void : Fiber.interrupt(fiber);
  });
