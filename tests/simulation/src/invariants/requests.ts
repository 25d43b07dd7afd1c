import type { MakeWatch } from '../world/watch.ts';
import type { Request } from '../world/world.ts';

/** Every manual refresh is answered within two deadlines: the flight under way, and the one after it. */
export const refreshesAreAnswered: MakeWatch = (world) => {
  const { timeoutMs, sources } = world.history.settings;
  const slackMs = 2 * (2 * sources.length + 2) * (1 + Math.abs(world.history.machine.timerErrorMs)) + 1;
  const waiting = new Map<Request, number>();
  return {
    asked: (request) => void waiting.set(request, request.askedMonotonicMs + 2 * timeoutMs + slackMs),
    answered(request, result) {
      waiting.delete(request);
      if (world.closed) return;
      if (result.ok) {
        const { served } = world.driver.state();
        const answering = world.reads.findLast(({ settled }) => settled === 'answered');
        if (served?.revision === undefined)
          world.violate('a refresh that lands is served', 'it was answered ok and nothing is served');
        if (answering === undefined || answering.number <= request.readsBefore) {
          world.violate(
            'a refresh is answered by a read that follows it',
            `refresh ${request.number} was answered by read ${answering?.number}`,
          );
        }
      } else if (result.reason === 'closed')
        world.violate('nothing is called closed that is open', `refresh ${request.number} was`);
    },
    disturbed(ms) {
      // A second attempt whose time passed meanwhile begins a deadline of its own.
      for (const [request, dueMs] of waiting) waiting.set(request, dueMs + ms + timeoutMs);
    },
    looksAtMonotonicMs: () => (waiting.size === 0 ? undefined : Math.min(...waiting.values())),
    stepped() {
      for (const [request, dueMs] of waiting) {
        if (world.monotonicMs >= dueMs) {
          waiting.delete(request);
          world.violate(
            'every refresh is answered within two deadlines',
            `refresh ${request.number} has waited ${world.monotonicMs - request.askedMonotonicMs} ms`,
          );
        }
      }
    },
    ended() {
      const unanswered = world.requests.find(({ result }) => result === undefined);
      if (unanswered !== undefined)
        world.violate('every refresh is answered', `refresh ${unanswered.number} never was`);
    },
  };
};
