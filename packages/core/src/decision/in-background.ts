import { resetBreaker } from './breaker.ts';
import type { Background, BackgroundEvent, BackgroundTimer } from './decision-parts.ts';
import { acknowledge, loseFeed, refuseFeed, startFeed, subscribeAgain } from './feed.ts';
import { beginRefresh } from './flight.ts';
import { noteCacheFailure, noteCacheSaved, saveAgain } from './keep-cache.ts';
import { answerNotices, hearNotice, readForNotices, scheduleNotices } from './notices.ts';
import { CLOSED } from './refresh-result.ts';
import { scheduleSooner } from './schedule.ts';
import type { Turn } from './turn.ts';

/** Reads and subscribes at once, hears of changes, and ends. */
export const inBackground: Background = { start, take, ring, answerNotices, landed };

function start(turn: Turn): void {
  if (turn.state.settings.hasCache) turn.commands.push({ kind: 'load-cache' });
  beginRefresh(turn, 'start');
  startFeed(turn);
}

function take(turn: Turn, event: BackgroundEvent): void {
  switch (event.kind) {
    case 'feed-acknowledged':
      return acknowledge(turn, event.subscription);
    case 'feed-refused':
      return refuseFeed(turn, event.subscription, event.error);
    case 'feed-down':
      return loseFeed(turn, event.subscription, event.error);
    case 'notice':
      return hearNotice(turn, event.subscription, event.notice);
    case 'cache-failed':
      return noteCacheFailure(turn, event);
    case 'cache-saved':
      return noteCacheSaved(turn);
    case 'breaker-reset':
      turn.state.breaker = resetBreaker(turn.state.breaker);
      return scheduleSooner(turn);
    case 'close':
      return close(turn);
  }
}

function ring(turn: Turn, timer: BackgroundTimer): void {
  switch (timer) {
    case 'notice':
      return readForNotices(turn);
    case 'resubscribe':
    case 'subscribe-deadline':
      return subscribeAgain(turn, timer);
  }
}

function landed(turn: Turn): void {
  saveAgain(turn);
  scheduleNotices(turn);
}

function close(turn: Turn): void {
  const { state, commands } = turn;
  if (state.flight?.read !== undefined) commands.push({ kind: 'abort-read', read: state.flight.read });
  if (state.feed !== 'none') commands.push({ kind: 'unsubscribe', subscription: state.subscription });
  const requests = [...(state.flight?.requests ?? []), ...(state.trailing?.requests ?? [])];
  if (requests.length > 0) commands.push({ kind: 'answer', requests, result: CLOSED });
  state.phase = 'closed';
  state.timers = {};
  state.flight = undefined;
  state.trailing = undefined;
  state.notices = undefined;
  state.feed = 'none';
  state.feedError = undefined;
}
