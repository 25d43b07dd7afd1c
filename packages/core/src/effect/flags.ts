import * as Context from 'effect/Context';
import * as Data from 'effect/Data';
import * as Effect from 'effect/Effect';
import type { FlagEvaluations } from '../client/answers/flag-evaluations.ts';
import { driverOf } from '../client/driver-of.ts';
import type { FlagClient, ReadyOptions } from '../client/flag-client.ts';
import { CLOSED } from '../refresh/protocol.ts';
import { FlagsClosed } from './errors.ts';

/** The wait for flags was in vain; the client goes on trying. */
export class FlagsNotReady extends Data.TaggedError('FlagsNotReady')<{ readonly message: string }> {}

/** Questions about flags: plain synchronous calls, as everywhere. */
export interface FlagsShape extends FlagEvaluations {
  readonly forContext: FlagClient['forContext'];
  /** Waits for the first flags, as `ready` of the plain client does: by default 5 s for a source to verify them. */
  ready(options?: ReadyOptions): Effect.Effect<void, FlagsNotReady | FlagsClosed>;
  /** The plain client beneath, for code that takes one. */
  readonly client: FlagClient;
}

/** The flags. */
export class Flags extends Context.Service<Flags, FlagsShape>()('@clarity/flags-core/Flags') {}

export function flagsOf(client: FlagClient): FlagsShape {
  const driver = driverOf(client);
  return {
    client,
    isEnabled: client.isEnabled.bind(client),
    value: client.value.bind(client),
    details: client.details.bind(client),
    all: client.all.bind(client),
    allDetails: client.allDetails.bind(client),
    forContext: client.forContext.bind(client),
    ready: (options) =>
      Effect.tryPromise({
        try: () => client.ready(options),
        // An error of ours: NotReadyError, or InvalidOptionsError for bad options of the wait.
        catch: (error) =>
          driver.state().phase === 'closed'
            ? new FlagsClosed({ message: CLOSED.message })
            : new FlagsNotReady({ message: (error as Error).message }),
      }),
  };
}
