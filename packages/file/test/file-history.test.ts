import { verify } from '@clarity/flags-changes';
import { fileHistory, filePublisher } from '@clarity/flags-file';
import type { PublicationNote } from '@clarity/flags-core/ports';
import { appendFileSync, chmodSync, readFileSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, remove, sha256, temporaryDirectory } from './file-harness.ts';

const NEVER = new AbortController().signal;
const document = (n: number): string =>
  JSON.stringify({ schemaVersion: 1, flags: { checkout: { status: 'enabled', metadata: { n } } } });
const ADA = { actor: 'ada', via: 'cli', comment: 'more room', flags: ['checkout'] } as const;

let directory: string;
let path: string;
let audit: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'flags.json');
  audit = `${path}.audit.jsonl`;
});
afterEach(() => remove(directory));

/** Publishes upon what the file holds. */
async function publish(n: number, note: PublicationNote | 'none' = ADA): Promise<void> {
  const publisher = filePublisher({ path });
  const held = await fileText();
  await publisher.publish(
    document(n),
    held === undefined ? 'absent' : { hash: sha256(held) },
    NEVER,
    note === 'none' ? undefined : note,
  );
  await publisher.close();
}

async function fileText(): Promise<string | undefined> {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const entries = async (query = {}) => (await fileHistory({ path }).entries(query, NEVER)).entries;
const sound = async () => verify(fileHistory({ path }), { held: { hash: sha256(readFileSync(path, 'utf8')) } }, NEVER);

describe('the history of a file', () => {
  it('says who changed what, when and why, newest first, and is a chain', async () => {
    expect(await entries()).toEqual([]);
    const before = Date.now();
    await publish(1);
    await publish(2, { actor: 'grace', instructions: [{ kind: 'turnOn', flag: 'checkout' }] });
    await publish(3, 'none');
    expect(await entries()).toMatchObject([
      { seq: 3, kind: 'publish', actor: 'unknown', authenticatedBy: 'claimed' },
      {
        seq: 2,
        actor: 'grace',
        via: 'api',
        instructions: [{ kind: 'turnOn', flag: 'checkout' }],
        before: { hash: sha256(document(1)) },
        after: { hash: sha256(document(2)) },
      },
      { seq: 1, actor: 'ada', via: 'cli', comment: 'more room', flags: ['checkout'], before: null },
    ]);
    for (const { atMs } of await entries()) expect(atMs).toBeGreaterThanOrEqual(before);
    expect(await sound()).toMatchObject({ ok: true, entries: 3, findings: [] });
  });

  it('is found by flag, actor and time, page by page', async () => {
    for (let n = 1; n <= 7; n++)
      await publish(n, { actor: n % 2 === 0 ? 'ada' : 'grace', flags: [n > 4 ? 'new' : 'old'] });
    const seqs = async (query: object) => (await entries(query)).map(({ seq }) => seq);
    expect(await seqs({ flag: 'new' })).toEqual([7, 6, 5]);
    expect(await seqs({ actor: 'ada', flag: 'old' })).toEqual([4, 2]);
    const first = await fileHistory({ path }).entries({ limit: 3 }, NEVER);
    expect(first.entries.map(({ seq }) => seq)).toEqual([7, 6, 5]);
    expect(await seqs({ limit: 3, beforeSeq: first.olderThan })).toEqual([4, 3, 2]);
    expect(await seqs({ untilMs: 0 })).toEqual([]);
  });

  it('keeps each document, letter for letter', async () => {
    for (const n of [1, 2, 3]) await publish(n);
    const history = fileHistory({ path });
    for (const n of [1, 2, 3]) expect(await history.textOf({ hash: sha256(document(n)) }, NEVER)).toBe(document(n));
    expect(await history.textOf({ hash: sha256('never') }, NEVER)).toBeUndefined();
    expect(await history.textOf({ epoch: 1, version: 1 }, NEVER)).toBeUndefined();
  });

  it('begins with a file that was there, and says when one was changed by hand', async () => {
    writeFileSync(path, document(0));
    await publish(1);
    expect(await entries()).toMatchObject([{ seq: 1, before: { hash: sha256(document(0)) } }]);
    expect(await fileHistory({ path }).textOf({ hash: sha256(document(0)) }, NEVER)).toBe(document(0));
    writeFileSync(path, document(50));
    expect((await sound()).findings).toMatchObject([{ kind: 'written-around', seq: 1 }]);
    await publish(2);
    expect(await entries()).toMatchObject([
      { seq: 3, kind: 'publish', before: { hash: sha256(document(50)) } },
      { seq: 2, kind: 'outside', actor: 'unknown', via: 'file', before: { hash: sha256(document(1)) } },
      { seq: 1 },
    ]);
    expect(await sound()).toMatchObject({ ok: true, findings: [{ kind: 'outside', seq: 2 }] });
    unlinkSync(path);
    await publish(3);
    expect((await entries())[1]).toMatchObject({ kind: 'outside', after: null });
  });

  it('F70 voids an entry whose document never came', async () => {
    await publish(1);
    await publish(2);
    // As a publisher leaves it that dies after the entry and before the rename.
    writeFileSync(path, document(1));
    await publish(3);
    expect(await entries()).toMatchObject([
      { seq: 4, kind: 'publish' },
      { seq: 3, kind: 'void', voids: 2 },
      { seq: 2 },
      { seq: 1 },
    ]);
    expect(await sound()).toMatchObject({ ok: true, findings: [] });
  });

  it('F70 takes away what was half written, and voids what it could not carry out itself', async () => {
    await publish(1);
    appendFileSync(audit, `${'a'.repeat(64)} {"seq":2,"at`);
    await publish(2);
    expect((await entries()).map(({ seq }) => seq)).toEqual([2, 1]);
    truncateSync(audit, statSync(audit).size - 5);
    await publish(3);
    expect(await sound()).toMatchObject({ ok: true, findings: [{ kind: 'outside', seq: 2 }] });
    const called = new AbortController();
    const publisher = filePublisher({ path });
    const publishing = publisher.publish(document(4), { hash: sha256(document(3)) }, called.signal, ADA);
    called.abort();
    await expect(publishing).rejects.toThrow('stopped by the caller');
    await publisher.close();
    expect((await sound()).ok).toBe(true);
  });

  it('is readable by its owner alone', async () => {
    await publish(1);
    expect(statSync(audit).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, '.history')).mode & 0o077).toBe(0);
  });

  it('is left alone by a publisher without history, and the next one says so', async () => {
    await publish(1);
    const without = filePublisher({ path, history: false });
    await without.publish(document(2), { hash: sha256(document(1)) }, NEVER, ADA);
    expect(await entries()).toHaveLength(1);
    await publish(3);
    expect((await entries()).map(({ kind }) => kind)).toEqual(['publish', 'outside', 'publish']);
  });

  it('that cannot be written stops a publication before anything is written, and says what to do', async () => {
    await publish(1);
    writeFileSync(audit, 'not a history\n');
    const publisher = filePublisher({ path });
    const { reason, message } = await refusal(publisher.publish(document(2), { hash: sha256(document(1)) }, NEVER));
    expect(reason).toBe('invalid');
    expect(message).toMatch(
      /^nothing was written: the last line of the history .*audit\.jsonl is no entry; .* or publish without history$/,
    );
    expect(readFileSync(path, 'utf8')).toBe(document(1));
    chmodSync(audit, 0o600);
  });

  it.each([
    [{ actor: '' }, 'actor of the note is ""; allowed is one line of 1 to 200 characters'],
    [{ actor: 'a\nb' }, 'actor of the note is "a\\nb"; allowed is one line of 1 to 200 characters'],
    [
      { actor: 'a', comment: 'x'.repeat(2_001) },
      'comment of the note is text of 2001 characters; allowed is text of at most 2000 characters',
    ],
    [{ actor: 'a', via: 'post' }, 'via of the note is "post"; allowed is api, cli, ui, file'],
    [{ actor: 'a', flags: [1] }, 'flags of the note is an array; allowed is a list of keys of flags'],
  ])('refuses the note %j', async (note, complaint) => {
    const publisher = filePublisher({ path });
    const { reason, message } = await refusal(publisher.publish(document(1), 'absent', NEVER, note as typeof ADA));
    expect({ reason, message }).toEqual({ reason: 'invalid', message: `nothing was written: ${complaint}` });
    expect(await fileText()).toBeUndefined();
  });

  it('of a change to one flag takes at most 1 KB, and keeps only the number of very many instructions', async () => {
    await publish(1, { ...ADA, instructions: [{ kind: 'setPercentage', flag: 'checkout', percentage: 25, from: 10 }] });
    expect(readFileSync(audit, 'utf8').length).toBeLessThan(1_024);
    await publish(2, {
      ...ADA,
      instructions: Array.from({ length: 1_000 }, () => ({ kind: 'turnOn', flag: 'checkout' })),
    });
    expect((await entries())[0]).toMatchObject({ instructionCount: 1_000 });
    expect((await entries())[0]).not.toHaveProperty('instructions');
  });
});
