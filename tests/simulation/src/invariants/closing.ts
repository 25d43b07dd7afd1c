import type { Subscription } from '../world/simulated-feed.ts';
import type { MakeWatch } from '../world/watch.ts';

/** After close nothing is left: nothing begins, nothing is told, nothing waits. */
export const nothingIsLeft: MakeWatch = (world) => {
  let closing = false;
  const subscriptions: Subscription[] = [];
  const after = (what: string): void => {
    if (world.closed && !closing) world.violate('after close nothing happens', `${what} after the client was closed`);
  };
  const look = (): void => {
    const running = world.reads.find(({ settled, signal }) => settled === 'no' && !signal.aborted);
    if (running !== undefined) world.violate('after close nothing is left', `read ${running.number} was not given up`);
    if (subscriptions.some(({ signal }) => !signal.aborted))
      world.violate('after close nothing is left', 'a subscription was not ended');
    // A save that began is left to end, with its deadline.
    const left = world.time.sleepers.size - (world.cache?.busy ?? 0);
    if (left > 0) world.violate('after close nothing is left', `${left} timers still run`);
  };
  return {
    acting: (action) => void (closing = action.kind === 'close' && !world.closed),
    acted() {
      if (closing) look();
      closing = false;
    },
    readBegan: (read) => after(`read ${read.number} began`),
    subscribed(subscription) {
      subscriptions.push(subscription);
      after('the feed was subscribed to');
    },
    announced: (announcement) => after(`${announcement.kind} was announced`),
    logged: (entry) => after(`"${entry.message}" was logged`),
    measured: () => after('something was measured'),
    answered(request, result) {
      if (world.closed && !closing && result.ok)
        world.violate('after close nothing happens', `refresh ${request.number} was answered ok`);
    },
    ended() {
      look();
      if (world.time.sleepers.size > 0)
        world.violate('after close nothing is left', `${world.time.sleepers.size} timers run a minute later`);
    },
  };
};
