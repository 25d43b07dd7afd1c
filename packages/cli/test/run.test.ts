import { EventEmitter, once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doctor } from '../src/commands/doctor.ts';
import { validate } from '../src/commands/validate.ts';
import { cli, DOCUMENT, file, folder, store } from './cli-run.ts';

describe('validate', () => {
  it('finds a sound document sound', async () => {
    const { code, out } = await cli(['validate', store]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      valid: true,
      document: store,
      flags: 2,
      segments: 0,
      problemCount: 0,
      problems: [],
      warnings: [],
      setAside: [],
      needs: [],
    });
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

it('F65 validate and doctor name the entry that is not a flag, in a store with an entry for each', async () => {
  const message = 'the parameter /f/b: found text of 4 characters that is not JSON, allowed: a flag';
  const unreadable = [{ flagKey: 'b', problem: { path: '/f/b', found: 'text', allowed: 'a flag', message } }];
  const text = JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled' }, b: null, c: { status: 5 } } });
  const source = {
    name: 'ssm:/f',
    read: async () => ({ kind: 'document' as const, text, revision: { hash: 'x' }, perFlag: { unreadable } }),
    close: async () => undefined,
  };
  const perFlag = { source, feed: undefined, publisher: undefined, close: source.close };
  const never = new AbortController().signal;
  expect(await validate(perFlag, never)).toMatchObject({
    code: 1,
    value: { valid: false, flags: 3, setAside: [{ flagKey: 'c' }, { flagKey: 'b', problem: { message } }] },
  });
  expect((await doctor(perFlag, never)).lines.map((line) => line.text).join('\n')).toContain(message);
});

describe('F96 keys that look like lines of the program', () => {
  const key = 'a\nrevision 9: no flag differs\u202E\u2028\u001B[2K';
  const shown = String.raw`a\u000arevision 9: no flag differs\u202e\u2028\u001b[2K`;

  it('are told in one line by watch', async () => {
    const stop = new AbortController();
    let changed = false;
    const watched = cli(['watch', store], {
      terminal: true,
      interrupted: stop.signal,
      onOutput: (output) => {
        if (output.includes('revision 9')) stop.abort();
        else if (!changed) {
          changed = true;
          void writeFile(store, JSON.stringify({ schemaVersion: 1, flags: { [key]: { status: 'enabled' } } }));
        }
      },
    });
    const { out } = await watched;
    expect(out).toContain(shown);
    expect(out.split('\n').filter((line) => line.startsWith('revision 9'))).toEqual([]);
  });

  it.each(['validate', 'show', 'doctor'])('are told in one line by %s, and obeyed by no terminal', async (command) => {
    const odd = await file('odd.json', { schemaVersion: 1, flags: { [key]: { status: 1 } } });
    const { out, err } = await cli([command, odd], { terminal: true });
    expect((out + err).split(/[\n\u2028]/).filter((line) => line.startsWith('revision 9'))).toEqual([]);
    expect(out + err).not.toContain('\u202E');
    expect(out + err).not.toContain('\u001B[2K');
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

it('shows a document behind a byte-order mark as a document', async () => {
  const marked = await file('marked.json', `\uFEFF${JSON.stringify(DOCUMENT)}`);
  expect(JSON.parse((await cli(['show', marked])).out)).toMatchObject({ document: DOCUMENT });
});

describe('publish', () => {
  it('writes what the store is to hold, and says the new revision', async () => {
    const next = await file('next.json', { schemaVersion: 1, flags: { a: { status: 'enabled' } } });
    const { code, out } = await cli(['publish', store, next, '--yes']);
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
    const first = await cli(['publish', store, next, '--yes', '--expect', shown.expect]);
    expect(first.code).toBe(0);
    const { expect: held } = JSON.parse(first.out) as { expect: string };
    expect((await cli(['publish', store, next, '--expect', held])).code).toBe(0);
  });

  it('accepts the whole hash of a revision', async () => {
    const { revision } = JSON.parse((await cli(['show', store])).out) as { revision: { hash: string } };
    const next = await file('next.json', { schemaVersion: 1, flags: { a: { status: 'enabled' } } });
    expect((await cli(['publish', store, next, '--yes', '--expect', revision.hash])).code).toBe(0);
  });

  it('refuses bytes that are not UTF-8 instead of publishing other letters', async () => {
    const latin = join(folder, 'latin.json');
    await writeFile(
      latin,
      Buffer.from('{"schemaVersion":1,"flags":{"a":{"status":"enabled","description":"Z\xfcrich"}}}', 'latin1'),
    );
    const { code, out } = await cli(['publish', store, latin]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ valid: false, written: false, problems: [{ allowed: 'UTF-8' }] });
    expect(JSON.parse(await readFile(store, 'utf8'))).toEqual(DOCUMENT);
  });

  it('never writes a document that is invalid', async () => {
    const bad = await file('bad.json', '{"schemaVersion":1,"flags":{"a":{"status":1}}}');
    const { code, out } = await cli(['publish', store, bad]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ valid: false, written: false });
    expect(JSON.parse(await readFile(store, 'utf8'))).toEqual(DOCUMENT);
  });
});

describe('a document with a flag that would be set aside', () => {
  it.each(['publish', 'restore'])('is not written by %s, which says so', async (command) => {
    const later = await file('later.json', {
      schemaVersion: 1,
      flags: { a: { status: 'enabled', newWord: 1 }, b: { status: 'enabled' } },
    });
    const { code, out } = await cli([command, store, later], { terminal: true });
    expect(code).toBe(1);
    expect(out).toContain('a would be set aside');
    expect(out).toContain('nothing was written');
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

  it('shows what differs, before it asks and when it wrote', async () => {
    const { theme } = DOCUMENT.flags;
    const next = await file('next.json', { ...DOCUMENT, flags: { new_checkout: { status: 'enabled' }, theme } });
    const line = '~ new_checkout: was 50 % of users, and 1 tester; becomes on for everybody';
    const asked = await cli(['restore', store, next], { terminal: true, answers: ['n'] });
    expect(asked.err.indexOf(line)).toBeGreaterThan(-1);
    expect(asked.err.indexOf(line)).toBeLessThan(asked.err.indexOf('and replace what it holds?'));
    const written = await cli(['restore', store, next, '--yes', '--format', 'text']);
    expect(written.out).toMatch(/^~ new_checkout: was 50 %[^]*\nrestored as /);
    const again = JSON.parse((await cli(['restore', store, next, '--yes'])).out) as object;
    expect(again).toMatchObject({ differences: [], before: { hash: expect.any(String) } });
  });

  it('asks nothing about a store that is out of reach', async () => {
    const next = await file('next.json', DOCUMENT);
    // Nobody listens there, and the refusal comes at once.
    const { code, err } = await cli(['restore', 'redis://127.0.0.1:1', next], { terminal: true, answers: ['y'] });
    expect(code).toBe(3);
    expect(err).toContain('unavailable: ');
    expect(err).not.toContain('Restore');
  });

  it('writes over what cannot be read, and says that it was not compared', async () => {
    await writeFile(store, 'no JSON');
    const next = await file('next.json', DOCUMENT);
    const { code, out } = await cli(['restore', store, next, '--yes', '--format', 'text']);
    expect(code).toBe(0);
    expect(out).toMatch(/^what the store holds cannot be read, and is not compared\nrestored as /);
    expect(JSON.parse(await readFile(store, 'utf8'))).toEqual(DOCUMENT);
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

  it('says what of the context could not be used, without being asked to explain', async () => {
    const { out } = await cli(['eval', store, 'new_checkout', '-c', '{"user_id":"u1"}'], { terminal: true });
    expect(out).toContain('in the context, targetingKey: found nothing (user_id is there, and does not count)');
    expect((await cli(['eval', store, 'new_checkout', '-u', 'u1'], { terminal: true })).out).not.toContain('context');
  });

  it('says whether the unit takes part in an experiment, and why not', async () => {
    const experiment = {
      kind: 'split',
      variants: [{ variant: 'on', ranges: [[0, 100_000]] }],
      otherwise: 'off',
      experiment: { id: 'one', phase: 2 },
    };
    const pages = (more: object): object => ({ type: 'boolean', fallthrough: { ...experiment, ...more } });
    const path = await file('experiment.json', {
      schemaVersion: 1,
      flags: { all: pages({}), held: pages({ holdout: 'h' }) },
      holdouts: { h: { percentage: 100 } },
    });
    const asked = async (flag: string): Promise<string> =>
      (await cli(['eval', path, flag, '-u', 'u1', '--format', 'text'])).out;
    expect(await asked('all')).toBe('all = true\nSPLIT, variant on\nexperiment one, phase 2: takes part\n');
    expect(await asked('held')).toContain('experiment one, phase 2: takes no part, held out\n');
    const explained = await cli(['eval', path, 'held', '-u', 'u1', '--explain', '--format', 'text']);
    expect(explained.out).toContain('(experiment one, phase 2: takes no part, held out).');
    expect(explained.out).toContain('"whyNot": "HELD_OUT"');
  });

  it('explains every step', async () => {
    const { out } = await cli(['eval', store, 'theme', '-c', '{"country":"DE"}', '--explain'], { terminal: true });
    expect(out).toContain('swiss');
    expect(out).toContain('light');
  });

  it('goes by the time that --at says, and not by another text', async () => {
    const schedule = { onAt: '2030-01-01T00:00:00Z', offAt: '2031-01-01T00:00:00Z' };
    const path = await file('later.json', { schemaVersion: 1, flags: { sale: { status: 'enabled', schedule } } });
    const at = async (...time: string[]): Promise<unknown> =>
      (JSON.parse((await cli(['eval', path, 'sale', ...time])).out) as { value: unknown }).value;
    expect(await at()).toBe(false);
    expect(await at('--at', '2030-06-01T00:00:00Z')).toBe(true);
    expect(await at('--at', '2031-01-01T01:00+01:00')).toBe(false);
    expect(await cli(['eval', path, 'sale', '--at', '2030-06-01'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--at is "2030-06-01"; allowed is an instant with a zone'),
    });
  });

  it('names the flag that was meant', async () => {
    const { code, out } = await cli(['eval', store, 'new_chekout'], { terminal: true });
    expect(code).toBe(1);
    expect(out).toContain('did you mean new_checkout?');
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
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      findings: [
        { check: 'document', state: 'bad', message: expect.stringMatching(/^not-found: /) },
        { check: 'feed', state: 'good' },
        { check: 'publisher' },
        { check: 'bound' },
      ],
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

  it('tells when trouble is over, though no flag differs', async () => {
    const interruption = new AbortController();
    const events: unknown[] = [];
    const heard = new EventEmitter();
    const running = cli(['watch', store], {
      interrupted: interruption.signal,
      onOutput: (output) => {
        const { event } = JSON.parse(output) as { event: string };
        events.push(event);
        heard.emit(`told ${event}`);
      },
    });
    await once(heard, 'told ready');
    const failed = once(heard, 'told error');
    await rm(store);
    await failed;
    const recovered = once(heard, 'told recovered');
    await writeFile(store, JSON.stringify(DOCUMENT));
    await recovered;
    interruption.abort();
    await running;
    expect(events).not.toContain('changed');
    expect(events.filter((event) => event === 'recovered')).toHaveLength(1);
  });
});
