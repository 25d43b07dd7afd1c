import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../src/run.ts';

const DOCUMENT = {
  schemaVersion: 1,
  flags: {
    new_checkout: { status: 'canary', rolloutPercentage: 50, betaUsers: ['u1'] },
    theme: {
      type: 'string',
      variants: { light: 'light', dark: 'dark' },
      rules: [{ id: 'swiss', when: { attribute: 'country', op: 'equals', value: 'CH' }, serve: 'dark' }],
      fallthrough: 'light',
    },
  },
};

let folder: string;
let store: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-cli-'));
  store = join(folder, 'flags.json');
  await writeFile(store, JSON.stringify(DOCUMENT));
});
afterEach(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Around {
  readonly terminal?: boolean;
  readonly interrupted?: AbortSignal;
  /** Null for one that says nothing and does not end. */
  readonly input?: string | null;
  readonly onOutput?: (output: string) => void;
}

async function cli(args: readonly string[], around: Around = {}): Promise<Ran> {
  const { terminal = false, interrupted = new AbortController().signal, input = '', onOutput } = around;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()].map((stream) =>
    Object.assign(stream, { isTTY: terminal }),
  );
  const text = { out: '', err: '' };
  stdout?.on('data', (chunk) => {
    text.out += String(chunk);
    onOutput?.(String(chunk));
  });
  stderr?.on('data', (chunk) => (text.err += String(chunk)));
  const code = await run({
    args,
    variables: {},
    stdin: Object.assign(input === null ? new PassThrough() : new PassThrough().end(input), {
      isTTY: false,
    }) as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    interrupted,
    version: '1.2.3',
  });
  return { code, ...text };
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('validate', () => {
  it('finds a sound document sound', async () => {
    const { code, out } = await cli(['validate', store]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ valid: true, flags: 2, segments: 0, setAside: [] });
  });

  it('reads standard input', async () => {
    expect(await cli(['validate', '-'], { input: JSON.stringify(DOCUMENT) })).toMatchObject({ code: 0 });
    expect(await cli(['validate', '-'], { input: '{' })).toMatchObject({ code: 1 });
  });

  it('names every problem with its place, and exits with 1', async () => {
    const bad = await file('bad.json', {
      schemaVersion: 1,
      flags: { a: { status: 1 }, b: { status: 'canary', rolloutPercentage: 101 } },
    });
    const { code, out } = await cli(['validate', bad], { terminal: true });
    expect(code).toBe(1);
    expect(out).toContain('$.flags.a.status');
    expect(out).toContain('$.flags.b.rolloutPercentage');
  });
});

describe('show', () => {
  it('prints the document and its revision', async () => {
    const { code, out } = await cli(['show', store]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      revision: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      document: DOCUMENT,
    });
  });
});

describe('publish', () => {
  it('writes what the store is to hold, and says the new revision', async () => {
    const next = await file('next.json', { schemaVersion: 1, flags: { a: { status: 'enabled' } } });
    const { code, out } = await cli(['publish', store, next]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ revision: { hash: expect.any(String) } });
    expect(JSON.parse(await readFile(store, 'utf8'))).toMatchObject({ flags: { a: { status: 'enabled' } } });
  });

  it('writes nothing when the store holds something else than expected, and exits with 4', async () => {
    const before = await readFile(store, 'utf8');
    const next = await file('next.json', { schemaVersion: 1, flags: { a: { status: 'enabled' } } });
    const { code, out } = await cli(['publish', store, next, '--expect', 'absent']);
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({ conflict: expect.stringContaining('and not absent') });
    expect(await readFile(store, 'utf8')).toBe(before);
  });

  it('accepts the revision that show told, and that of the publication before', async () => {
    const shown = JSON.parse((await cli(['show', store])).out) as { expect: string; revision: { hash: string } };
    expect(shown.expect).toBe(shown.revision.hash.slice(0, 12));
    const next = await file('next.json', { schemaVersion: 1, flags: { a: { status: 'enabled' } } });
    const first = await cli(['publish', store, next, '--expect', shown.expect]);
    expect(first.code).toBe(0);
    const { expect: held } = JSON.parse(first.out) as { expect: string };
    expect((await cli(['publish', store, next, '--expect', held])).code).toBe(0);
  });

  it('accepts the whole hash of a revision', async () => {
    const { revision } = JSON.parse((await cli(['show', store])).out) as { revision: { hash: string } };
    const next = await file('next.json', { schemaVersion: 1, flags: { a: { status: 'enabled' } } });
    expect((await cli(['publish', store, next, '--expect', revision.hash])).code).toBe(0);
  });

  it('refuses bytes that are not UTF-8 instead of publishing other letters', async () => {
    const latin = join(folder, 'latin.json');
    await writeFile(
      latin,
      Buffer.from('{"schemaVersion":1,"flags":{"a":{"status":"enabled","description":"Z\xfcrich"}}}', 'latin1'),
    );
    expect(await cli(['publish', store, latin])).toMatchObject({ code: 2, err: expect.stringContaining('not UTF-8') });
    expect(JSON.parse(await readFile(store, 'utf8'))).toEqual(DOCUMENT);
  });

  it('never writes a document that is invalid', async () => {
    const bad = await file('bad.json', '{"schemaVersion":1,"flags":{"a":{"status":1}}}');
    const { code, out } = await cli(['publish', store, bad]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ valid: false });
    expect(JSON.parse(await readFile(store, 'utf8'))).toEqual(DOCUMENT);
  });
});

describe('restore', () => {
  it('asks for a yes, and writes nothing without it', async () => {
    const next = await file('next.json', { schemaVersion: 1, flags: { a: { status: 'enabled' } } });
    const refused = await cli(['restore', store, next]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    expect(JSON.parse(await readFile(store, 'utf8'))).toEqual(DOCUMENT);
    expect((await cli(['restore', store, next, '--yes'])).code).toBe(0);
  });
});

describe('eval', () => {
  it('gives value, variant and reason', async () => {
    const { code, out } = await cli(['eval', store, 'theme', '--context', '{"country":"CH"}']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      value: 'dark',
      variant: 'dark',
      reason: 'TARGETING_MATCH',
      ruleId: 'swiss',
    });
  });

  it('takes a user for the targeting key', async () => {
    const { out } = await cli(['eval', store, 'new_checkout', '--user', 'u1']);
    expect(JSON.parse(out)).toMatchObject({ value: true, reason: 'TARGETING_MATCH' });
  });

  it('explains every step', async () => {
    const { out } = await cli(['eval', store, 'theme', '-c', '{"country":"DE"}', '--explain'], { terminal: true });
    expect(out).toContain('swiss');
    expect(out).toContain('light');
  });

  it('exits with 1 for a flag that is not there', async () => {
    const { code, out } = await cli(['eval', store, 'nothing']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' });
  });
});

describe('doctor', () => {
  it('finds a sound store sound', async () => {
    const { code, out } = await cli(['doctor', store]);
    expect(code).toBe(0);
    const { findings } = JSON.parse(out) as { findings: { check: string; state: string }[] };
    expect(findings.map(({ check }) => check)).toEqual([
      'reachable',
      'document',
      'cheap check',
      'feed',
      'publisher',
      'clock',
      'bound',
    ]);
    expect(findings.every(({ state }) => state === 'good')).toBe(true);
  });

  it('says what is wrong with one that is not there', async () => {
    const { code, out } = await cli(['doctor', join(folder, 'nothing.json')]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ check: 'reachable', state: 'bad', message: expect.stringMatching(/^not-found: /) }],
    });
  });
});

describe('watch', () => {
  it('tells each change until it is interrupted', async () => {
    const interruption = new AbortController();
    const lines: Record<string, unknown>[] = [];
    const heard: (() => void)[] = [];
    const running = cli(['watch', store], {
      interrupted: interruption.signal,
      onOutput: (output) => {
        lines.push(JSON.parse(output));
        heard.shift()?.();
      },
    });
    await new Promise<void>((resolve) => heard.push(resolve));
    const changed = new Promise<void>((resolve) => heard.push(resolve));
    await writeFile(store, JSON.stringify({ ...DOCUMENT, flags: { new_checkout: { status: 'enabled' } } }));
    await changed;
    interruption.abort();
    expect(await running).toMatchObject({ code: 0 });
    expect(lines[0]).toMatchObject({ event: 'ready' });
    expect(lines[1]).toMatchObject({ event: 'changed', keys: ['new_checkout', 'theme'] });
    expect(lines.at(-1)).toEqual({ event: 'stopped' });
  });
});

describe('a terminal', () => {
  it('is shown escape sequences of a document, and does not obey them', async () => {
    const path = await file('escapes.json', '\u001b]0;title\u0007 no \u009b31m JSON');
    const { out } = await cli(['show', path], { terminal: true });
    expect(out).toContain('\\u001b]0;title\\u0007 no \\u009b31m JSON');
  });

  it('is told by words, not by colours alone, what a doctor thinks', async () => {
    expect((await cli(['doctor', store], { terminal: true })).out).toMatch(/ok +reachable/);
    expect((await cli(['doctor', join(folder, 'nothing')], { terminal: true })).out).toMatch(/wrong +reachable/);
  });
});

describe('an interruption', () => {
  it('ends reading of standard input, with 130', async () => {
    const interruption = new AbortController();
    const reading = cli(['validate', '-'], { interrupted: interruption.signal, input: null });
    interruption.abort();
    expect(await reading).toEqual({ code: 130, out: '', err: 'clarity-flags: interrupted\n' });
  });

  it('of a doctor is no finding', async () => {
    expect(await cli(['doctor', store], { interrupted: AbortSignal.abort() })).toMatchObject({ code: 130, out: '' });
  });

  it('of a publication leaves in doubt what the store holds, and says so', async () => {
    const { code, err } = await cli(['restore', store, store, '--yes'], { interrupted: AbortSignal.abort() });
    expect(code).toBe(130);
    expect(err).toContain('look at what the store holds');
  });
});

describe('the command line', () => {
  it('shows help and version', async () => {
    expect((await cli(['--help'])).out).toContain('clarity-flags publish <store> <file>');
    expect((await cli([])).out).toContain('Exit codes');
    expect((await cli(['--version'])).out).toBe('1.2.3\n');
  });

  it.each([
    [['frobnicate'], /found the command "frobnicate"; allowed is one of validate, show/],
    [['publish', 'a'], /found 1 word after it; allowed is: clarity-flags publish <store> <file>/],
    [['show', 'a', '--expect', 'x'], /show: found --expect, which it does not take/],
    [['show', 'a', '--frob'], /Unknown option '--frob'/],
    [
      ['show', 'a', '--context'],
      /^clarity-flags: Option '-c, --context <value>' argument missing; see clarity-flags --help\n$/,
    ],
    [['publish', 'a', 'b', '--expect', ''], /--expect: found ""; allowed is a revision as clarity-flags show tells it/],
    [['show', 'a', '--timeout', '0'], /--timeout: found "0"/],
    [['eval', 'flags.json', 'a', '--context', '[]'], /--context: found JSON that is no object/],
    [['show', 'mongodb://u:hunter2@host'], /found the scheme "mongodb:"/],
    [['doctor', 'rediss//u:hunter2@host:6379'], /like an address and has no scheme \(not shown/],
    [
      ['publish', 'flags.json', 'redis://u:hunter2@host'],
      /a text that is no path \(not shown.*allowed is a readable file/,
    ],
    [['publish', 'flags.json', 'rediss//u:hunter2@host'], /a text that is no path \(not shown/],
  ])('%j is refused with 2', async (args, message) => {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toContain('hunter2');
  });

  it('exits with 3 when the store does not answer', async () => {
    const { code, err } = await cli(['show', join(folder, 'nothing.json')]);
    expect(code).toBe(3);
    expect(err).toMatch(/^clarity-flags: not-found: /);
  });
});
