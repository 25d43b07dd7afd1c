import type { Checklist } from './checklist.ts';
import {
  eventually,
  EVENTUALLY_MS,
  expectRejection,
  expectSame,
  expectThat,
  never,
  PROMPTLY_MS,
  settle,
  within,
} from './expectations.ts';
import type { SourceUnderTest } from './harness.ts';
import { readDocument } from './read-document.ts';
import { sampleDocument } from './sample-document.ts';

/** What sources promise of a store that is gone, down, closed to them, corrupt or silent. */
export function addSourceFaults(list: Checklist<SourceUnderTest>): void {
  list.addFault(
    'gone',
    'a document that is gone is not-found, and is read again when it is back',
    async (opened, begin) => {
      const { source, seed, secrets } = opened;
      await seed(sampleDocument(1));
      const { revision } = await readDocument(source, undefined);
      const mend = await begin();
      await expectRejection(source.read(revision, never()), {
        what: 'reading what is gone',
        secrets,
        reasons: ['not-found'],
      });
      await mend();
      await seed(sampleDocument(2));
      expectSame((await readDocument(source, revision)).text, sampleDocument(2), 'the text afterwards');
    },
  );

  list.addFault(
    'down',
    'a store that is down is a retryable error, and is read again when it is back',
    async (opened, begin) => {
      const { source, seed, secrets } = opened;
      await seed(sampleDocument(1));
      await readDocument(source, undefined);
      const mend = await begin();
      const error = await expectRejection(source.read(undefined, never()), {
        what: 'reading a store that is down',
        secrets,
        reasons: ['unavailable', 'timeout'],
      });
      expectThat(error.retryable, 'the error of a store that is down is not retryable');
      await mend();
      await seed(sampleDocument(2));
      await eventually('a read of the mended store', async () => {
        expectSame((await readDocument(source, undefined)).text, sampleDocument(2), 'the text afterwards');
      });
    },
  );

  list.addFault(
    'unauthorized',
    'credentials that do not count are unauthorized and not retryable',
    async (opened, begin) => {
      const { source, seed, secrets } = opened;
      await seed(sampleDocument(1));
      await begin();
      const error = await expectRejection(source.read(undefined, never()), {
        what: 'reading without rights',
        secrets,
        reasons: ['unauthorized'],
      });
      expectThat(!error.retryable, 'the error of missing rights is retryable');
    },
  );

  list.addFault(
    'corrupt',
    'what cannot be understood is a StoreError, or a text for the decoder to refuse',
    async (opened, begin) => {
      const { source, seed, secrets } = opened;
      await seed(sampleDocument(1));
      await begin();
      const outcome = await source.read(undefined, never()).catch(async (error: unknown) => {
        await expectRejection(Promise.reject(error), { what: 'reading something corrupt', secrets });
      });
      if (outcome?.kind === 'document')
        expectThat(outcome.text !== sampleDocument(1), 'the fault "corrupt" changed nothing');
    },
  );

  list.addFault('hang', 'an abort ends a read that the store never answers', async (opened, begin) => {
    const { source, seed, secrets } = opened;
    await seed(sampleDocument(1));
    const mend = await begin();
    const stop = new AbortController();
    const reading = source.read(undefined, stop.signal);
    reading.catch(() => undefined);
    await settle();
    stop.abort();
    await expectRejection(reading, { what: 'an aborted read', secrets, ms: PROMPTLY_MS });
    await mend();
    await eventually('a read of the mended store', async () => {
      expectSame((await readDocument(source, undefined)).text, sampleDocument(1), 'the text afterwards');
    });
  });

  list.addFault('hang', 'F43 close ends a read that the store never answers', async (opened, begin) => {
    const { source, seed, secrets } = opened;
    await seed(sampleDocument(1));
    await begin();
    const reading = source.read(undefined, never());
    reading.catch(() => undefined);
    await settle();
    await within(EVENTUALLY_MS, 'the close', source.close());
    await expectRejection(reading, { what: 'a read that was closed upon', secrets, ms: PROMPTLY_MS });
  });
}
