import type { FeedListener, FlagFeed, Notice } from '../../src/ports/feed.ts';
import { StoreError, type StoreErrorReason } from '../../src/ports/store-error.ts';

/** A feed that does what the test says. */
export interface ManualFeed extends FlagFeed {
  readonly subscriptions: { readonly listener: FeedListener; readonly signal: AbortSignal }[];
  /** Whether a new subscription is acknowledged at once, refused, or left waiting. */
  answer: 'acknowledge' | 'refuse' | 'wait';
  notice(notice?: Notice): void;
  down(reason?: StoreErrorReason): void;
  up(): void;
}

export function manualFeed(answer: ManualFeed['answer'] = 'acknowledge'): ManualFeed {
  const latest = (): FeedListener | undefined => feed.subscriptions.at(-1)?.listener;
  const feed: ManualFeed = {
    name: 'feed',
    subscriptions: [],
    answer,
    subscribe(listener, signal) {
      feed.subscriptions.push({ listener, signal });
      if (feed.answer === 'acknowledge') return Promise.resolve();
      if (feed.answer === 'refuse') return Promise.reject(new StoreError('unavailable', 'feed refused'));
      return new Promise(() => {});
    },
    notice: (notice = { kind: 'changed' }) => latest()?.notice(notice),
    down: (reason = 'unavailable') => latest()?.down(new StoreError(reason, 'feed lost')),
    up: () => latest()?.up(),
    close: () => Promise.resolve(),
  };
  return feed;
}
