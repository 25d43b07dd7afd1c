import type { FeedListener, FlagFeed, Notice } from '../../../../packages/core/src/ports/feed.ts';
import { StoreError, type StoreErrorReason } from '../../../../packages/core/src/ports/store-error.ts';
import type { FeedAnswer, FeedKind } from '../history.ts';

export interface Subscription {
  readonly listener: FeedListener;
  readonly signal: AbortSignal;
  /** The store knows of it: what is announced from now on is sent to it. */
  live: boolean;
  refused: boolean;
}

export interface FeedCarrier {
  subscribed(subscription: Subscription): void;
  /** Runs `run` at the client, after a while. */
  deliver(run: () => void): void;
  /** The client is about to hear a notice, or of an acknowledged subscription. */
  hears(notice: Notice | 'acknowledged'): void;
}

const GARBLED: readonly unknown[] = [undefined, null, 'OK', 17, {}, { kind: 'changed', revision: null }];

/** A feed that announces what the world says, as badly as it is told to. */
export class SimulatedFeed implements FlagFeed {
  readonly name = 'feed';
  answer: FeedAnswer;
  /** Whether the connection that its subscriptions hang on is there. */
  up = true;
  readonly subscriptions: Subscription[] = [];
  #garbled = 0;
  readonly #ignoresAbort: boolean;
  readonly #carrier: FeedCarrier;

  constructor(kind: FeedKind, carrier: FeedCarrier) {
    this.answer = kind.answers;
    this.#ignoresAbort = kind.ignoresAbort;
    this.#carrier = carrier;
  }

  subscribe(listener: FeedListener, signal: AbortSignal): Promise<void> {
    const subscription: Subscription = { listener, signal, live: false, refused: false };
    this.subscriptions.push(subscription);
    this.#carrier.subscribed(subscription);
    const refuse = (retryAfterMs?: number, reason: StoreErrorReason = 'unavailable'): StoreError => {
      subscription.refused = true;
      return new StoreError(
        reason,
        'the feed is simulated to refuse',
        retryAfterMs === undefined ? {} : { retryAfterMs },
      );
    };
    switch (this.answer) {
      case 'throw':
        throw refuse();
      case 'silence':
        return new Promise(() => {});
      case 'acknowledge-at-once':
        subscription.live = this.up;
        this.#hears(subscription, 'acknowledged');
        listener.up();
        return Promise.resolve();
      case 'refuse':
      case 'refuse-with-patience':
      case 'refuse-the-user': {
        const reason = this.answer === 'refuse-the-user' ? 'unauthorized' : 'unavailable';
        const error = refuse(this.answer === 'refuse-with-patience' ? 7_000 : undefined, reason);
        return new Promise((_, reject) => this.#carrier.deliver(() => reject(error)));
      }
      case 'acknowledge':
        return new Promise((resolve) => {
          subscription.live = this.up;
          this.#carrier.deliver(() => {
            this.#hears(subscription, 'acknowledged');
            resolve();
          });
        });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  notice(notice: Notice): void {
    if (this.up) this.#tell((listener) => listener.notice(notice), notice);
  }

  /** Something that is not a notice, and still says that there is news. */
  garble(): void {
    const garbled: unknown = GARBLED[this.#garbled++ % GARBLED.length];
    if (this.up) this.#tell((listener) => listener.notice(garbled as Notice), { kind: 'changed' });
  }

  lose(): void {
    if (!this.up) return;
    this.#tell((listener) => listener.down(new StoreError('unavailable', 'the feed is simulated to be lost')));
    this.up = false;
  }

  regain(): void {
    if (this.up) return;
    this.up = true;
    for (const subscription of this.subscriptions)
      if (!subscription.refused && !subscription.signal.aborted) subscription.live = true;
    this.#tell((listener) => listener.up(), 'acknowledged');
  }

  /** Calls the listener of each subscription that would hear it. */
  #tell(call: (listener: FeedListener) => void, news?: Notice | 'acknowledged'): void {
    for (const subscription of this.subscriptions) {
      if (!subscription.live || (subscription.signal.aborted && !this.#ignoresAbort)) continue;
      this.#carrier.deliver(() => {
        if (subscription.signal.aborted && !this.#ignoresAbort) return;
        if (news !== undefined) this.#hears(subscription, news);
        call(subscription.listener);
      });
    }
  }

  #hears({ signal }: Subscription, news: Notice | 'acknowledged'): void {
    if (!signal.aborted) this.#carrier.hears(news);
  }
}
