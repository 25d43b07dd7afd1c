import * as Context from 'effect/Context';
import * as Data from 'effect/Data';
import * as Effect from 'effect/Effect';
import type { FlagEvaluations } from '../client/answers/flag-evaluations.ts';
import { driverOf } from '../client/driver-of.ts';
import type { FlagClient, ReadyOptions } from '../client/flag-client.ts';
import { isReady, NotReadyError, readyOptions } from '../client/readiness.ts';
import type { RunningDriver } from '../drivers/running-driver.ts';
import { CLOSED } from '../refresh/protocol.ts';
import type { State } from '../refresh/state.ts';
import { FlagsClosed } from './errors.ts';

/** The wait for flags was in vain; the client goes on trying. */
export class FlagsNotReady extends Data.TaggedError('FlagsNotReady')<{ readonly message: string }> {}

/** Questions about flags: plain synchronous calls, as everywhere. */
export interface FlagsShape extends FlagEvaluations {
  readonly forContext: FlagClient['forContext'];
  /**
   * Waits for the first flags, as `ready` of the plain client does: by default 5 s, by Effect's clock, for a source to
   * verify them. Options that are wrong are a defect.
   */
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
    ready: Effect.fnUntraced(function* (options = {}) {
      const { timeoutMs, from } = readyOptions(options);
      return yield* Effect.timeoutOrElse(flagsFrom(driver, from), {
        duration: timeoutMs,
        orElse: () => {
          const { message } = new NotReadyError(timeoutMs, from, client.freshness(), false);
          return Effect.fail(new FlagsNotReady({ message }));
        },
      });
    }),
  };
}

/** Waits until there are flags. */
const flagsFrom = (driver: RunningDriver, from: 'source' | 'any'): Effect.Effect<void, FlagsClosed> =>
  Effect.callback((resume) => {
    const answerIn = (state: State): Effect.Effect<void, FlagsClosed> | undefined => {
      if (isReady(state, from)) return Effect.void;
      return state.phase === 'closed' ? Effect.fail(new FlagsClosed({ message: CLOSED.message })) : undefined;
    };
    const answer = answerIn(driver.state());
    if (answer !== undefined) {
      resume(answer);
      return undefined;
    }
    const leave = driver.onChange((state) => {
      const later = answerIn(state);
      if (later === undefined) return;
      // What is returned below runs for a wait that is interrupted, and for no other.
      leave();
      resume(later);
    });
    return Effect.sync(leave);
  });
