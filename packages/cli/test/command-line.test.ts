// How a command line is read: verbs, their words and options, the store that a variable names, help, and slips.
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../src/command-line.ts';
import { VERBS } from '../src/verbs.ts';
import { cli, store } from './cli-run.ts';

describe('help', () => {
  it('lists every verb with its words', async () => {
    const { code, out } = await cli(['--help']);
    expect(code).toBe(0);
    for (const { name, words, summary } of VERBS)
      expect(out.replaceAll(/ +/g, ' ')).toContain(` ${name} ${words} ${summary}\n`);
  });

  it.each(VERBS.map((verb) => [verb.name, verb] as const))(
    'of %s is told in three ways, with examples that can be read',
    async (name, verb) => {
      const { out } = await cli([name, '--help']);
      expect(out).toContain(`Usage: clarity-flags ${name} ${verb.words}`);
      expect((await cli(['help', name])).out).toBe(out);
      expect((await cli([name, '-h'])).out).toBe(out);
      for (const example of verb.examples) {
        expect(out).toContain(example);
        const [program, ...args] = example.split(' ');
        expect(program).toBe('clarity-flags');
        expect(readCommandLine(args)).toMatchObject({ kind: 'run', verb: { name } });
      }
    },
  );

  it('of a command that is not there is a slip', async () => {
    expect(await cli(['help', 'pubish'])).toMatchObject({ code: 2, err: expect.stringContaining('mean publish?') });
  });

  it('is told where options stand alone', async () => {
    expect(await cli(['--json'])).toMatchObject({ code: 0, out: expect.stringContaining('Usage') });
  });
});

it.each([
  [['evla', 'a', 'b'], 'did you mean eval?'],
  [['docter', 'a'], 'did you mean doctor?'],
  [['Show', 'a'], 'did you mean show?'],
  [['publish', 'a', 'b', '--expcet', 'absent'], 'did you mean --expect?'],
  [['show', 'a', '--timout', '3'], 'did you mean --timeout?'],
  [['init', '--example', 'hon'], 'clarity-digital-twin; did you mean hono?\n'],
  [
    ['init', '--store', 'reids', '--yes'],
    '--store is "reids"; allowed is one of file, https, redis, postgres, upstash, ssm; did you mean redis?\n',
  ],
])('of %j the nearest is named', async (args, told) => {
  expect(await cli(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(told) });
});

it('an option that is not there is one of the verb, whatever the flag is called', async () => {
  expect((await cli(['eval', store, 'init', '--usr', 'u1'])).err).toBe(
    'clarity-flags: --usr is not an option of eval; did you mean --user? see clarity-flags eval --help\n',
  );
});

it('a command that nothing is near to is only refused', async () => {
  expect((await cli(['frobnicate'])).err).not.toContain('did you mean');
});

describe('FEATURE_FLAG_STORE_URL', () => {
  const variables = { FEATURE_FLAG_STORE_URL: 'redis://flags.test' };

  it.each([
    [['show'], ['redis://flags.test']],
    [['doctor'], ['redis://flags.test']],
    [['validate'], ['redis://flags.test']],
    [
      ['eval', 'checkout'],
      ['redis://flags.test', 'checkout'],
    ],
    [
      ['publish', 'flags.json'],
      ['redis://flags.test', 'flags.json'],
    ],
    [['show', 'flags.json'], ['flags.json']],
    [
      ['publish', 'ssm:/flags', 'flags.json'],
      ['ssm:/flags', 'flags.json'],
    ],
    [
      ['validate', 'a.json', 'b.json'],
      ['a.json', 'b.json'],
    ],
  ])('is the store of %j where that names none', (args, words) => {
    expect(readCommandLine(args, variables)).toMatchObject({ words });
  });

  it('is asked for by name where it is missing, or empty', () => {
    expect(() => readCommandLine(['show'], { FEATURE_FLAG_STORE_URL: '' })).toThrow(
      'allowed is clarity-flags show [store], or FEATURE_FLAG_STORE_URL with the store',
    );
  });

  it('is where a command goes', async () => {
    const { code, out } = await cli(['eval', 'theme'], { variables: { FEATURE_FLAG_STORE_URL: store } });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ value: 'light' });
  });
});

describe('the format', () => {
  it.each([
    [{}, false, 'json'],
    [{}, true, 'text'],
    [{ CI: 'true' }, false, 'text'],
    [{ CI: 'false' }, false, 'json'],
    [{ CI: '' }, false, 'json'],
  ])('with the variables %j and a terminal: %s is %s', async (variables, terminal, format) => {
    const { out } = await cli(['eval', store, 'theme'], { variables, terminal });
    expect(out.startsWith('{') ? 'json' : 'text').toBe(format);
  });

  it.each([
    [['--format', 'json'], 'json'],
    [['--format', 'text'], 'text'],
    [['--json'], 'json'],
  ])('is as %j says, before the command and after it', async (options, format) => {
    for (const args of [
      [...options, 'eval', store, 'theme'],
      ['eval', store, 'theme', ...options],
    ]) {
      const { out } = await cli(args, { terminal: format === 'json' });
      expect(out.startsWith('{') ? 'json' : 'text').toBe(format);
    }
  });

  it('is refused when it is neither', async () => {
    expect(await cli(['show', store, '--format', 'yaml'])).toEqual({
      code: 2,
      out: '',
      err: 'clarity-flags: --format is "yaml"; allowed is text or json\n',
    });
  });
});

it('several documents are validated in one call, and one that is not valid is enough for 1', async () => {
  expect(await cli(['validate', store, store])).toMatchObject({ code: 0 });
  const bad = `${store}.bad.json`;
  await writeFile(bad, '{"schemaVersion":1,"flags":{"a":{"status":1}}}');
  const { code, out } = await cli(['validate', store, bad]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ valid: false, documents: [{ valid: true }, { valid: false }] });
});

it('of several documents one that is not there hides no verdict on the others', async () => {
  const bad = `${store}.bad.json`;
  await writeFile(bad, '{"schemaVersion":1,"flags":{"a":{"status":1}}}');
  const words = [bad, `${store}.none.json`, 'mongodb://u:hunter2@host', store];
  const { code, out, err } = await cli(['validate', ...words]);
  expect([code, err]).toEqual([3, '']);
  expect(out).not.toContain('hunter2');
  expect(JSON.parse(out)).toMatchObject({
    valid: false,
    documents: [
      { valid: false, problems: [{ path: '$.flags.a.status' }] },
      { valid: false, problems: [{ path: '$', message: expect.stringContaining('not-found: ') }] },
      { valid: false, problems: [{ path: '$', message: expect.stringContaining('mongodb:') }] },
      { valid: true },
    ],
  });
});
