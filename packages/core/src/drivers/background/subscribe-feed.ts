import * as Effect from 'effect/Effect';
import type { FeedListener, FlagFeed, Notice } from '../../ports/feed.ts';
import { toStoreError } from '../../ports/store-error.ts';
import type { DecisionEvent } from '../../refresh/protocol.ts';
import { isRevision } from '../readings.ts';
import { postTo } from './boundary.ts';
import { Events } from './services.ts';

/**
 * One subscription, for as long as the fiber lives: interruption aborts its signal. What the feed still calls after
 * that goes nowhere, because decisions know their present subscription by number.
 */
export const subscribeFeed = (feed: FlagFeed, subscription: number): Effect.Effect<never, never, Events> =>
  Events.use((events) =>
    Effect.callback<never>((_resume, signal) => {
      const post = postTo(events);
      const tell = (event: DecisionEvent): void => {
        if (!signal.aborted) post(event);
      };
      const what = `subscribing to ${feed.name}`;
      const refused = (error: unknown): void =>
        tell({ kind: 'feed-refused', subscription, error: toStoreError(error, what) });
      const up = (): void => tell({ kind: 'feed-acknowledged', subscription });
      const listener: FeedListener = {
        notice: (notice) => tell({ kind: 'notice', subscription, notice: soundNotice(notice) }),
        down: (error) => tell({ kind: 'feed-down', subscription, error: toStoreError(error, feed.name) }),
        up,
      };
      // In a function of its own: what it throws is a rejection like any other.
      (async () => feed.subscribe(listener, signal))().then(up, refused);
    }),
  );

/** Something that is not a notice is still a hint: look again. */
function soundNotice(notice: unknown): Notice {
  if (typeof notice !== 'object' || notice === null) return { kind: 'changed' };
  if ('kind' in notice && notice.kind === 'foreign') return { kind: 'foreign' };
  return 'revision' in notice && isRevision(notice.revision)
    ? { kind: 'changed', revision: notice.revision }
    : { kind: 'changed' };
}
