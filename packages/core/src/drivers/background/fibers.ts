import type * as Clock from 'effect/Clock';
import type * as Context from 'effect/Context';
import * as Duration from 'effect/Duration';
import * as Effect from 'effect/Effect';
import type * as Fiber from 'effect/Fiber';

/** Running effects by key: at most one each. A new one for a key ends the one before. */
export interface Fibers<Key> {
  run(key: Key, effect: Effect.Effect<void>): void;
  end(key: Key): void;
  endAll(): void;
  /** Resolves once no effect of this key runs. */
  ended(key: Key): Promise<void>;
}

/**
 * Fibers that are started from plain callbacks. They begin at once, are ended without waiting for them, and what they
 * do must end in success: a defect is handed to `onDefect`, since nobody else observes a detached fiber.
 */
export function makeFibers<Key>(context: Context.Context<never>, onDefect: (cause: unknown) => void): Fibers<Key> {
  const running = new Map<Key, Fiber.Fiber<void>>();
  const fork = Effect.runForkWith(context);
  const end = (key: Key): void => {
    const fiber = running.get(key);
    running.delete(key);
    fiber?.interruptUnsafe();
  };
  return {
    run(key, effect) {
      end(key);
      const fiber = fork(effect);
      running.set(key, fiber);
      fiber.addObserver((exit) => {
        if (running.get(key) === fiber) running.delete(key);
        if (exit._tag === 'Failure' && exit.cause.reasons.some((reason) => reason._tag === 'Die')) onDefect(exit.cause);
      });
    },
    end,
    endAll() {
      for (const key of running.keys()) end(key);
    },
    async ended(key) {
      const fiber = running.get(key);
      if (fiber !== undefined) await new Promise<void>((resolve) => fiber.addObserver(() => resolve()));
    },
  };
}

/**
 * Sleeps until this monotonic clock has reached `dueMs`: timers may ring early, and long sleeps come in pieces. What a
 * timer left is waited for with a millisecond to spare (`spareMs`), or one that rings early would do so again.
 */
export function sleepUntil(clock: Clock.Clock, dueMs: number, spareMs = 0): Effect.Effect<void> {
  return Effect.suspend(() => {
    const leftMs = dueMs - monotonicMs(clock);
    return leftMs <= 0
      ? Effect.void
      : Effect.flatMap(clock.sleep(Duration.millis(Math.ceil(leftMs) + spareMs)), () => sleepUntil(clock, dueMs, 1));
  });
}

export function monotonicMs(clock: Clock.Clock): number {
  return Number(clock.monotonicTimeNanosUnsafe()) / 1e6;
}
