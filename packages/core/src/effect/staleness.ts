import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Option from 'effect/Option';
import type * as Scope from 'effect/Scope';
import * as Stream from 'effect/Stream';
import * as SubscriptionRef from 'effect/SubscriptionRef';
import { driverOf } from '../client/driver-of.ts';
import type { FlagClient } from '../client/flag-client.ts';
import { runnerIn } from '../drivers/background/boundary.ts';
import type { Freshness } from '../refresh/freshness.ts';
import { FlagsClosed } from './errors.ts';
import { CLOSED } from '../refresh/protocol.ts';

export interface StalenessShape {
  /** How far the flags can be trusted at this moment. */
  readonly freshness: Effect.Effect<Freshness>;
  /** The freshness of now, and then whenever its state turns. Ends with the client. */
  readonly changes: Stream.Stream<Freshness>;
  /** Waits until the primary source has confirmed the flags in time: `fresh`, and not `degraded`. */
  readonly awaitFresh: Effect.Effect<Freshness, FlagsClosed>;
}

/** How far the flags can be trusted. */
export class Staleness extends Context.Service<Staleness, StalenessShape>()('@clarity/flags-core/Staleness') {}

interface Standing {
  readonly freshness: Freshness;
  readonly closed: boolean;
}

export const stalenessOf = Effect.fnUntraced(function* (
  client: FlagClient,
): Effect.fn.Return<StalenessShape, never, Scope.Scope> {
  const driver = driverOf(client);
  const { now } = runnerIn(yield* Effect.context());
  const standing = yield* SubscriptionRef.make<Standing>({ freshness: client.freshness(), closed: false });
  // For as long as the client lives: what it tells last is that it is closed.
  const note = (freshness: Freshness, closed = false): void =>
    now(SubscriptionRef.set(standing, { freshness, closed }));
  client.on('fresh', (freshness) => note(freshness));
  client.on('stale', (freshness) => note(freshness));
  driver.onChange(({ phase }) => {
    if (phase === 'closed') note(client.freshness(), true);
  });
  const freshness = Effect.sync(() => client.freshness());
  /** What was noted when it turned has grown older since. */
  const present = (noted: Freshness): Effect.Effect<Freshness> =>
    Effect.map(freshness, (now) => (now.state === noted.state ? now : noted));
  const isClosed = ({ closed }: Standing): boolean => closed;
  const stands = SubscriptionRef.changes(standing);
  return {
    freshness,
    changes: stands.pipe(
      Stream.takeUntil(isClosed),
      Stream.map(({ freshness }) => freshness),
      Stream.changesWith((one, other) => one.state === other.state),
      Stream.mapEffect(present),
    ),
    awaitFresh: stands.pipe(
      Stream.takeUntil(isClosed, { excludeLast: true }),
      Stream.filter(({ freshness }) => freshness.state === 'fresh'),
      Stream.runHead,
      Effect.flatMap(
        Option.match({
          onNone: () => Effect.fail(new FlagsClosed({ message: CLOSED.message })),
          onSome: ({ freshness }) => present(freshness),
        }),
      ),
    ),
  };
});
