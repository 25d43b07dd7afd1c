import { compareRevisions, isCounted, type Revision } from '@clarity/flags-core/ports';
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
  never,
  PROMPTLY_MS,
  settle,
  within,
} from './expectations.ts';
import type { PublisherHarness, PublisherUnderTest } from './harness.ts';
import { addPublisherLosses } from './publisher-losses.ts';
import { addPublisherRaces } from './publisher-races.ts';
import { NOT_DOCUMENTS, sampleDocument } from './sample-document.ts';

/** What `FlagPublisher` promises. */
export function publisherChecks(harness: PublisherHarness): readonly ContractCheck[] {
  const list = new Checklist(harness, ({ publisher }) => publisher.close());

  list.add('has a short name without a secret, and says what it guarantees', async ({ publisher }, secrets) => {
    expectName(publisher.name, secrets);
    expectThat(
      ['compare-and-set', 'detect'].includes(publisher.guarantee),
      `the guarantee is "${publisher.guarantee}"`,
    );
  });

  list.add('the first document goes into an empty store, letter for letter', async (opened) => {
    const text = sampleDocument(1);
    const revision = await publish(opened, text, 'absent');
    await expectStored(opened, text, revision);
  });

  list.add('a second first document is a conflict and changes nothing', async (opened) => {
    const { publisher, secrets } = opened;
    const revision = await publish(opened, sampleDocument(1), 'absent');
    await expectRejection(publisher.publish(sampleDocument(2), 'absent', never()), {
      what: 'publishing into a store that is not empty, as if it were',
      secrets,
      reasons: ['conflict'],
    });
    await expectStored(opened, sampleDocument(1), revision);
  });

  list.add('a document published on top of the present one replaces it, with a newer revision', async (opened) => {
    let revision = await publish(opened, sampleDocument(1), 'absent');
    for (let n = 2; n <= 4; n += 1) {
      const next = await publish(opened, sampleDocument(n), revision);
      const order = compareRevisions(next, revision);
      expectThat(order === (isCounted(next) ? 'newer' : 'different'), `the revision of document ${n} is ${order}`);
      await expectStored(opened, sampleDocument(n), next);
      revision = next;
    }
  });

  list.add('F36 a document published on top of an older one is a conflict and changes nothing', async (opened) => {
    const { publisher, another, secrets } = opened;
    const first = await publish(opened, sampleDocument(1), 'absent');
    const second = await publish(opened, sampleDocument(2), first);
    const other = await another();
    for (const late of [publisher, other]) {
      const error = await expectRejection(late.publish(sampleDocument(3), first, never()), {
        what: 'publishing on top of an older document',
        secrets,
        reasons: ['conflict'],
      });
      expectThat(!error.retryable, 'a conflict is retryable, yet the same call can never succeed');
    }
    await other.close();
    await expectStored(opened, sampleDocument(2), second);
  });

  list.add('publishing on top of a document into an empty store is a conflict', async (opened) => {
    const { publisher, stored, secrets } = opened;
    for (const expected of [{ hash: 'a'.repeat(64) }, { epoch: 1_700_000_000_000, version: 1 }]) {
      await expectRejection(publisher.publish(sampleDocument(1), expected, never()), {
        what: 'publishing on top of what was never there',
        secrets,
        reasons: ['conflict'],
      });
    }
    expectThat((await stored()) === undefined, 'the refused document is in the store');
  });

  addPublisherRaces(list);
  addPublisherLosses(list);

  list.add('what is no flag document is refused as invalid and changes nothing', async (opened) => {
    const { publisher, secrets } = opened;
    const revision = await publish(opened, sampleDocument(1), 'absent');
    for (const text of NOT_DOCUMENTS) {
      for (const attempt of [
        () => publisher.publish(text, revision, never()),
        () => publisher.restore(text, never()),
      ]) {
        await expectRejection(attempt(), {
          what: `publishing ${JSON.stringify(text.slice(0, 20))}`,
          secrets,
          reasons: ['invalid'],
        });
      }
    }
    await expectStored(opened, sampleDocument(1), revision);
  });

  list.add('F13 a restore writes over what is there, and counts as newer', async (opened) => {
    const { publisher } = opened;
    let revision = await publish(opened, sampleDocument(1), 'absent');
    revision = await publish(opened, sampleDocument(2), revision);
    const restored = await within(EVENTUALLY_MS, 'the end of a restore', publisher.restore(sampleDocument(1), never()));
    await expectStored(opened, sampleDocument(1), restored);
    const order = compareRevisions(restored, revision);
    expectThat(order === (isCounted(restored) ? 'newer' : 'different'), `the restored revision is ${order}`);
    if (isCounted(restored) && isCounted(revision)) {
      expectThat(restored.epoch > revision.epoch, 'a restore did not take a new epoch');
    }
    const next = await publish(opened, sampleDocument(3), restored);
    await expectStored(opened, sampleDocument(3), next);
  });

  list.add('a restore into an empty store works', async (opened) => {
    const restored = await within(
      EVENTUALLY_MS,
      'the end of a restore',
      opened.publisher.restore(sampleDocument(1), never()),
    );
    await expectStored(opened, sampleDocument(1), restored);
  });

  list.add('a signal that is aborted already changes nothing', async (opened) => {
    const { publisher, secrets } = opened;
    const revision = await publish(opened, sampleDocument(1), 'absent');
    for (const attempt of [
      () => publisher.publish(sampleDocument(2), revision, AbortSignal.abort()),
      () => publisher.restore(sampleDocument(2), AbortSignal.abort()),
    ]) {
      await expectRejection(attempt(), { what: 'publishing under an aborted signal', secrets, ms: PROMPTLY_MS });
    }
    await expectStored(opened, sampleDocument(1), revision);
  });

  list.add('an abort at any moment leaves the old document or the new one, and the store usable', async (opened) => {
    const { publisher, secrets, stored } = opened;
    await publish(opened, sampleDocument(0), 'absent');
    // What was on its way to a store when its caller gave up may still arrive, also a round later.
    const onTheirWay: string[] = [];
    for (let turns = 0; turns < 6; turns += 1) {
      const before = await stored();
      expectThat(before !== undefined, 'the store is empty');
      const text = sampleDocument(turns + 1);
      const stop = new AbortController();
      const outcome = publisher.publish(text, before.revision, stop.signal).catch((error: unknown) => {
        expectStoreError(error, { what: 'an aborted publish', secrets });
        return undefined;
      });
      for (let turn = 0; turn < turns; turn += 1) await settle();
      stop.abort();
      const revision = await within(PROMPTLY_MS, 'the settling of an aborted publish', outcome);
      const held = await stored();
      expectThat(held !== undefined, 'the store is empty after an abort');
      if (revision === undefined) {
        onTheirWay.push(text);
        const sound = [before.text, ...onTheirWay].includes(held.text);
        expectThat(sound, 'the text is neither the old nor a new one');
      } else if (publisher.guarantee === 'compare-and-set' || !onTheirWay.includes(held.text)) {
        expectSame(held.text, text, 'the text after a publish that succeeded');
      }
    }
    await eventually('a publish after the aborts', async () => {
      const held = await stored();
      await publish(opened, sampleDocument(100), held?.revision ?? 'absent');
    });
  });

  list.addFault(
    'down',
    'a store that is down is a retryable error, and takes documents again afterwards',
    async (opened, begin) => {
      const { publisher, secrets } = opened;
      const revision = await publish(opened, sampleDocument(1), 'absent');
      const mend = await begin();
      const error = await expectRejection(publisher.publish(sampleDocument(2), revision, never()), {
        what: 'publishing to a store that is down',
        secrets,
        reasons: ['unavailable', 'timeout'],
      });
      expectThat(error.retryable, 'the error of a store that is down is not retryable');
      await mend();
      await eventually('a publish to the mended store', async () => {
        await publish(opened, sampleDocument(2), revision);
      });
    },
  );

  list.addFault('unauthorized', 'missing rights are unauthorized, without a secret', async (opened, begin) => {
    const { publisher, secrets } = opened;
    const revision = await publish(opened, sampleDocument(1), 'absent');
    const mend = await begin();
    await expectRejection(publisher.publish(sampleDocument(2), revision, never()), {
      what: 'publishing without rights',
      secrets,
      reasons: ['unauthorized'],
    });
    await mend();
    await expectStored(opened, sampleDocument(1), revision);
  });

  list.addFault('hang', 'an abort ends a publish that the store never answers', async (opened, begin) => {
    const { publisher, secrets } = opened;
    const revision = await publish(opened, sampleDocument(1), 'absent');
    const mend = await begin();
    const stop = new AbortController();
    const publishing = publisher.publish(sampleDocument(2), revision, stop.signal);
    publishing.catch(() => undefined);
    await settle();
    stop.abort();
    await expectRejection(publishing, { what: 'an aborted publish', secrets, ms: PROMPTLY_MS });
    await mend();
  });

  list.add('F44 close is idempotent, and publishing after it is refused', async (opened) => {
    const { publisher, secrets } = opened;
    const revision = await publish(opened, sampleDocument(1), 'absent');
    await Promise.all([publisher.close(), publisher.close()]);
    await publisher.close();
    for (const attempt of [
      () => publisher.publish(sampleDocument(2), revision, never()),
      () => publisher.restore(sampleDocument(2), never()),
    ]) {
      await expectRejection(attempt(), { what: 'publishing after close', secrets, ms: PROMPTLY_MS });
    }
    await expectStored(opened, sampleDocument(1), revision);
  });

  list.addLeavesNothing(async (opened) => {
    const revision = await publish(opened, sampleDocument(1), 'absent');
    await publish(opened, sampleDocument(2), revision);
  });

  return list.checks;
}

function publish(opened: PublisherUnderTest, text: string, expected: Revision | 'absent'): Promise<Revision> {
  return within(EVENTUALLY_MS, 'the end of a publish', opened.publisher.publish(text, expected, never()));
}

async function expectStored(opened: PublisherUnderTest, text: string, revision: Revision): Promise<void> {
  const held = await opened.stored();
  expectThat(held !== undefined, 'the store is empty');
  expectSame(held.text, text, 'the text in the store');
  expectSame(
    compareRevisions(held.revision, revision),
    'same',
    'the order of the revision in the store and the one that was given',
  );
}
