import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import type * as Stream from 'effect/Stream';
import { driverOf } from '../client/driver-of.ts';
import type { ClientEvents } from '../client/events/events.ts';
import type { FlagClient } from '../client/flag-client.ts';
import type { BreakerStateName } from '../refresh/freshness.ts';
import { BreakerOpen } from './errors.ts';
import { eventsOf } from './events-of.ts';

export interface BreakerShape {
  readonly state: Effect.Effect<BreakerStateName>;
  /**
   * Each transition from now on; first of all how it stands, where it is not closed. Ends with the client; a slow
   * reader loses the oldest of more than 16.
   */
  readonly changes: Stream.Stream<ClientEvents['breaker']>;
  /** Closes it at once and forgets its failures. */
  readonly reset: Effect.Effect<void>;
  /**
   * Runs the effect unless the breaker is open: for anything else that needs the same store. While its probe runs it is
   * refused too, until that has ended or passed its deadline. What becomes of the effect teaches the breaker nothing:
   * only the client's own reads count. For a breaker that learns from what it protects see `makeCircuitBreaker`.
   */
  protect<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | BreakerOpen, R>;
}

/** The breaker between the client and its store. */
export class Breaker extends Context.Service<Breaker, BreakerShape>()('@clarity/flags-core/Breaker') {}

export function breakerOf(client: FlagClient): BreakerShape {
  const driver = driverOf(client);
  return {
    state: Effect.sync(() => client.breakerState()),
    changes: eventsOf(client, (tell) => client.on('breaker', tell)),
    reset: Effect.sync(() => client.resetBreaker()),
    protect: <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.suspend((): Effect.Effect<A, E | BreakerOpen, R> => {
        const { state, retryAfterMs } = client.freshness().breaker;
        if (state === 'closed') return effect;
        return Effect.fail(
          new BreakerOpen({ retryAfterMs: Math.ceil(retryAfterMs ?? driver.state().settings.timeoutMs) }),
        );
      }),
  };
}
