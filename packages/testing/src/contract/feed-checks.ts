import type { FlagFeed } from '@clarity/flags-core/ports';
import { type RecordingListener, recordingListener } from '../recording-listener.ts';
import type { ContractCheck } from './check.ts';
import { Checklist } from './checklist.ts';
import {
  eventually,
  EVENTUALLY_MS,
  expectName,
  expectRejection,
  expectSame,
  expectStoreError,
  expectThat,
  PROMPTLY_MS,
  settle,
  within,
} from './expectations.ts';
import type { FeedHarness } from './harness.ts';

/** What `FlagFeed` promises. */
export function feedChecks(harness: FeedHarness): readonly ContractCheck[] {
  const list = new Checklist(harness, ({ feed }) => feed.close());

  list.add('has a short name without a secret', async ({ feed }, secrets) => {
    expectName(feed.name, secrets);
  });

  list.add('F2 a change right after the acknowledgement is heard', async ({ feed, change }) => {
    const { listener } = await subscribe(feed);
    await change();
    await hear(listener, 'notice', 0);
  });

  list.add('each later change is heard', async ({ feed, change }) => {
    const { listener } = await subscribe(feed);
    for (let round = 0; round < 4; round += 1) {
      const heard = listener.events.length;
      await change();
      await hear(listener, 'notice', heard);
    }
  });

  list.add(
    'a notice is a hint: it says its kind, at most a revision, and never the document',
    async ({ feed, change }) => {
      const { listener } = await subscribe(feed);
      await change();
      const event = await hear(listener, 'notice', 0);
      expectThat(event.kind === 'notice', 'no notice was heard');
      const surplus = Object.keys(event.notice).filter((name) => name !== 'kind' && name !== 'revision');
      expectSame(surplus, [], 'what the notice holds beside kind and revision');
      expectSame(event.notice.kind, 'changed', 'the kind of the notice');
    },
  );

  list.add('two subscriptions hear the same change', async ({ feed, change }) => {
    const [first, second] = [await subscribe(feed), await subscribe(feed)];
    await change();
    await Promise.all([hear(first.listener, 'notice', 0), hear(second.listener, 'notice', 0)]);
  });

  list.add('nothing is heard after the abort, while others still hear', async ({ feed, change }) => {
    const [ended, control] = [await subscribe(feed), await subscribe(feed)];
    ended.stop();
    const before = ended.listener.events.length;
    for (let round = 0; round < 2; round += 1) {
      const heard = control.listener.events.length;
      await change();
      await hear(control.listener, 'notice', heard);
    }
    await settle();
    expectSame(ended.listener.events.length - before, 0, 'the number of events after the abort');
  });

  list.add('a subscription can be ended and made again', async ({ feed, change }) => {
    const first = await subscribe(feed);
    first.stop();
    first.stop();
    const second = await subscribe(feed);
    await change();
    await hear(second.listener, 'notice', 0);
    expectSame(first.listener.events.length, 0, 'the number of events of the ended one');
  });

  list.add('a signal that is aborted already starts nothing', async ({ feed, change }, secrets) => {
    const listener = recordingListener();
    await expectRejection(feed.subscribe(listener, AbortSignal.abort()), {
      what: 'subscribing under an aborted signal',
      secrets,
      ms: PROMPTLY_MS,
    });
    const control = await subscribe(feed);
    await change();
    await hear(control.listener, 'notice', 0);
    expectSame(listener.events.length, 0, 'the number of events of the one that was never started');
  });

  list.add('F45 a listener that throws stops neither its own subscription nor another', async ({ feed, change }) => {
    const heard = recordingListener();
    const throwing = {
      notice: (notice: Parameters<typeof heard.notice>[0]) => {
        heard.notice(notice);
        throw new Error('thrown by a listener on purpose');
      },
      down: (error: Parameters<typeof heard.down>[0]) => {
        heard.down(error);
        throw new Error('thrown by a listener on purpose');
      },
      up: () => {
        heard.up();
        throw new Error('thrown by a listener on purpose');
      },
    };
    await within(EVENTUALLY_MS, 'the acknowledgement', feed.subscribe(throwing, new AbortController().signal));
    const { listener } = await subscribe(feed);
    for (let round = 0; round < 2; round += 1) {
      const [ofThrowing, ofOther] = [heard.events.length, listener.events.length];
      await change();
      await Promise.all([hear(heard, 'notice', ofThrowing), hear(listener, 'notice', ofOther)]);
    }
  });

  list.addFault(
    'down',
    'F1 a lost subscription is down with a StoreError, then up, and hears again',
    async (opened, begin) => {
      const { feed, change, secrets } = opened;
      const { listener } = await subscribe(feed);
      const mend = await begin();
      const event = await hear(listener, 'down', 0);
      expectThat(event.kind === 'down', 'no loss was heard');
      expectStoreError(event.error, { what: 'the loss of the subscription', secrets });
      await mend();
      await hear(listener, 'up', 0);
      const heard = listener.events.length;
      await change();
      await hear(listener, 'notice', heard);
    },
  );

  list.addFault('down', 'nothing is heard of a loss after the abort', async (opened, begin) => {
    const { feed } = opened;
    const [ended, control] = [await subscribe(feed), await subscribe(feed)];
    ended.stop();
    const mend = await begin();
    await hear(control.listener, 'down', 0);
    await mend();
    await hear(control.listener, 'up', 0);
    expectSame(ended.listener.events.length, 0, 'the number of events after the abort');
  });

  list.addFault(
    'down',
    'a subscription to a store that is down is refused, or says that it is down',
    async (opened, begin) => {
      const { feed, change, secrets } = opened;
      const mend = await begin();
      const listener = recordingListener();
      const stop = new AbortController();
      const started = await within(
        EVENTUALLY_MS,
        'the answer to a subscription',
        feed.subscribe(listener, stop.signal).then(
          () => true,
          (error: unknown) => {
            expectStoreError(error, { what: 'subscribing to a store that is down', secrets });
            return false;
          },
        ),
      );
      if (started) await hear(listener, 'down', 0);
      await mend();
      if (started) await hear(listener, 'up', 0);
      else await eventually('a subscription to the mended store', () => feed.subscribe(listener, stop.signal));
      const heard = listener.events.length;
      await change();
      await hear(listener, 'notice', heard);
      stop.abort();
    },
  );

  list.addFault(
    'unauthorized',
    'F4 missing rights are refused, or reported as a loss, without a secret',
    async (opened, begin) => {
      const { feed, secrets } = opened;
      await begin();
      const listener = recordingListener();
      try {
        await within(
          EVENTUALLY_MS,
          'the answer to a subscription',
          feed.subscribe(listener, new AbortController().signal),
        );
      } catch (error) {
        expectStoreError(error, { what: 'subscribing without rights', secrets, reasons: ['unauthorized'] });
        return;
      }
      const event = await hear(listener, 'down', 0);
      expectThat(event.kind === 'down', 'no loss was heard');
      expectStoreError(event.error, { what: 'the loss of rights', secrets, reasons: ['unauthorized'] });
    },
  );

  list.addFault('hang', 'an abort ends a subscription that is never acknowledged', async (opened, begin) => {
    const { feed, secrets } = opened;
    await begin();
    const listener = recordingListener();
    const stop = new AbortController();
    const starting = feed.subscribe(listener, stop.signal);
    starting.catch(() => undefined);
    await settle();
    stop.abort();
    await expectRejection(starting, { what: 'an aborted subscription', secrets, ms: PROMPTLY_MS });
    expectSame(listener.events.length, 0, 'the number of events');
  });

  list.addFault('hang', 'F43 close ends a subscription that is never acknowledged', async (opened, begin) => {
    const { feed, secrets } = opened;
    await begin();
    const starting = feed.subscribe(recordingListener(), new AbortController().signal);
    starting.catch(() => undefined);
    await settle();
    await within(EVENTUALLY_MS, 'the close', feed.close());
    await expectRejection(starting, { what: 'a subscription that was closed upon', secrets, ms: PROMPTLY_MS });
  });

  list.add('F56 the notice of another namespace is foreign', async ({ feed, change, changeElsewhere }) => {
    const { listener } = await subscribe(feed);
    // A store whose channel nobody shares has no such notice; then only its own are checked.
    if (changeElsewhere !== undefined) {
      await changeElsewhere();
      const event = await hear(listener, 'notice', 0);
      expectThat(
        event.kind === 'notice' && event.notice.kind === 'foreign',
        'the notice of another namespace passes for ours',
      );
    }
    const heard = listener.events.length;
    await change();
    const own = await hear(listener, 'notice', heard);
    expectThat(own.kind === 'notice' && own.notice.kind === 'changed', 'our own notice passes for foreign');
  });

  list.add(
    'F44 close ends every subscription, is idempotent, and refuses new ones',
    async ({ feed, change }, secrets) => {
      const [first, second] = [await subscribe(feed), await subscribe(feed)];
      await Promise.all([feed.close(), feed.close()]);
      await feed.close();
      const before = first.listener.events.length + second.listener.events.length;
      await change();
      await settle();
      expectSame(
        first.listener.events.length + second.listener.events.length - before,
        0,
        'the number of events after close',
      );
      first.stop();
      await expectRejection(feed.subscribe(recordingListener(), new AbortController().signal), {
        what: 'a subscription after close',
        secrets,
        ms: PROMPTLY_MS,
      });
    },
  );

  list.addLeavesNothing(async ({ feed, change }) => {
    const { listener } = await subscribe(feed);
    const ended = await subscribe(feed);
    await change();
    await hear(listener, 'notice', 0);
    ended.stop();
  });

  return list.checks;
}

interface Subscription {
  readonly listener: RecordingListener;
  stop(): void;
}

async function subscribe(feed: FlagFeed): Promise<Subscription> {
  const listener = recordingListener();
  const stop = new AbortController();
  await within(EVENTUALLY_MS, 'the acknowledgement of a subscription', feed.subscribe(listener, stop.signal));
  return { listener, stop: () => stop.abort() };
}

function hear(
  listener: RecordingListener,
  kind: 'notice' | 'down' | 'up',
  from: number,
): ReturnType<RecordingListener['heard']> {
  return within(EVENTUALLY_MS, `hearing "${kind}"`, listener.heard(kind, from));
}
