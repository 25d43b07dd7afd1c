// What publish shows, what it asks about, and what it does without being asked.
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cli, DOCUMENT, file, store } from './cli-run.ts';

const { flags } = DOCUMENT;
const held = async (): Promise<unknown> => JSON.parse(await readFile(store, 'utf8'));
const next = (changed: object): Promise<string> => file('next.json', { ...DOCUMENT, flags: changed });

describe('publish shows what differs', () => {
  it('in lines for people, before it says that it wrote', async () => {
    const path = await next({
      ...flags,
      new_checkout: { status: 'canary', rolloutPercentage: 60 },
      later: { status: 'disabled' },
    });
    const { code, out, err } = await cli(['publish', store, path, '--format', 'text']);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      '~ new_checkout: was 50 % of users, and 1 tester; becomes 60 % of users',
      '    1 tester fewer',
      '+ later: off for everybody',
      '2 differences',
      expect.stringMatching(/^published as [0-9a-f]{12} to /),
      '',
    ]);
  });

  it('in JSON, with what it wrote', async () => {
    const { out } = await cli(['publish', store, await next({ ...flags, later: { status: 'disabled' } })]);
    expect(JSON.parse(out)).toMatchObject({
      revision: { hash: expect.any(String) },
      differences: [{ of: 'flag', key: 'later', change: 'added', words: ['off for everybody'] }],
    });
  });

  it('of a segment and of the environment by their names', async () => {
    const path = await file('next.json', {
      ...DOCUMENT,
      environment: 'production',
      segments: { staff: { include: ['a'] } },
    });
    const { out } = await cli(['publish', store, path, '--format', 'text']);
    expect(out).toContain('+ segment staff: 1 key included\n');
    expect(out).toContain('+ environment: becomes "production"\n');
  });

  it('as nothing where only the text differs, and writes it', async () => {
    const text = JSON.stringify(DOCUMENT, null, 2);
    const { code, out } = await cli(['publish', store, await file('next.json', text), '--format', 'text']);
    expect(code).toBe(0);
    expect(out).toMatch(/^both mean the same\npublished as /);
    expect(await readFile(store, 'utf8')).toBe(text);
  });

  it('as far as it can: what cannot be read is not compared, and written over', async () => {
    await writeFile(store, 'no JSON');
    const path = await next(flags);
    const tried = await cli(['publish', store, path, '--format', 'text', '--dry-run']);
    expect(tried.out).toContain('what the store holds cannot be read, and is not compared\n');
    expect(JSON.parse((await cli(['publish', store, path])).out)).toMatchObject({ differences: null });
    expect(await held()).toEqual(DOCUMENT);
  });

  it.each([
    ['one that is wrong', { when: 5 }],
    ['one of a newer version', { when: { attribute: 'a', op: 'near', value: 1 } }],
  ])('over a segment that cannot be read: %s', async (_, staff) => {
    await writeFile(store, JSON.stringify({ ...DOCUMENT, segments: { staff } }));
    const path = await file('next.json', { ...DOCUMENT, segments: { staff: { include: ['a'] } } });
    const { code, out } = await cli(['publish', store, path, '--format', 'text']);
    expect(code).toBe(0);
    expect(out).toContain('+ segment staff: 1 key included\n');
  });

  it('with the flags of a bad document that can be read, and with those that cannot', async () => {
    await writeFile(store, JSON.stringify({ ...DOCUMENT, flags: { ...flags, broken: { status: 5 } } }));
    const { code, err } = await cli(['publish', store, await next(flags)]);
    expect(code).toBe(2);
    expect(err).toContain('nothing was written: broken vanishes');
  });
});

describe('publish asks', () => {
  const cases: readonly (readonly [string, object, string])[] = [
    ['a flag vanishes', { theme: flags.theme }, 'new_checkout vanishes: code that asks for it gets its fallback'],
    ['a type changes', { ...flags, theme: { status: 'enabled' } }, 'theme becomes a boolean flag, was a string one'],
    [
      'a flag turns on for everybody',
      { ...flags, new_checkout: { status: 'enabled' } },
      'new_checkout turns on for everybody',
    ],
    [
      'a flag turns off for everybody',
      { ...flags, new_checkout: { status: 'disabled' } },
      'new_checkout turns off for everybody',
    ],
  ];

  it.each(cases)(
    'where %s, and without anybody to ask writes nothing and exits with 2',
    async (_, changed, question) => {
      const { code, out, err } = await cli(['publish', store, await next(changed)]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`clarity-flags: nothing was written: ${question}`);
      expect(err).toContain('say --yes if that is meant');
      expect(await held()).toEqual(DOCUMENT);
    },
  );

  it.each(cases)('where %s, and does it by --yes', async (_, changed) => {
    expect(await cli(['publish', store, await next(changed), '--yes'])).toMatchObject({ code: 0, err: '' });
    expect(await held()).toMatchObject({ flags: changed });
  });

  it.each([
    ['y', 0],
    ['n', 2],
    ['\r', 2],
  ])('on a terminal, after it showed what differs: %j ends with %i', async (answer, code) => {
    const path = await next({ theme: flags.theme });
    const asked = await cli(['publish', store, path], { terminal: true, answers: [answer] });
    expect(asked.code).toBe(code);
    expect(asked.err).toMatch(
      /- new_checkout: was 50 %[^]*! new_checkout vanishes[^]*1 to be asked about[^]*Publish to /,
    );
    expect(await held()).toEqual(code === 0 ? { ...DOCUMENT, flags: { theme: flags.theme } } : DOCUMENT);
  });

  it('where a layer or a holdout changes who takes part in an experiment that goes on', async () => {
    const pages = {
      type: 'boolean',
      fallthrough: {
        kind: 'split',
        variants: [{ variant: 'on', ranges: [[0, 5000]] }],
        otherwise: 'off',
        experiment: { id: 'one-page', phase: 1 },
        layer: 'checkout',
        holdout: 'all',
      },
    };
    const document = (to: number, percentage: number): object => ({
      schemaVersion: 1,
      flags: { pages },
      layers: { checkout: { slots: { 'one-page': [[0, to]] } } },
      holdouts: { all: { percentage } },
    });
    await writeFile(store, JSON.stringify(document(50_000, 5)));
    const path = await file('next.json', document(30_000, 4));
    const { code, err } = await cli(['publish', store, path]);
    expect(code).toBe(2);
    expect(err).toContain('layer checkout takes users out of running experiment one-page (20 % of users), and 1 more');
    const { out } = await cli(['publish', store, path, '--dry-run', '--format', 'text']);
    expect(out.split('\n').slice(0, 8)).toEqual([
      '~ layer checkout: slot one-page was 50 % of users; becomes 30 %',
      '    reaches pages',
      '! layer checkout takes users out of running experiment one-page (20 % of users)',
      '~ holdout all: holds 4 % of users, was 5 %',
      '    reaches pages',
      '! holdout all lets 1 % of users into running experiment one-page',
      '2 differences, 2 to be asked about',
      expect.stringContaining('a dry run against'),
    ]);
    const grown = await file('next.json', document(60_000, 5));
    expect((await cli(['publish', store, grown])).code).toBe(0);
  });

  it('counts what else there is to ask about', async () => {
    const { err } = await cli(['publish', store, await next({ later: { status: 'disabled' } })]);
    expect(err).toContain('gets its fallback, and 1 more; say --yes');
  });

  it('nobody about a first publication, and about what reaches not everybody at once', async () => {
    const first = await cli(['publish', `${store}.new`, await next({ a: { status: 'enabled' } })]);
    expect(first.code).toBe(0);
    const raised = await next({ ...flags, new_checkout: { status: 'canary', rolloutPercentage: 99 } });
    expect((await cli(['publish', store, raised], { terminal: true })).code).toBe(0);
  });

  it('tells no terminal what a key would have it do', async () => {
    const key = 'a\u001b[2J\nnew_checkout: on';
    await writeFile(store, JSON.stringify({ schemaVersion: 1, flags: { [key]: { status: 'enabled' } } }));
    const { err, out } = await cli(['publish', store, await next(flags)], { terminal: true, answers: ['n'] });
    expect(err + out).not.toContain('\u001b[2J');
    expect((err + out).split('\n').filter((line) => line.startsWith('new_checkout: on'))).toEqual([]);
  });
});

describe('publish --dry-run', () => {
  it('shows what differs and what would be asked, and writes nothing', async () => {
    const before = await readFile(store, 'utf8');
    const path = await next({ theme: flags.theme });
    const { code, out } = await cli(['publish', store, path, '--dry-run', '--format', 'text']);
    expect(code).toBe(0);
    expect(out).toContain('! new_checkout vanishes');
    expect(out).toMatch(/\n1 difference, 1 to be asked about\nnothing was written: a dry run against [0-9a-f]{12} of /);
    const json = JSON.parse((await cli(['publish', store, path, '--dry-run'])).out) as Record<string, unknown>;
    expect(json).toMatchObject({
      dryRun: true,
      differences: [{ key: 'new_checkout', question: { reason: 'vanishes' } }],
    });
    expect(await readFile(store, 'utf8')).toBe(before);
    // On top of exactly that.
    expect((await cli(['publish', store, path, '--yes', '--expect', String(json['expect'])])).code).toBe(0);
  });

  it('against nothing says so', async () => {
    const { code, out } = await cli(['publish', `${store}.new`, store, '--dry-run', '--format', 'text']);
    expect(code).toBe(0);
    expect(out).toContain('a dry run against absent of ');
    await expect(readFile(`${store}.new`)).rejects.toThrow('ENOENT');
  });

  it('is held to what is expected', async () => {
    expect((await cli(['publish', store, store, '--dry-run', '--expect', 'absent'])).code).toBe(4);
  });
});

describe('the same text again', () => {
  it('changes nothing, and says so', async () => {
    const copy = await file('copy.json', await readFile(store, 'utf8'));
    const { code, out } = await cli(['publish', store, copy]);
    expect(code).toBe(0);
    const { expect: revision } = JSON.parse((await cli(['show', store])).out) as { expect: string };
    expect(JSON.parse(out)).toMatchObject({ unchanged: true, expect: revision, differences: [], warnings: [] });
    expect((await cli(['publish', store, copy, '--format', 'text'])).out).toContain(
      `holds this document already, as ${revision}: nothing to write`,
    );
  });

  it('is another one with a line feed more, and written', async () => {
    const text = `${await readFile(store, 'utf8')}\n`;
    const { out } = await cli(['publish', store, await file('copy.json', text)]);
    expect(JSON.parse(out)).not.toHaveProperty('unchanged');
    expect(await readFile(store, 'utf8')).toBe(text);
  });

  it.each([
    ['as it stands', JSON.stringify(DOCUMENT)],
    [
      'with a byte-order mark, lines and numbers as somebody wrote them',
      `\uFEFF{ "schemaVersion": 1.0,\r\n"flags": {"b":{"status":"enabled"},"10":{"status":"enabled"}} }\n`,
    ],
  ])('is what show --raw prints of it: %s', async (_, text) => {
    await writeFile(store, text);
    const shown = await cli(['show', store, '--raw']);
    expect(shown).toEqual({ code: 0, out: text, err: '' });
    expect(JSON.parse((await cli(['publish', store, '-'], { input: shown.out })).out)).toMatchObject({
      unchanged: true,
    });
    expect(await readFile(store, 'utf8')).toBe(text);
  });

  it('is not what show prints: publish says what is', async () => {
    const shown = (await cli(['show', store])).out;
    const { code, out } = await cli(['publish', store, '-', '--format', 'text'], { input: shown });
    expect(code).toBe(1);
    expect(out).toContain('the document alone is what show --raw prints\nnothing was written\n');
    expect((await cli(['publish', store, '-', '--format', 'text'], { input: '{}' })).out).not.toContain('--raw');
  });

  it('is shown to a terminal without what it would obey', async () => {
    await writeFile(store, '{"a":"\u009b2J"}');
    expect((await cli(['show', store, '--raw'], { terminal: true })).out).toBe('{"a":"\\u009b2J"}\n');
  });
});
