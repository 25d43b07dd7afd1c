import { driverOf } from '../client/driver-of.ts';
import type { FlagClient } from '../client/flag-client.ts';
import type { State } from '../refresh/state.ts';
import { type ChannelPort, listenTo, sendTo } from './channel.ts';
import { type FollowerMessage, type SharerMessage, updateOf } from './update.ts';

/**
 * Lets another thread follow this client through one end of a `MessageChannel`, whose other end that thread gives to
 * `followFlags`. However many threads follow, the process has one connection to the store (F47). The returned function
 * ends it; so does closing the client.
 *
 * @throws TypeError when the client was not made by `createFlagClient`
 */
export function shareFlags(client: FlagClient, port: ChannelPort): () => void {
  const driver = driverOf(client);
  let told: State | undefined;
  let joined = false;
  const send = (message: SharerMessage): void => sendTo(port, message);
  const tell = (state: State): void => {
    if (!joined) return;
    const update = updateOf(state, told, driver.now());
    told = state;
    send({ kind: 'update', update });
    // A thread that joins a closed client has its last good flags, as its own callers have.
    if (state.phase === 'closed') end();
  };
  const leaveDriver = driver.onChange((state, before) => {
    if (isTold(state, before)) tell(state);
  });
  const leavePort = listenTo<FollowerMessage>(
    port,
    (message) => {
      switch (message.kind) {
        case 'join':
          joined = true;
          told = undefined;
          return tell(driver.state());
        case 'leave':
          return end();
        case 'refresh': {
          const { request, force } = message;
          void driver.refresh(force).then((result) => send({ kind: 'answer', request, result }));
          return undefined;
        }
        case 'reset-breaker':
          return driver.resetBreaker();
      }
    },
    () => end(),
  );
  const end = (): void => {
    leaveDriver();
    leavePort();
    send({ kind: 'closed' });
    port.close();
  };
  return end;
}

/** Whether a follower would notice the difference. */
function isTold(state: State, before: State): boolean {
  return (
    state.phase !== before.phase ||
    state.served !== before.served ||
    state.verifiedAt !== before.verifiedAt ||
    state.breaker !== before.breaker ||
    state.feed !== before.feed ||
    state.feedError !== before.feedError ||
    state.cacheTrouble?.problem !== before.cacheTrouble?.problem ||
    state.lastError !== before.lastError ||
    state.rejected !== before.rejected ||
    state.lostWrites !== before.lostWrites ||
    state.refreshFailures !== before.refreshFailures
  );
}
