// What every command keeps to in all surroundings: terminals, interruptions, arguments that cannot be used.
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli, DOCUMENT, file, folder, store } from './cli-run.ts';

describe('a terminal', () => {
  it('is shown escape sequences of a document, and does not obey them', async () => {
    const path = await file('escapes.json', '\u001b]0;title\u0007 no \u009b31m JSON');
    const { out } = await cli(['show', path], { terminal: true });
    expect(out).toContain('\\u001b]0;title\\u0007 no \\u009b31m JSON');
  });

  it('is told by words, not by colours alone, what a doctor thinks', async () => {
    expect((await cli(['doctor', store], { terminal: true })).out).toMatch(/ok +reachable/);
    expect((await cli(['doctor', join(folder, 'nothing')], { terminal: true })).out).toMatch(/wrong +document/);
  });
});

describe('an interruption', () => {
  it('ends reading of standard input, with 130', async () => {
    const interruption = new AbortController();
    const reading = cli(['validate', '-'], { interrupted: interruption.signal, input: null });
    interruption.abort();
    expect(await reading).toEqual({ code: 130, out: '', err: 'clarity-flags: interrupted\n' });
  });

  it('of a doctor is not a finding', async () => {
    expect(await cli(['doctor', store], { interrupted: AbortSignal.abort() })).toMatchObject({ code: 130, out: '' });
  });

  it('of a watch that has not begun yet ends it', async () => {
    const watched = await cli(['watch', store], { interrupted: AbortSignal.abort() });
    expect(watched).toEqual({ code: 0, out: '{"event":"stopped"}\n', err: '' });
  });

  it('of a publication leaves in doubt what the store holds, and says so', async () => {
    const { code, err } = await cli(['restore', store, store, '--yes'], { interrupted: AbortSignal.abort() });
    expect(code).toBe(130);
    expect(err).toContain('look at what the store holds');
  });
});

describe('the command line', () => {
  it('shows help and version', async () => {
    expect((await cli(['--help'])).out).toContain('publish [store] <file>');
    expect((await cli([])).out).toContain('Exit codes');
    expect((await cli(['--version'])).out).toBe('1.2.3\n');
  });

  it.each([
    [['frobnicate'], /the command is "frobnicate"; allowed is one of init, setup, validate, show/],
    [['publish', 'a'], /what stands after publish is 1 word; allowed is clarity-flags publish \[store\] <file>/],
    [['show', 'a', '--expect', 'x'], /--expect is not an option of show; see/],
    [['show', 'a', '--frob'], /--frob is not an option of show; see clarity-flags show --help/],
    [
      ['eval', 'a', 'b', '--context'],
      /^clarity-flags: -c, --context <json> stands without its value; see clarity-flags eval --help\n$/,
    ],
    [['publish', 'a', 'b', '--expect', ''], /--expect is ""; allowed is a revision as clarity-flags show tells it/],
    [['show', 'a', '--timeout', '0'], /--timeout is "0"/],
    [['eval', 'flags.json', 'a', '--context', '[]'], /--context is JSON that is not an object/],
    [['show', 'mongodb://u:hunter2@host'], /one of the scheme "mongodb:"/],
    [['doctor', 'rediss//u:hunter2@host:6379'], /like an address and has no scheme \(not shown/],
    [
      ['publish', 'flags.json', 'redis://u:hunter2@host'],
      /a text that is not a path \(not shown.*allowed is a readable file/,
    ],
    [['publish', 'flags.json', 'rediss//u:hunter2@host'], /a text that is not a path \(not shown/],
  ])('%j is refused with 2', async (args, message) => {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toContain('hunter2');
  });

  // An extra word means something that would not be done: a store to restore to, a flag to evaluate.
  it.each([
    ['show', '[store]'],
    ['publish', '[store] <file>'],
    ['restore', '[store] <file>'],
    ['eval', '[store] <flag>'],
    ['watch', '[store]'],
    ['doctor', '[store]'],
  ])('%s is refused with a word too many or too few, and does nothing', async (command, words) => {
    const before = await readFile(store, 'utf8');
    const takes = words.split(' ').length;
    const given = [store, await file('other.json', { ...DOCUMENT, flags: { other: { status: 'enabled' } } }), 'extra'];
    const yes = command === 'restore' ? ['--yes'] : [];
    for (const count of [takes - 1, takes + 1]) {
      const { code, out, err } = await cli([command, ...given.slice(0, count), ...yes]);
      expect(err).toBe(
        `clarity-flags: what stands after ${command} is ${count} word${count === 1 ? '' : 's'}; ` +
          `allowed is clarity-flags ${command} ${words}${count < takes ? ', or FEATURE_FLAG_STORE_URL with the store' : ''}\n`,
      );
      expect([code, out]).toEqual([2, '']);
    }
    expect(await readFile(store, 'utf8')).toBe(before);
  });

  it.each([['validate'], ['show'], ['doctor'], ['eval', 'theme']])(
    '%s exits with 3 when the store is dead, and when there is none',
    async (command, ...words) => {
      // Nobody listens there, and the refusal comes at once.
      for (const dead of ['redis://127.0.0.1:1', 'http://127.0.0.1:1/flags.json', join(folder, 'nothing.json')]) {
        const { code, out, err } = await cli([command, dead, ...words]);
        expect([code, dead]).toEqual([3, dead]);
        expect(out + err).toMatch(/unavailable: |not-found: /);
      }
    },
  );

  it.each([['validate'], ['show'], ['doctor'], ['eval', 'theme'], ['publish']])(
    '%s takes UTF-16 for a document that is wrong: 1, and JSON',
    async (command, ...words) => {
      const path = await file('utf16.json', '');
      await writeFile(path, Buffer.from(`\uFEFF${JSON.stringify(DOCUMENT)}`, 'utf16le'));
      const { code, out, err } = await cli([command, ...(command === 'publish' ? [store] : []), path, ...words]);
      expect([code, err]).toEqual([1, '']);
      expect(JSON.stringify(JSON.parse(out))).toContain('UTF-16');
    },
  );
});

describe('a question', () => {
  it.each([
    ['y', 0],
    ['n', 2],
    ['\r', 2],
    ['\u0003', 2],
  ])('on a terminal that is answered by %j ends with %i', async (answer, code) => {
    const next = await file('next.json', { schemaVersion: 1, flags: { other: { status: 'enabled' } } });
    const asked = await cli(['restore', store, next], { terminal: true, answers: [answer] });
    expect(asked.code).toBe(code);
    expect(asked.err).toContain('and replace what it holds?');
    expect(JSON.parse(await readFile(store, 'utf8'))).toEqual(
      code === 0 ? { schemaVersion: 1, flags: { other: { status: 'enabled' } } } : DOCUMENT,
    );
  });
});

describe('a store that takes longer than a second', { timeout: 30_000 }, () => {
  const told = /clarity-flags: waiting for http:\/\/127\.0\.0\.1:\d+\/flags\.json, for at most 1\.3 s/;

  async function silent(): Promise<string> {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/flags.json`;
  }

  it('is said to be waited for on a terminal, in a line that goes away', async () => {
    const { err } = await cli(['show', await silent(), '--timeout', '1.3'], { terminal: true });
    expect(err).toMatch(new RegExp(`^\\r${told.source}: 1 s\\r`));
    expect(err).toContain('\r\u001B[Kclarity-flags: timeout: ');
  });

  it('is said to be waited for in a log, once, and in JSON not at all', async () => {
    const address = await silent();
    const text = await cli(['show', address, '--timeout', '1.3', '--format', 'text']);
    expect(text.err.match(new RegExp(told, 'g'))).toHaveLength(1);
    expect((await cli(['show', address, '--timeout', '1.3'])).err).not.toMatch(told);
  });
});
