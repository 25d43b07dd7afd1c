import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import type * as Stream from 'effect/Stream';
import { driverOf } from '../client/driver-of.ts';
import type { ClientEvents } from '../client/events/events.ts';
import type { FlagClient } from '../client/flag-client.ts';
import type { RefreshResult } from '../refresh/protocol.ts';
import type { Beat } from '../refresh/rhythm.ts';
import { beatOf } from '../refresh/schedule.ts';
import { type BreakerOpen, type FlagsClosed, type RefreshError, refreshError } from './errors.ts';
import { eventsOf } from './events-of.ts';
import type { Spans } from './spans.ts';

/** A refresh that verified the flags: what it changed, by which source, to which revision. */
export type Refreshed = Extract<RefreshResult, { readonly ok: true }>;

export interface RefreshShape {
  /**
   * Reads the store now, or right after the read under way. An interruption ends the wait; a read that others may wait
   * for goes on, until its deadline at most.
   */
  readonly now: Effect.Effect<Refreshed, RefreshError>;
  /**
   * The same, as the probe of an open breaker. It fails with `BreakerOpen` only while another probe counts as under
   * way, and no read belongs to it any more.
   */
  readonly forced: Effect.Effect<Refreshed, RefreshError>;
  /** What the pause before the next read depends on now, for a program that reads by a `refreshRhythm` of its own. */
  readonly beat: Effect.Effect<Beat>;
  /**
   * What goes wrong from now on, with the refreshes of the background too, and with the feed, which the breaker does
   * not count. The message begins with the name of the source or feed. Ends with the client; a slow reader loses the
   * oldest of more than 16.
   */
  readonly failures: Stream.Stream<Exclude<RefreshError, BreakerOpen | FlagsClosed>>;
  /**
   * Each document that replaces another, from now on. Ends with the client; a reader that is slow loses the oldest of
   * more than 16.
   */
  readonly changes: Stream.Stream<ClientEvents['changed']>;
  /** Each time that a store turns out to have lost what was served (F90), from now on. Ends with the client. */
  readonly lostWrites: Stream.Stream<ClientEvents['store.lost-writes']>;
}

/** Reading the store. */
export class Refresh extends Context.Service<Refresh, RefreshShape>()('@clarity/flags-core/Refresh') {}

export function refreshOf(client: FlagClient, spans: Spans): RefreshShape {
  const driver = driverOf(client);
  const refresh = (force: boolean): Effect.Effect<Refreshed, RefreshError> =>
    spans.asked(
      Effect.flatMap(
        Effect.promise((signal) => driver.refresh(force, signal)),
        (result) => (result.ok ? Effect.succeed(result) : Effect.fail(refreshError(result))),
      ),
      force,
    );
  return {
    now: refresh(false),
    forced: refresh(true),
    beat: Effect.sync(() => beatOf(driver.state(), driver.now())),
    failures: eventsOf(client, (tell) =>
      client.on('error', (problem) => {
        const error = refreshError({ ...problem, message: `${problem.source}: ${problem.message}` });
        // Those are answers to who asked, and no failure of a store.
        if (error._tag !== 'BreakerOpen' && error._tag !== 'FlagsClosed') tell(error);
      }),
    ),
    changes: eventsOf(client, (tell) => client.on('changed', tell)),
    lostWrites: eventsOf(client, (tell) => client.on('store.lost-writes', tell)),
  };
}
