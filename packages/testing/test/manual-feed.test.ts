import { StoreError } from '@clarity/flags-core/ports';
import { manualFeed, recordingListener } from '@clarity/flags-testing';
import { describeFeedContract } from '@clarity/flags-testing/contracts';
import { describe, expect, it } from 'vitest';

describeFeedContract('manual feed', {
  impossible: {
    hang: 'acknowledged at once here; the tests below hold acknowledgements back',
    gone: 'a feed has no document',
    corrupt: 'a feed has no document',
  },
  open: async () => {
    const feed = manualFeed();
    const refusing = (reason: 'unavailable' | 'unauthorized') => async () => {
      const error = new StoreError(reason, `the manual feed is ${reason}`);
      feed.refuse(error, { next: true });
      feed.down(error);
      return async () => {
        feed.accept();
        feed.up();
      };
    };
    return {
      feed,
      change: async () => feed.notice(),
      changeElsewhere: async () => feed.notice({ kind: 'foreign' }),
      secrets: ['hunter2'],
      faults: { down: refusing('unavailable'), unauthorized: refusing('unauthorized') },
      dispose: async () => undefined,
    };
  },
});

describe('a manual feed by hand', () => {
  it('acknowledges when it is told to', async () => {
    const feed = manualFeed({ acknowledge: 'by-hand' });
    const listener = recordingListener();
    const subscribed = feed.subscribe(listener, new AbortController().signal);
    feed.notice();
    expect([feed.waiting, feed.subscribers, feed.attempts, listener.events.length]).toEqual([1, 0, 1, 0]);
    feed.acknowledge();
    await subscribed;
    expect([feed.waiting, feed.subscribers]).toEqual([0, 1]);
    feed.notice({ kind: 'changed', revision: { epoch: 1, version: 2 } });
    expect(listener.events).toEqual([
      { kind: 'notice', notice: { kind: 'changed', revision: { epoch: 1, version: 2 } } },
    ]);
  });

  it('refuses what waits, and with `next` what comes until it accepts again', async () => {
    const feed = manualFeed({ acknowledge: 'by-hand' });
    const subscribe = (): Promise<void> => feed.subscribe(recordingListener(), new AbortController().signal);
    const waiting = subscribe();
    feed.refuse(new StoreError('unauthorized', 'no'), { next: true });
    await expect(waiting).rejects.toMatchObject({ reason: 'unauthorized' });
    await expect(subscribe()).rejects.toMatchObject({ reason: 'unauthorized' });
    feed.accept();
    const accepted = subscribe();
    feed.acknowledge();
    await expect(accepted).resolves.toBeUndefined();
  });

  it('ends a waiting subscription on abort and on close', async () => {
    const feed = manualFeed({ acknowledge: 'by-hand' });
    const stop = new AbortController();
    const aborted = feed.subscribe(recordingListener(), stop.signal);
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ reason: 'timeout', retryable: true });
    const closed = feed.subscribe(recordingListener(), new AbortController().signal);
    await feed.close();
    await expect(closed).rejects.toMatchObject({ retryable: false });
    expect([feed.waiting, feed.subscribers, feed.closed]).toEqual([0, 0, true]);
  });
});
