// Changes by verbs and from files, upon whatever the store holds.
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cli, DOCUMENT, file, store } from './cli-run.ts';

const held = async () => JSON.parse(await readFile(store, 'utf8')) as typeof DOCUMENT;
const lines = async (...args: readonly string[]): Promise<string[]> =>
  (await cli([...args, '--format', 'text'])).out.split('\n').filter((line) => line !== '');
const last = async () =>
  (JSON.parse((await cli(['history', store, '--limit', '1'])).out) as { entries: Record<string, unknown>[] })
    .entries[0];

describe('a verb for one flag', () => {
  it('changes that flag, and no other letter of the file', async () => {
    const text = JSON.stringify(DOCUMENT, null, 4);
    await writeFile(store, text);
    const { code, err } = await cli(['rollout', store, 'new_checkout', '25', '--actor', 'ada', '--comment', 'slowly']);
    expect([code, err]).toEqual([0, '']);
    expect(await readFile(store, 'utf8')).toBe(text.replace('50', '25'));
    expect(await last()).toMatchObject({
      actor: 'ada',
      comment: 'slowly',
      flags: ['new_checkout'],
      instructions: [{ kind: 'setPercentage', flag: 'new_checkout', percentage: 25 }],
    });
  });

  it('shows what differs and whom it reaches, and with --dry-run writes nothing', async () => {
    const shown = await lines('rollout', store, 'new_checkout', '25%', '--dry-run');
    expect(shown[0]).toBe('~ new_checkout: was 50 % of users, and 1 tester; becomes 25 % of users, and 1 tester');
    expect(shown).toContain(
      '  new_checkout: another answer for 25 % of hash space, among those who reach the fallthrough',
    );
    expect(await held()).toEqual(DOCUMENT);
    const { out } = await cli(['rollout', store, 'new_checkout', '25', '--dry-run']);
    expect(JSON.parse(out)).toMatchObject({ dryRun: true, impact: [{ flagKey: 'new_checkout', percent: 25 }] });
  });

  it('turns it off and on again as it was, and asks where everybody is reached', async () => {
    const asked = await cli(['disable', store, 'new_checkout']);
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('new_checkout turns off for everybody')]);
    expect((await cli(['disable', store, 'new_checkout', '--yes'])).code).toBe(0);
    expect((await held()).flags.new_checkout.status).toBe('disabled');
    expect((await cli(['enable', store, 'new_checkout', '--yes'])).code).toBe(0);
    expect(await held()).toEqual(DOCUMENT);
  });

  it('archives one', async () => {
    expect((await cli(['archive', store, 'theme', '--yes'])).code).toBe(0);
    expect(await lines('show', store)).toContainEqual(expect.stringContaining('archived'));
  });

  it.each([
    [['enable', 'nothing'], 'nothing was written'],
    [['rollout', 'theme', '25'], 'nothing was written'],
    [['rollout', 'new_checkout', '101'], 'allowed is 0 to 100, with at most three decimals'],
    [['rollout', 'new_checkout', 'many'], 'allowed is 0 to 100, with at most three decimals'],
  ])('is refused for %j, and says why', async ([verb = '', ...args], message) => {
    const { code, out, err } = await cli([verb, store, ...args, '--yes', '--format', 'text']);
    expect([1, 2]).toContain(code);
    expect(out + err).toContain(message);
    expect(await held()).toEqual(DOCUMENT);
  });
});

describe('apply', () => {
  const change = (instructions: readonly unknown[], comment = 'FLAGS-17'): Promise<string> =>
    file('change.json', { comment, instructions });

  it('makes a change to whatever the store holds, with its comment', async () => {
    const path = await change([
      { kind: 'setPercentage', flag: 'new_checkout', percentage: 60, from: 50 },
      { kind: 'create', flag: 'later', definition: { status: 'disabled' } },
    ]);
    expect((await cli(['apply', store, path])).code).toBe(0);
    expect((await held()).flags).toEqual({
      ...DOCUMENT.flags,
      new_checkout: { ...DOCUMENT.flags.new_checkout, rolloutPercentage: 60 },
      later: { status: 'disabled' },
    });
    expect(await last()).toMatchObject({ comment: 'FLAGS-17', flags: ['new_checkout', 'later'] });
  });

  it('F73 keeps what others changed, and shows both sides where they changed the same', async () => {
    const path = await change([{ kind: 'setPercentage', flag: 'new_checkout', percentage: 60, from: 50 }]);
    await cli(['disable', store, 'theme', '--yes']);
    expect((await cli(['apply', store, path])).code).toBe(0);
    const now = await held();
    expect(now.flags.new_checkout.rolloutPercentage).toBe(60);
    expect(now.flags.theme).toMatchObject({ enabled: false });
    const late = await change([{ kind: 'setPercentage', flag: 'new_checkout', percentage: 75, from: 50 }]);
    const shown = await lines('apply', store, late);
    expect(shown).toEqual([
      expect.stringContaining('new_checkout'),
      '    its author saw 50',
      '    there is now   60',
      '    it wants       75',
      'nothing was written',
    ]);
    expect(await held()).toEqual(now);
  });

  it('keeps a flag that only a newer version can read', async () => {
    const newer = { ...DOCUMENT, flags: { ...DOCUMENT.flags, newer: { status: 'preview', from: 'tomorrow' } } };
    await writeFile(store, JSON.stringify(newer));
    expect((await cli(['rollout', store, 'new_checkout', '10'])).code).toBe(0);
    expect((await held()).flags).toMatchObject({ newer: { status: 'preview', from: 'tomorrow' } });
  });

  it.each([
    ['{"comment":"x"', 'a whole JSON document'],
    ['{"comment":"x","instructions":[{"kind":"turnUp","flag":"a"}]}', '$.instructions[0].kind'],
    [JSON.stringify({ comment: 'x'.repeat(2_001), instructions: [{ kind: 'turnOn', flag: 'a' }] }), '$.comment'],
  ])('says what is wrong with the file %j', async (text, message) => {
    const shown = await lines('apply', store, await file('change.json', text));
    expect(shown.join('\n')).toContain(message);
    expect(shown.at(-1)).toBe('nothing was written');
  });

  it('of many at once lands each, in a history that is whole', async () => {
    const flags = Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [`f${n}`, { status: 'canary', rolloutPercentage: 1 }]),
    );
    await writeFile(store, JSON.stringify({ schemaVersion: 1, flags }));
    const done = await Promise.all(
      Object.keys(flags).map((flag, n) => cli(['rollout', store, flag, String(10 + n), '--actor', `p${n}`])),
    );
    expect(done.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 0));
    const now = (await held()).flags as unknown as Record<string, { rolloutPercentage: number }>;
    expect(Object.values(now).map(({ rolloutPercentage }) => rolloutPercentage)).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17,
    ]);
    expect((await cli(['audit', 'verify', store])).code).toBe(0);
  });
});
