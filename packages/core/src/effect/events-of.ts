import type * as Cause from 'effect/Cause';
import * as Effect from 'effect/Effect';
import * as Queue from 'effect/Queue';
import * as Stream from 'effect/Stream';
import { driverOf } from '../client/driver-of.ts';
import type { FlagClient } from '../client/flag-client.ts';
import { runnerIn } from '../drivers/background/boundary.ts';
import type { State } from '../refresh/state.ts';

/**
 * A stream of what listeners are told from now on, which ends when the client is closed. A slow reader loses the oldest
 * of more than 16. `register` adds the listener and returns what removes it.
 */
export function eventsOf<A>(client: FlagClient, register: (tell: (event: A) => void) => () => void): Stream.Stream<A> {
  const driver = driverOf(client);
  const listen = Effect.fnUntraced(function* (queue: Queue.Queue<A, Cause.Done>) {
    const { now } = runnerIn(yield* Effect.context());
    const leave = register((event) => void now(Queue.offer(queue, event)));
    const endWith = ({ phase }: State): void => {
      if (phase === 'closed') now(Queue.end(queue));
    };
    endWith(driver.state());
    const left = driver.onChange(endWith);
    return () => {
      leave();
      left();
    };
  });
  return Stream.callback<A>((queue) => Effect.acquireRelease(listen(queue), (leave) => Effect.sync(leave)), {
    bufferSize: 16,
    strategy: 'sliding',
  });
}
