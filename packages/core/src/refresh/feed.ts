import { redact } from '../adapter-kit/redact.ts';
import { failure, type StoreFailure } from '../ports/store-error.ts';
import { gather } from './notices.ts';
import { log } from './reports.ts';
import { jitteredBackoffMs } from './rhythm.ts';
import { FIRST_RESUBSCRIBE_MS, LONGEST_RESUBSCRIBE_MS } from './settings.ts';
import { clearTimer, setTimer, type Turn } from './turn.ts';

/** A subscription that was not acknowledged by then is given up. */
const SUBSCRIBE_DEADLINE_MS = 10_000;

export function startFeed(turn: Turn): void {
  const { state, now, commands } = turn;
  if (state.settings.feed === undefined) return;
  state.subscription += 1;
  state.feed = 'connecting';
  setTimer(turn, 'subscribe-deadline', now.monotonicMs + SUBSCRIBE_DEADLINE_MS);
  commands.push({ kind: 'subscribe', subscription: state.subscription });
}

/** Subscribed, for the first time or again: what was announced before that moment may have been missed. */
export function acknowledge(turn: Turn, subscription: number): void {
  const { state } = turn;
  if (subscription !== state.subscription) return;
  state.feed = 'up';
  state.feedRefusals = 0;
  state.feedError = undefined;
  clearTimer(turn, 'subscribe-deadline');
  gather(turn, 'subscribed', undefined);
}

/** The subscription did not start: it is tried again, ever more slowly. */
export function refuseFeed(turn: Turn, subscription: number, error: StoreFailure): void {
  const { state, now, commands } = turn;
  if (subscription !== state.subscription) return;
  state.feedRefusals += 1;
  clearTimer(turn, 'subscribe-deadline');
  commands.push({ kind: 'unsubscribe', subscription });
  const delayMs = Math.max(
    jitteredBackoffMs(state.feedRefusals, FIRST_RESUBSCRIBE_MS, LONGEST_RESUBSCRIBE_MS, now.random),
    Math.min(LONGEST_RESUBSCRIBE_MS, error.retryAfterMs ?? 0),
  );
  setTimer(turn, 'resubscribe', now.monotonicMs + delayMs);
  feedDown(turn, error);
}

/** The subscription was lost; the feed itself is trying to get it back. */
export function loseFeed(turn: Turn, subscription: number, error: StoreFailure): void {
  if (subscription === turn.state.subscription) feedDown(turn, error);
}

export function subscribeAgain(turn: Turn, timer: 'resubscribe' | 'subscribe-deadline'): void {
  const { state } = turn;
  if (timer === 'resubscribe') return startFeed(turn);
  const error = failure('timeout', `no answer within ${SUBSCRIBE_DEADLINE_MS} ms`);
  return refuseFeed(turn, state.subscription, error);
}

function feedDown(turn: Turn, error: StoreFailure): void {
  const { state, now, commands } = turn;
  const source = state.settings.feed ?? 'feed';
  const message = redact(error.message);
  // Polling covers for it, so the first loss is worth a warning, and a further refusal only when somebody
  // has to mend something that was not known by then.
  const known = state.feedError;
  const isNews = known === undefined || (!error.retryable && known.reason !== error.reason);
  state.feed = 'down';
  log(turn, isNews ? 'warn' : 'debug', 'change feed is down; scheduled reads go on', {
    feed: source,
    reason: error.reason,
    error: message,
  });
  const problem = { reason: error.reason, message, source, atMs: now.wallMs };
  state.feedError = problem;
  commands.push({ kind: 'announce', announcement: { kind: 'error', problem } });
}
