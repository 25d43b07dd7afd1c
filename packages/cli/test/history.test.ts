// Who changed what, taking it back, and whether the history was bent: over a file.
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cli, DOCUMENT, file, store } from './cli-run.ts';

const { flags } = DOCUMENT;
type Flags = Readonly<Record<string, unknown>>;

/** Publishes these flags, as this actor. */
async function publish(changed: Flags, ...options: readonly string[]): Promise<void> {
  const path = await file('next.json', { ...DOCUMENT, flags: changed });
  const { code, err } = await cli(['publish', store, path, '--yes', ...options]);
  expect([code, err]).toEqual([0, '']);
}
const lines = async (...args: readonly string[]): Promise<string[]> =>
  (await cli([...args, '--format', 'text'])).out.split('\n').filter((line) => line !== '');
const held = async (): Promise<{ flags: Flags }> => JSON.parse(await readFile(store, 'utf8')) as { flags: Flags };
const SMALL = { ...flags, new_checkout: { status: 'canary', rolloutPercentage: 5 } };
const DARK = { ...SMALL, theme: { ...flags.theme, fallthrough: 'dark' } };

async function threeChanges(): Promise<void> {
  await publish(SMALL, '--actor', 'ada', '--comment', 'errors at the till');
  await publish(DARK, '--actor', 'grace');
  await publish({ ...DARK, later: { status: 'disabled' } }, '--actor', 'ada');
}

describe('history', () => {
  it('says who changed what, when and why, newest first', async () => {
    expect(await lines('history', store)).toEqual([expect.stringMatching(/ has no history yet$/)]);
    await threeChanges();
    const WHEN = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
    expect(await lines('history', store)).toEqual([
      expect.stringMatching(new RegExp(`^#3  ${WHEN}  ada \\(claimed, cli\\)  later  [0-9a-f]{12}$`)),
      expect.stringMatching(new RegExp(`^#2  ${WHEN}  grace \\(claimed, cli\\)  theme  [0-9a-f]{12}$`)),
      expect.stringMatching(/^#1 .* new_checkout {2}[0-9a-f]{12} {2}"errors at the till"$/),
      '3 entries',
    ]);
  });

  it('of one flag, of one actor, and page by page', async () => {
    await threeChanges();
    expect(await lines('history', store, 'theme')).toEqual([expect.stringMatching(/^#2 /), '1 entry']);
    expect(await lines('history', store, '--actor', 'ada', '--limit', '1')).toEqual([
      expect.stringMatching(/^#3 /),
      'older ones: --before 3',
    ]);
    const { out } = await cli(['history', store, '--before', '3', '--actor', 'ada']);
    expect(JSON.parse(out)).toMatchObject({ entries: [{ seq: 1, actor: 'ada', via: 'cli' }], olderThan: null });
  });

  it('tells of a change by hand', async () => {
    await threeChanges();
    await writeFile(store, JSON.stringify(DOCUMENT));
    await publish(SMALL);
    expect((await lines('history', store))[1]).toMatch(/^#4 .* was changed without an entry {2}[0-9a-f]{12}$/);
  });

  it('names an actor by what Git or the system says, where none is given', async () => {
    await publish(SMALL);
    const { entries } = JSON.parse((await cli(['history', store])).out) as { entries: { actor: string }[] };
    expect(entries[0]?.actor).toMatch(/\S/);
  });

  it('is refused of a store that keeps none, and asks for sound numbers', async () => {
    const { code, err } = await cli(['history', 'https://flags.example.com/flags.json']);
    expect([code, err]).toEqual([2, expect.stringContaining('keeps no history')]);
    expect((await cli(['history', store, '--limit', '0'])).err).toContain('a whole number from 1 to 1000');
    const refused = await cli([
      'publish',
      store,
      await file('next.json', { ...DOCUMENT, flags: SMALL }),
      '--actor',
      '',
    ]);
    expect(refused.code).not.toBe(0);
    expect(refused.out + refused.err).toContain('allowed is one line of 1 to 200 characters');
    expect(await held()).toEqual(DOCUMENT);
  });
});

describe('rollback', () => {
  it('takes one flag back, and leaves what others changed since', async () => {
    await threeChanges();
    const { code, out } = await cli(['rollback', store, '1', '--flag', 'theme', '--yes', '--actor', 'joan']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ differences: [{ of: 'flag', key: 'theme', change: 'changed' }] });
    expect((await held()).flags).toEqual({ ...SMALL, later: { status: 'disabled' } });
    expect((await lines('history', store))[0]).toMatch(/^#4 .* joan \(claimed, cli\) {2}theme .* "back to 1"$/);
  });

  it('takes the whole document back, letter for letter, by number or revision', async () => {
    await threeChanges();
    const first = JSON.stringify({ ...DOCUMENT, flags: SMALL });
    expect((await cli(['rollback', store, '#1', '--yes'])).code).toBe(0);
    expect(await readFile(store, 'utf8')).toBe(first);
    await publish(DARK);
    const { entries } = JSON.parse((await cli(['history', store])).out) as { entries: { after: { hash: string } }[] };
    const revision = entries.at(-1)!.after.hash;
    expect((await cli(['rollback', store, revision.slice(0, 12), '--yes'])).code).toBe(0);
    expect(await readFile(store, 'utf8')).toBe(first);
  });

  it('takes back a flag that was removed, and removes one that was not there', async () => {
    await threeChanges();
    await cli(['rollback', store, '2', '--flag', 'later', '--yes']);
    expect(Object.keys((await held()).flags)).toEqual(['new_checkout', 'theme']);
    await cli(['rollback', store, '3', '--flag', 'later', '--yes']);
    expect((await held()).flags['later']).toEqual({ status: 'disabled' });
  });

  it('shows and asks as publish does, and writes nothing where nothing differs', async () => {
    await publish({ new_checkout: flags.new_checkout }, '--actor', 'ada');
    await publish(flags, '--actor', 'ada');
    const before = await readFile(store, 'utf8');
    const asked = await cli(['rollback', store, '1']);
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('theme vanishes')]);
    expect(await lines('rollback', store, '1', '--dry-run')).toContainEqual(expect.stringContaining('theme vanishes'));
    expect(await lines('rollback', store, '1', '--flag', 'new_checkout')).toEqual([
      expect.stringContaining('holds this document already'),
    ]);
    expect(await readFile(store, 'utf8')).toBe(before);
  });

  it.each([
    [['9'], 'the history has no 9; '],
    [['1', '--flag', 'nothing'], 'neither 1 nor the store has a flag "nothing"'],
    [['1a2b3c4d5e6f'], 'the history has no 1a2b3c4d5e6f; '],
  ])('is refused for %j', async (args, message) => {
    await publish(SMALL);
    const { code, err } = await cli(['rollback', store, ...args, '--yes']);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(err).toContain('nothing was written');
  });
});

describe('audit', () => {
  const auditFile = (): string => `${store}.audit.jsonl`;

  it('says that a history is whole, with a place to hold it against later', async () => {
    await threeChanges();
    const [line = ''] = await lines('audit', 'verify', store);
    const anchor =
      /^the history of .* is whole: 3 entries; to hold it against this later: --anchor (3:[0-9a-f]{64})$/.exec(
        line,
      )?.[1];
    expect(anchor).toBeDefined();
    await publish(SMALL);
    expect((await cli(['audit', 'verify', store, '--anchor', anchor!])).code).toBe(0);
    const forged = anchor!.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await cli(['audit', 'verify', store, '--anchor', forged])).toMatchObject({
      code: 1,
      out: expect.stringContaining('"kind":"anchor"') as string,
    });
  });

  it('F71 says what was bent, and exits with 1', async () => {
    await threeChanges();
    const text = await readFile(auditFile(), 'utf8');
    await writeFile(auditFile(), text.replace('grace', 'linus'));
    expect(await lines('audit', 'verify', store)).toEqual([
      'entry 2 is not the one that was written upon entry 1: one of the two was changed',
      expect.stringMatching(/^the history of .* was bent: 3 entries that can be read$/),
    ]);
    await writeFile(auditFile(), text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1));
    expect((await cli(['audit', 'verify', store])).code).toBe(1);
  });

  it('exports every entry as it is stored, oldest first', async () => {
    await threeChanges();
    const { out } = await cli(['audit', 'export', store]);
    const exported = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { hash: string; entry: string });
    expect(exported.map(({ hash, entry }) => `${hash} ${entry}\n`).join('')).toBe(await readFile(auditFile(), 'utf8'));
  });

  it('does nothing else', async () => {
    expect(await cli(['audit', 'mend', store])).toMatchObject({
      code: 2,
      err: expect.stringContaining('verify or export') as string,
    });
    expect((await cli(['audit', 'verify', store, '--anchor', '3'])).code).toBe(2);
  });
});
