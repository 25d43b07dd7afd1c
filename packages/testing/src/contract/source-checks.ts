import { compareRevisions, type CountedRevision, isCounted, type Revision } from '@clarity/flags-core/ports';
import type { ContractCheck } from './check.ts';
import { Checklist } from './checklist.ts';
import {
  EVENTUALLY_MS,
  expectName,
  expectRejection,
  expectSame,
  expectThat,
  never,
  PROMPTLY_MS,
  settle,
  within,
} from './expectations.ts';
import type { SourceHarness } from './harness.ts';
import { read, readDocument } from './read-document.ts';
import { sampleDocument } from './sample-document.ts';
import { addSourceFaults } from './source-faults.ts';

/** Well before any flag was published through this system; a time below it is in seconds, not in milliseconds. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;

/** What `FlagSource` promises. */
export function sourceChecks(harness: SourceHarness): readonly ContractCheck[] {
  const list = new Checklist(harness, ({ source }) => source.close());

  list.add('has a short name without a secret', async ({ source }, secrets) => {
    expectName(source.name, secrets);
  });

  list.add('an empty store is not-found, and leaves nothing to wait for', async ({ source }, secrets) => {
    await expectRejection(source.read(undefined, never()), {
      what: 'reading an empty store',
      secrets,
      reasons: ['not-found'],
    });
  });

  list.add('a first read gives the whole document, letter for letter', async ({ source, seed }) => {
    const text = sampleDocument(1);
    await seed(text);
    const document = await readDocument(source, undefined);
    expectSame(document.text, text, 'the text');
    expectSound(document.revision);
  });

  list.add('a document of 200 KB arrives whole', async ({ source, seed }) => {
    const text = sampleDocument(1, 'ü€'.repeat(40_000));
    await seed(text);
    expectThat((await readDocument(source, undefined)).text === text, 'the text differs from what was seeded');
  });

  list.add('a read at the known revision is unchanged and names that revision', async ({ source, seed }) => {
    await seed(sampleDocument(1));
    const { revision } = await readDocument(source, undefined);
    for (let round = 0; round < 3; round += 1) {
      const result = await read(source, revision);
      expectThat(result.kind === 'unchanged', 'a read at the known revision gave the document again');
      expectSame(compareRevisions(result.revision, revision), 'same', 'the order of the two revisions');
      expectThat(!('text' in result), 'an unchanged result carries a text');
    }
  });

  list.add('what was announced is only a hint: a read gives what the store holds', async ({ source, seed }) => {
    await seed(sampleDocument(1));
    const { revision } = await readDocument(source, undefined);
    const early = await source.read(revision, never(), { hash: 'announced' });
    expectSame(
      compareRevisions(early.revision, revision),
      'same',
      'the order of a reading before the change and the one before',
    );
    await seed(sampleDocument(2));
    const later = await source.read(revision, never(), { hash: 'announced' });
    expectThat(later.kind === 'document', 'a read that follows an announced change says unchanged');
    expectSame(later.text, sampleDocument(2), 'the text that follows an announced change');
  });

  list.add('a read without a known revision always gives the document', async ({ source, seed }) => {
    await seed(sampleDocument(1));
    const first = await readDocument(source, undefined);
    const second = await readDocument(source, undefined);
    expectSame(second.text, first.text, 'the text of the second read');
    expectSame(compareRevisions(second.revision, first.revision), 'same', 'the order of two readings of one document');
  });

  list.add('each change is seen by the next read, however quick', async ({ source, seed }) => {
    await seed(sampleDocument(0));
    let known = (await readDocument(source, undefined)).revision;
    for (let n = 1; n <= 8; n += 1) {
      // Same length each time: nothing but the content tells them apart.
      await seed(sampleDocument(n));
      const { text, revision } = await readDocument(source, known);
      expectSame(text, sampleDocument(n), `the text after change ${n}`);
      const order = compareRevisions(revision, known);
      expectThat(order === 'newer' || order === 'different', `after change ${n} the revision is ${order}`);
      known = revision;
    }
  });

  list.add('a read at a revision of long ago gives the document of now', async ({ source, seed }) => {
    await seed(sampleDocument(1));
    const { revision } = await readDocument(source, undefined);
    await seed(sampleDocument(2));
    await readDocument(source, revision);
    await seed(sampleDocument(3));
    expectSame((await readDocument(source, revision)).text, sampleDocument(3), 'the text');
  });

  list.add(
    'F90 a document comes with those that it stands on, newest first, where its store remembers them',
    async (opened) => {
      const { source, seed, tellsAncestors = false } = opened;
      const before: CountedRevision[] = [{ epoch: 0, version: 0 }];
      for (let n = 1; n <= 3; n += 1) {
        await seed(sampleDocument(n));
        const { revision, ancestors } = await readDocument(source, undefined);
        if (!tellsAncestors || !isCounted(revision)) {
          expectThat(ancestors === undefined, 'the source tells ancestors; say so in the harness by tellsAncestors');
          continue;
        }
        expectSame(ancestors?.map(counts), before, `what document ${n} stands on`);
        before.unshift(counts(revision));
      }
    },
  );

  list.add('a revision of another kind of store is not mistaken for ours', async ({ source, seed }) => {
    await seed(sampleDocument(1));
    const { revision } = await readDocument(source, undefined);
    const foreign: Revision = isCounted(revision) ? { hash: 'f'.repeat(64) } : { epoch: 1, version: 1 };
    expectSame((await readDocument(source, foreign)).text, sampleDocument(1), 'the text');
  });

  list.add('times are Unix milliseconds', async ({ source, seed }) => {
    await seed(sampleDocument(1));
    const { publishedAtMs, storeTimeMs } = await readDocument(source, undefined);
    for (const [what, ms] of [
      ['publishedAtMs', publishedAtMs],
      ['storeTimeMs', storeTimeMs],
    ] as const) {
      const sound = ms === undefined || (ms > EARLIEST_MS && ms < Date.now() + DAY_MS);
      expectThat(sound, `${what} is ${ms}, which is no present time in Unix milliseconds`);
    }
  });

  list.add('ten reads at once each get the document', async ({ source, seed }) => {
    await seed(sampleDocument(1));
    const texts = await within(
      EVENTUALLY_MS,
      'the end of ten reads',
      Promise.all(Array.from({ length: 10 }, async () => (await readDocument(source, undefined)).text)),
    );
    for (const text of texts) expectSame(text, sampleDocument(1), 'one of the ten texts');
  });

  list.add('a signal that is aborted already stops the read before it begins', async ({ source, seed }, secrets) => {
    await seed(sampleDocument(1));
    await expectRejection(source.read(undefined, AbortSignal.abort()), {
      what: 'reading under an aborted signal',
      secrets,
      ms: PROMPTLY_MS,
    });
    expectSame((await readDocument(source, undefined)).text, sampleDocument(1), 'the text of the next read');
  });

  list.add(
    'an abort during a read gives the document or a StoreError, and the next read works',
    async ({ source, seed }, secrets) => {
      await seed(sampleDocument(1));
      for (let turns = 0; turns < 5; turns += 1) {
        const stop = new AbortController();
        const reading = source.read(undefined, stop.signal);
        const outcome = reading.then(
          () => undefined,
          (error: unknown) => error ?? 'nothing',
        );
        for (let turn = 0; turn < turns; turn += 1) await settle();
        stop.abort();
        const error = await within(PROMPTLY_MS, 'the settling of an aborted read', outcome);
        if (error !== undefined) await expectRejection(reading, { what: 'an aborted read', secrets });
      }
      expectSame((await readDocument(source, undefined)).text, sampleDocument(1), 'the text of the next read');
    },
  );

  addSourceFaults(list);

  list.add('F44 close is idempotent, and a read after it is refused', async ({ source, seed }, secrets) => {
    await seed(sampleDocument(1));
    await readDocument(source, undefined);
    await Promise.all([source.close(), source.close()]);
    await source.close();
    await expectRejection(source.read(undefined, never()), { what: 'a read after close', secrets, ms: PROMPTLY_MS });
  });

  list.addLeavesNothing(async ({ source, seed }) => {
    await seed(sampleDocument(1));
    const { revision } = await readDocument(source, undefined);
    await read(source, revision);
  });

  return list.checks;
}

/** Without the hash, which ancestors need not have. */
function counts({ epoch, version }: CountedRevision): CountedRevision {
  return { epoch, version };
}

function expectSound(revision: Revision): void {
  if (!isCounted(revision)) {
    expectThat(typeof revision.hash === 'string' && revision.hash !== '', 'the revision has no hash');
    return;
  }
  const { epoch, version } = revision;
  expectThat(Number.isSafeInteger(epoch) && epoch >= 0, `the epoch ${epoch} is not an integer from 0 to 2^53-1`);
  expectThat(
    Number.isSafeInteger(version) && version >= 0,
    `the version ${version} is not an integer from 0 to 2^53-1`,
  );
}
