import {
  chainHash,
  FIRST_PREVIOUS_HASH,
  type HistoryEntry,
  type HistoryPage,
  type HistoryQuery,
  type PublicationNote,
  readEntry,
} from '@clarity/flags-core/history';
import { formatRevision, isStoreError, type Revision } from '@clarity/flags-core/ports';
import type { ContractCheck } from './check.ts';
import { Checklist } from './checklist.ts';
import { EVENTUALLY_MS, expectName, expectRejection, expectSame, expectThat, never, within } from './expectations.ts';
import type { HistoryHarness, HistoryUnderTest } from './harness.ts';
import { documentWithFlags, flagNames, sampleDocument } from './sample-document.ts';

const ADA: PublicationNote = { actor: 'ada', via: 'cli', comment: 'more room “for all” \u2028', flags: ['counter'] };
const PUBLISHERS = 4;
const EACH = 5;
const RACE_MS = 20_000;

/** What `FlagHistory` promises, and what publishers of a store with a history do for it. */
export function historyChecks(harness: HistoryHarness): readonly ContractCheck[] {
  const list = new Checklist(harness, async ({ history, publisher }) => {
    await history.close();
    await publisher.close();
  });

  list.add('has a short name without a secret', async ({ history }, secrets) => {
    expectName(history.name, secrets);
  });

  list.add('a store that nobody published to has no entry', async (opened) => {
    expectSame(await pageOf(opened), { entries: [], unreadable: [] }, 'the page of an empty history');
  });

  list.add('a publication is an entry that says who, how, why, and upon what', async (opened) => {
    const before = Date.now();
    const first = await publish(opened, sampleDocument(1), 'absent', ADA);
    const note: PublicationNote = {
      actor: 'release 7',
      authenticatedBy: 'token ci',
      via: 'api',
      instructions: [{ kind: 'turnOn', flag: 'counter' }],
      requestId: 'r-17',
    };
    const second = await publish(opened, sampleDocument(2), first, note);
    const [newest, oldest, ...others] = await entriesOf(opened);
    expectThat(newest !== undefined && oldest !== undefined && others.length === 0, 'there are not two entries');
    expectSame(partOf(oldest, ADA), { ...ADA, authenticatedBy: 'claimed' }, 'what the first entry says');
    expectSame(partOf(newest, note), note, 'what the second entry says');
    expectSame([oldest.seq, newest.seq], [1, 2], 'the numbers of the entries');
    expectThat(oldest.before === null, 'the first entry stands on a document');
    expectRevision(oldest.after, first, 'what the first entry left');
    expectRevision(newest.before, first, 'what the second entry stands on');
    expectRevision(newest.after, second, 'what the second entry left');
    const slackMs = opened.clockSlackMs ?? 0;
    const isNow = oldest.atMs >= before - 1 - slackMs && newest.atMs <= Date.now() + 1 + slackMs;
    expectThat(isNow && newest.atMs >= oldest.atMs, `entries of now say ${oldest.atMs} and ${newest.atMs}`);
  });

  list.add('a publication without a note is an entry too', async (opened) => {
    await publish(opened, sampleDocument(1), 'absent');
    const [entry] = await entriesOf(opened);
    expectSame([entry?.kind, entry?.seq, typeof entry?.actor], ['publish', 1, 'string'], 'the entry');
  });

  list.add('a restore is an entry that says so', async (opened) => {
    await publish(opened, sampleDocument(1), 'absent');
    const { publisher } = opened;
    const restored = await within(EVENTUALLY_MS, 'a restore', publisher.restore(sampleDocument(2), never(), ADA));
    const [entry] = await entriesOf(opened);
    expectSame([entry?.kind, entry?.actor], ['restore', 'ada'], 'the entry of a restore');
    expectRevision(entry?.after ?? null, restored, 'what the restore left');
  });

  list.add('F71 entries are a chain: each hash is of the one before and of the text that is stored', async (opened) => {
    let held: Revision | 'absent' = 'absent';
    for (let n = 1; n <= 4; n += 1) held = await publish(opened, sampleDocument(n), held, ADA);
    await expectChain((await entriesOf(opened)).toReversed(), 4);
  });

  list.add('a refused publication leaves no entry', async (opened) => {
    const { publisher, secrets } = opened;
    await publish(opened, sampleDocument(1), 'absent');
    const refused = [
      () => publisher.publish(sampleDocument(2), 'absent', never(), ADA),
      () => publisher.publish('{}', 'absent', never(), ADA),
    ];
    for (const call of refused) await expectRejection(call(), { what: 'a publication that is refused', secrets });
    expectSame((await entriesOf(opened)).length, 1, 'the number of entries');
  });

  list.add('a note that cannot be kept is refused before anything is written', async (opened) => {
    const { publisher, secrets } = opened;
    for (const note of [{ actor: '' }, { actor: 'a\nb' }, { actor: 'a', comment: 'x'.repeat(2_001) }]) {
      const what = 'a publication with a note that cannot be kept';
      await expectRejection(publisher.publish(sampleDocument(1), 'absent', never(), note), {
        what,
        secrets,
        reasons: ['invalid'],
      });
    }
    expectSame((await entriesOf(opened)).length, 0, 'the number of entries');
    await publish(opened, sampleDocument(1), 'absent', ADA);
  });

  list.add('a document comes back letter for letter, and one that never was does not', async (opened) => {
    const { history } = opened;
    const first = await publish(opened, sampleDocument(1), 'absent');
    const second = await publish(opened, sampleDocument(2), first);
    for (const [revision, n] of [
      [first, 1],
      [second, 2],
    ] as const) {
      const text = await within(EVENTUALLY_MS, 'reading an earlier document', history.textOf(revision, never()));
      expectSame(text, sampleDocument(n), `document ${n}`);
    }
    const other = await history.textOf({ epoch: 1, version: 1, hash: 'f'.repeat(64) }, never());
    expectThat(other === undefined, 'a document that never was came back');
  });

  list.add('entries are found by flag, by actor and by time, newest first, page by page', async (opened) => {
    let held: Revision | 'absent' = 'absent';
    for (let n = 1; n <= 6; n += 1) {
      const note = { actor: n % 2 === 0 ? 'ada' : 'grace', flags: [n > 3 ? 'new' : 'old'] };
      held = await publish(opened, sampleDocument(n), held, note);
    }
    const seqs = async (query: HistoryQuery): Promise<readonly number[]> =>
      (await pageOf(opened, query)).entries.map(({ seq }) => seq);
    expectSame(await seqs({ flag: 'new' }), [6, 5, 4], 'entries of a flag');
    expectSame(await seqs({ actor: 'ada', flag: 'old' }), [2], 'entries of a flag by an actor');
    expectSame(await seqs({ untilMs: 0 }), [], 'entries of 1969');
    expectSame(await seqs({ sinceMs: 0, beforeSeq: 3 }), [2, 1], 'entries before the third');
    const { entries, olderThan } = await pageOf(opened, { limit: 4 });
    expectSame([entries.length, olderThan], [4, 3], 'a page of four, and where the next begins');
    const last = await pageOf(opened, { limit: 4, beforeSeq: 3 });
    expectSame([last.entries.length, 'olderThan' in last], [2, false], 'the last page');
  });

  list.add(
    `F73 of ${PUBLISHERS} publishers at once each landed change has one entry, in a whole chain`,
    async (opened) => {
      const { another, stored } = opened;
      await publish(opened, documentWithFlags(['first']), 'absent', ADA);
      const work = async (name: string): Promise<void> => {
        const publisher = await another();
        for (let done = 0; done < EACH;) {
          const held = await stored();
          expectThat(held !== undefined, 'the store is empty');
          const text = documentWithFlags([...flagNames(held.text), `${name}_${done}`]);
          try {
            await publisher.publish(text, held.revision, never(), { actor: name, flags: [`${name}_${done}`] });
            done += 1;
          } catch (error) {
            if (!isStoreError(error) || error.reason !== 'conflict') throw error;
          }
        }
        await publisher.close();
      };
      const names = Array.from({ length: PUBLISHERS }, (_, n) => `p${n}`);
      await within(RACE_MS, 'the end of the work', Promise.all(names.map(work)));
      const entries = (await pageOf(opened, { limit: 1_000 })).entries.filter(({ kind }) => kind === 'publish');
      expectSame(entries.length, 1 + PUBLISHERS * EACH, 'the number of entries');
      const changed = new Set(entries.flatMap(({ flags = [] }) => flags));
      expectSame(changed.size, 1 + PUBLISHERS * EACH, 'the number of changes that have an entry');
      await expectChain((await pageOf(opened, { limit: 1_000 })).entries.toReversed());
    },
  );

  list.addFault(
    'down',
    'a store that is down rejects with a StoreError, and tells entries again afterwards',
    async (opened, begin) => {
      await publish(opened, sampleDocument(1), 'absent', ADA);
      const mend = await begin();
      const { history, secrets } = opened;
      await expectRejection(history.entries({}, never()), {
        what: 'reading the history of a store that is down',
        secrets,
      });
      await mend();
      expectSame((await entriesOf(opened)).length, 1, 'the number of entries');
    },
  );

  return list.checks;
}

/** The page of a query: the values that are named for it, and no others. */
function partOf(entry: HistoryEntry, note: PublicationNote): unknown {
  const names = new Set([...Object.keys(note), 'authenticatedBy']);
  return Object.fromEntries(Object.entries(entry).filter(([name]) => names.has(name)));
}

async function expectChain(chain: readonly HistoryEntry[], length = chain.length): Promise<void> {
  expectSame(chain.length, length, 'the number of entries');
  let previous = FIRST_PREVIOUS_HASH;
  for (const [index, { seq, hash, text }] of chain.entries()) {
    expectSame(seq, index + 1, 'the number of an entry');
    expectSame(hash, await chainHash(previous, text), `the hash of entry ${seq}`);
    expectThat(readEntry(text, hash)?.seq === seq, `the text of entry ${seq} is another entry's`);
    previous = hash;
  }
}

function expectRevision(found: Revision | null, expected: Revision, what: string): void {
  const { hash } = expected;
  const isSame = found !== null && (found.hash !== undefined && hash !== undefined ? found.hash === hash : true);
  expectThat(
    isSame && formatRevision(found) === formatRevision(expected),
    `${what} is ${found === null ? 'nothing' : formatRevision(found)} and should be ${formatRevision(expected)}`,
  );
}

async function pageOf({ history }: HistoryUnderTest, query: HistoryQuery = {}): Promise<HistoryPage> {
  return within(EVENTUALLY_MS, 'reading the history', history.entries(query, never()));
}

async function entriesOf(opened: HistoryUnderTest): Promise<readonly HistoryEntry[]> {
  return (await pageOf(opened)).entries;
}

async function publish(
  { publisher }: HistoryUnderTest,
  text: string,
  expected: Revision | 'absent',
  note?: PublicationNote,
): Promise<Revision> {
  const { warnings: _, ...revision } = await within(
    EVENTUALLY_MS,
    'a publication',
    publisher.publish(text, expected, never(), note),
  );
  return revision;
}
