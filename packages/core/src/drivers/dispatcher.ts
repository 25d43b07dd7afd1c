/** What every driver needs to take what happens: events in turn, and callers who wait for a refresh. */
import type { RefreshResult } from '../refresh/protocol.ts';

/** Events are taken one after the other, also those that a listener causes while one is being taken. */
export function oneByOne<Event>(take: (event: Event) => void): (event: Event) => void {
  const waiting: Event[] = [];
  let taking = false;
  return (event) => {
    waiting.push(event);
    if (taking) return;
    taking = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) take(next);
    } finally {
      taking = false;
    }
  };
}

/** Refreshes that somebody waits for, by number. */
export interface Requests {
  open(answer: (result: RefreshResult) => void): number;
  answer(requests: readonly number[], result: RefreshResult): void;
  /** All that are open. */
  answerAll(result: RefreshResult): void;
  forget(request: number): void;
}

export function makeRequests(): Requests {
  const answers = new Map<number, (result: RefreshResult) => void>();
  let requests = 0;
  return {
    open(answer) {
      answers.set(++requests, answer);
      return requests;
    },
    answer(answered, result) {
      for (const request of answered) {
        answers.get(request)?.(result);
        answers.delete(request);
      }
    },
    answerAll(result) {
      for (const answer of answers.values()) answer(result);
      answers.clear();
    },
    forget: (request) => void answers.delete(request),
  };
}
