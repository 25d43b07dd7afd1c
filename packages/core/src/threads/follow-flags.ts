import type { FlagClient } from '../client/flag-client.ts';
import type { Logger } from '../client/events/logger.ts';
import { namingVariables } from '../client/naming-variables.ts';
import { openFlagClient } from '../client/start-flag-client.ts';
import { bootClock, realMoment } from '../drivers/clocks.ts';
import type { Command, LogLevel, RefreshResult } from '../refresh/protocol.ts';
import { freshnessOf, initialState, type State } from '../refresh/state.ts';
import type { FlagValue } from '../document/types.ts';
import { makeRequests } from '../drivers/dispatcher.ts';
import { LONGEST_TIMEOUT_MS } from '../ports/longest-timeout.ts';
import type { DriverRunner } from '../drivers/running-driver.ts';
import { unref } from '../adapter-kit/unref.ts';
import { outsideRequests } from '../adapter-kit/outside-requests.ts';
import { type ChannelPort, listenTo, sendTo } from './channel.ts';
import { bereft, lookAgain, mirror } from './mirror.ts';
import type { FollowerMessage, SharerMessage } from './update.ts';

export interface FollowOptions {
  readonly logger?: Logger;
  /** Default `warn`. */
  readonly logLevel?: LogLevel;
  /** Values that stand above the document in this thread, by flag key. */
  readonly overrides?: Readonly<Record<string, FlagValue>>;
}

/**
 * A client that follows the one of another thread, which called `shareFlags` with the other end of the channel. It has
 * no connection of its own, swaps each document whole, and is exactly as fresh as the client that it follows: when that
 * one is gone, this one says so, and turns stale. `refresh()` asks the other thread.
 *
 * @throws InvalidOptionsError when an option cannot be used
 * @throws TypeError when `port` is not a port
 */
export function followFlags(port: ChannelPort, options: FollowOptions = {}): FlagClient {
  // How the other client is set, its first update says. The environment decides at which level a slip is told here.
  return openFlagClient(followThrough(port), {
    ...options,
    variables: namingVariables(),
    refreshMode: 'none',
    closeTimeoutMs: 1_000,
  });
}

const UNANSWERED: RefreshResult = {
  ok: false,
  reason: 'timeout',
  message: 'the thread that this one follows did not answer',
};
const GONE = {
  ok: false,
  reason: 'closed',
  message: 'the client that this one follows is closed',
} as const satisfies RefreshResult;

function followThrough(port: ChannelPort): DriverRunner {
  return (parts) => {
    const { outlets } = parts;
    const now = realMoment(bootClock());
    let state = initialState(parts.settings);
    let staleTimer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const requests = makeRequests();
    const listeners = new Set<(state: State, before: State) => void>();
    const send = (message: FollowerMessage): void => sendTo(port, message);

    const take = ([after, commands]: readonly [State, readonly Command[]]): void => {
      const before = state;
      state = after;
      outlets.changed(after, before);
      for (const listener of listeners) listener(after, before);
      clearTimeout(staleTimer);
      const dueMs = after.timers.stale;
      if (dueMs !== undefined) {
        const waitMs = Math.min(dueMs - now().monotonicMs + 1, LONGEST_TIMEOUT_MS);
        staleTimer = outsideRequests(() => unref(setTimeout(look, waitMs)));
      }
      for (const command of commands) {
        // Log and counts are the other thread's, which makes the refreshes, for as long as it is there.
        if (command.kind === 'announce') outlets.announce(command.announcement);
        else if (over && command.kind === 'log') outlets.log(command.entry);
      }
    };
    const look = (): void => take(lookAgain(state, now()));
    const abandon = (): void => {
      over = true;
      requests.answerAll(GONE);
    };
    /** Said at once, though the flags turn stale only in time: from now on nobody verifies them. */
    const lose = (): void => {
      if (over) return;
      abandon();
      const { reason, message } = GONE;
      const problem = { reason, message, source: 'followed client', atMs: now().wallMs };
      take(bereft(state, problem, now()));
      outlets.log({ level: 'warn', message: `${message}; its last good flags are served`, fields: {} });
      outlets.announce({ kind: 'error', problem });
    };
    const leave = listenTo<SharerMessage>(
      port,
      (message) => {
        switch (message.kind) {
          case 'update':
            return take(mirror(state, message.update, now()));
          case 'answer':
            return requests.answer([message.request], message.result);
          case 'closed':
            return lose();
        }
      },
      lose,
    );
    return {
      start: () => send({ kind: 'join' }),
      state: () => state,
      now,
      freshness: () => {
        const moment = now();
        if (freshnessOf(state, moment).state !== state.announced) look();
        return freshnessOf(state, moment);
      },
      refresh: (force) =>
        over
          ? Promise.resolve(GONE)
          : new Promise((resolve) => {
              // The other thread may hang; its own two deadlines are long enough for any answer.
              const limitMs = Math.min(2 * state.settings.timeoutMs + 1_000, LONGEST_TIMEOUT_MS);
              const limit = setTimeout(() => requests.answer([request], UNANSWERED), limitMs);
              const request = requests.open((result) => {
                clearTimeout(limit);
                resolve(result);
              });
              send({ kind: 'refresh', request, force });
            }),
      resetBreaker: () => send({ kind: 'reset-breaker' }),
      saved: () => Promise.resolve(),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      stop: () => {
        clearTimeout(staleTimer);
        abandon();
        leave();
        send({ kind: 'leave' });
        port.close();
      },
    };
  };
}
