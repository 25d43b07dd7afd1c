/** What a driver stands on. The type of an effect says which of these it uses. */
import type * as Cause from 'effect/Cause';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Queue from 'effect/Queue';
import type { CachedSnapshot } from '../../ports/snapshot-cache.ts';
import type { DecisionEvent, ReadOutcome, TimerName } from '../../refresh/protocol.ts';
import type { Requests } from '../dispatcher.ts';
import type { DriverParts } from '../parts.ts';
import type { FiberMap } from './fiber-map.ts';

export class Sources extends Context.Service<Sources, Pick<DriverParts, 'sources' | 'decode'>>()(
  '@clarity/flags-core/Sources',
) {}

export class Feed extends Context.Service<Feed, DriverParts['feed']>()('@clarity/flags-core/Feed') {}

export class Cache extends Context.Service<Cache, Pick<DriverParts, 'cache' | 'decode'>>()(
  '@clarity/flags-core/Cache',
) {}

export class Outlet extends Context.Service<Outlet, DriverParts['outlets']>()('@clarity/flags-core/Outlet') {}

/** What happens, in its order. It ends when the client is closed. */
export class Events extends Context.Service<Events, Queue.Queue<DecisionEvent, Cause.Done>>()(
  '@clarity/flags-core/Events',
) {}

/** The document that waits to be saved: of those that come during a save only the last is worth saving. */
export class Saves extends Context.Service<Saves, Queue.Queue<CachedSnapshot, Cause.Done>>()(
  '@clarity/flags-core/Saves',
) {}

/** The refreshes that somebody waits for, by number. */
export class Waiting extends Context.Service<Waiting, Requests>()('@clarity/flags-core/Waiting') {}

export type Running = 'load' | `timer ${TimerName}` | `read ${number}` | `subscription ${number}`;

/** The fibers that commands and timers have begun, by name. */
export class Fibers extends Context.Service<Fibers, FiberMap<Running>>()('@clarity/flags-core/Fibers') {}

/**
 * What is put around a piece of work that has a name, from the named source: nothing for plain users, a span for those
 * of Effect. So the plain client carries no tracer of Effect with it.
 */
export const Around = Context.Reference<Wrap>('@clarity/flags-core/Around', {
  defaultValue: () => (_name, _source, effect) => effect,
});
type Wrap = <R>(
  name: 'flags.read' | 'flags.decode',
  source: string,
  effect: Effect.Effect<ReadOutcome, never, R>,
) => Effect.Effect<ReadOutcome, never, R>;

/** All that commands may need. */
export type Services = Sources | Feed | Cache | Outlet | Events | Saves | Waiting | Fibers;

/**
 * Something has happened. It is decided upon before this returns, unless a decision is under way: then right after that
 * one. False once the client is closed. `flush` hands the event to the fiber that decides; without it that fiber would
 * wake a turn of the event loop later.
 */
export const tell = (event: DecisionEvent): Effect.Effect<boolean, never, Events> =>
  Events.use((events) => Effect.flatMap(Queue.offer(events, event), (taken) => Effect.as(Queue.flush(events), taken)));
