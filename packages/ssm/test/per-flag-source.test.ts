import { decodeDocument, decodeReading } from '@clarity/flags-core/adapter-kit';
import { type PerFlagSourceOptions, ssmSource } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callsOf, connect, failure, PATH, put } from './ssm-harness.ts';

const never = new AbortController().signal;

let server: SsmServer;
beforeEach(async () => {
  server = await startSsmServer();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.stop();
});

function open(options: Partial<PerFlagSourceOptions> = {}) {
  return ssmSource({ layout: 'per-flag', path: PATH, minIntervalMs: 0, ...connect(server), ...options });
}

function fill(count: number): void {
  for (let n = 0; n < count; n += 1) put(server, `${PATH}/flag-${String(n).padStart(3, '0')}`, '{"status":"enabled"}');
}

async function flagsOf(reading: Promise<unknown>): Promise<Record<string, unknown>> {
  const result = (await reading) as { readonly kind: string; readonly text: string };
  expect(result.kind).toBe('document');
  return (JSON.parse(result.text) as { flags: Record<string, unknown> }).flags;
}

describe('one parameter a flag', () => {
  it('is a document whose keys are the ends of the names', async () => {
    put(server, `${PATH}/checkout`, '{ "status": "canary", "rolloutPercentage": 12.50 }');
    put(server, `${PATH}/search.new`, 'true');
    put(server, `${PATH}/legacy`, ' false ');
    put(server, `${PATH}/deeper/down`, 'true');
    put(server, '/shop/other', 'true');
    const source = open();
    expect(await flagsOf(source.read(undefined, never))).toEqual({
      checkout: { status: 'canary', rolloutPercentage: 12.5 },
      'search.new': { status: 'enabled' },
      legacy: { status: 'disabled' },
    });
    await source.close();
    const recursive = open({ recursive: true });
    expect(await flagsOf(recursive.read(undefined, never))).toHaveProperty('deeper/down', { status: 'enabled' });
    await recursive.close();
  });

  it.each([1, 10, 11, 25])(
    'of %i flags costs ceil(n / 10) calls when nothing changed, and twice that when something did',
    async (count) => {
      fill(count);
      const source = open();
      const pages = Math.ceil(count / 10);
      const { revision } = await source.read(undefined, never);
      expect(callsOf(server)).toHaveLength(2 * pages);
      expect(await source.read(revision, never)).toMatchObject({ kind: 'unchanged', revision });
      expect(callsOf(server)).toHaveLength(pages);
      put(server, `${PATH}/flag-000`, 'false');
      expect(await source.read(revision, never)).toMatchObject({ kind: 'document' });
      expect(callsOf(server)).toHaveLength(2 * pages);
      await source.close();
    },
  );

  it('F29 empty pages with a next token are followed', async () => {
    fill(25);
    server.pageOddly('empty-pages');
    const source = open();
    expect(Object.keys(await flagsOf(source.read(undefined, never)))).toHaveLength(25);
    await source.close();
  });

  it('F31 a next token that repeats is bounded', async () => {
    fill(5);
    server.pageOddly('repeated-token');
    const source = open();
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(error.message).toMatch(/a next token came twice/);
    expect(callsOf(server).length).toBeLessThan(4);
    await source.close();
  });

  it('F29 a failure on a later page gives no part of the document', async () => {
    fill(25);
    server.before('GetParametersByPath', () => {
      server.before('GetParametersByPath', () => {
        server.fail({ kind: 'reset' }, { times: 1 });
      });
    });
    const source = open();
    expect(await failure(source.read(undefined, never))).toMatchObject({ reason: 'unavailable' });
    expect(Object.keys(await flagsOf(source.read(undefined, never)))).toHaveLength(25);
    await source.close();
  });

  it('F30 a write between two pages is read again: all before it or all after it', async () => {
    fill(25);
    const source = open();
    // On the way to the second page: both ends of the list change.
    server.before('GetParametersByPath', () => {
      server.before('GetParametersByPath', () => {
        put(server, `${PATH}/flag-000`, 'false');
        put(server, `${PATH}/flag-024`, 'false');
      });
    });
    const flags = await flagsOf(source.read(undefined, never));
    expect(flags['flag-000']).toEqual({ status: 'disabled' });
    expect(flags['flag-024']).toEqual({ status: 'disabled' });
    expect(callsOf(server)).toHaveLength(9);
    await source.close();
  });

  it('F30 that never stands still is refused, after four readings', async () => {
    fill(15);
    let n = 0;
    const change = (): void => {
      n += 1;
      put(server, `${PATH}/flag-000`, `{"status":"enabled","metadata":{"n":${n}}}`);
      server.before('GetParametersByPath', change);
    };
    server.before('GetParametersByPath', change);
    const source = open();
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'unavailable', retryable: true });
    expect(error.message).toMatch(/kept changing.*layout "chunked"/);
    expect(callsOf(server)).toHaveLength(8);
    await source.close();
  });

  it('is read no more often than the minimum interval, and says how old the answer is', async () => {
    fill(3);
    let nowMs = 1_000_000;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const source = open({ minIntervalMs: 30_000 });
    const first = await source.read(undefined, never);
    expect(first.ageMs).toBe(0);
    callsOf(server);
    put(server, `${PATH}/flag-000`, 'false');
    nowMs += 29_999;
    expect(await source.read(first.revision, never)).toMatchObject({ kind: 'unchanged', ageMs: 29_999 });
    expect(await source.read(undefined, never)).toMatchObject({ kind: 'document', ageMs: 29_999 });
    expect(callsOf(server)).toEqual([]);
    nowMs += 1;
    expect(await source.read(first.revision, never)).toMatchObject({ kind: 'document', ageMs: 0 });
    await source.close();
  });

  it('tells the time of now, though it answers from memory', async () => {
    fill(3);
    let nowMs = 1_000_000;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const source = open({ minIntervalMs: 30_000 });
    const { storeTimeMs, publishedAtMs } = await source.read(undefined, never);
    expect(storeTimeMs).toBeTypeOf('number');
    nowMs += 29_999;
    expect(await source.read(undefined, never)).toMatchObject({
      storeTimeMs: (storeTimeMs ?? 0) + 29_999,
      publishedAtMs,
    });
    await source.close();
  });

  it('after a failure is read again at once', async () => {
    fill(3);
    const source = open({ minIntervalMs: 30_000 });
    server.fail({ kind: 'reset' }, { times: 1 });
    await failure(source.read(undefined, never));
    expect(await source.read(undefined, never)).toMatchObject({ kind: 'document' });
    await source.close();
  });

  it('with a label is read in the labelled versions', async () => {
    put(server, `${PATH}/a`, 'true');
    put(server, `${PATH}/a`, 'false');
    put(server, `${PATH}/b`, 'true');
    server.store.label(`${PATH}/a`, 1, ['stable']);
    const source = open({ label: 'stable' });
    expect(await flagsOf(source.read(undefined, never))).toEqual({ a: { status: 'enabled' } });
    await source.close();
    const none = open({ label: 'unknown' });
    expect(await failure(none.read(undefined, never))).toMatchObject({
      reason: 'not-found',
      message: expect.stringContaining('with the label unknown'),
    });
    await none.close();
  });

  it('F22 a prototype’s name as a key is a flag like any other', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) put(server, `${PATH}/${key}`, 'true');
    const source = open();
    const result = await source.read(undefined, never);
    expect(result.kind === 'document' && result.text).toBe(
      '{"schemaVersion":1,"flags":{"__proto__":{"status":"enabled"},"constructor":{"status":"enabled"},"prototype":{"status":"enabled"}}}',
    );
    expect(({} as Record<string, unknown>)['status']).toBeUndefined();
    await source.close();
  });

  it.each([
    ['True', 'text of 4 characters that is not JSON'],
    ['postgres://user:hunter2@db', 'text of 26 characters that is not JSON'],
    ['{"status":"enabled"', 'text of 19 characters that is not JSON'],
    ['-', 'text of 1 character that is not JSON'],
  ])('F65 a value that is not JSON (%s) is named, with where and what and never the value', async (value, found) => {
    fill(2);
    put(server, `${PATH}/zzz`, value);
    const source = open();
    const reading = await source.read(undefined, never);
    if (reading.kind !== 'document') throw new Error(reading.kind);
    expect(JSON.stringify(reading)).not.toContain('hunter2');
    expect(reading.perFlag?.unreadable).toEqual([
      {
        flagKey: 'zzz',
        problem: {
          path: `${PATH}/zzz`,
          found,
          allowed: 'a flag such as {"status":"enabled"}, true or false',
          message: `the parameter ${PATH}/zzz: found ${found}, allowed: a flag such as {"status":"enabled"}, true or false; mend it, or move it elsewhere`,
        },
      },
    ]);
    expect(decodeReading(reading, decodeDocument)).toMatchObject({ ok: true, setAside: [{ flagKey: 'zzz' }] });
    // It is what the store holds: nothing more is read until that changes.
    expect(await source.read(reading.revision, never)).toMatchObject({ kind: 'unchanged' });
    put(server, `${PATH}/zzz`, 'true');
    const mended = await source.read(reading.revision, never);
    expect(mended.kind === 'document' && mended.perFlag?.unreadable).toEqual([]);
    await source.close();
  });

  it.each([
    ['"text"', '$.flags.zzz: found text of 4 characters'],
    ['[1]', '$.flags.zzz: found a list of 1'],
    ['null', '$.flags.zzz: found null'],
    ['25', '$.flags.zzz: found a number'],
    ['{"status":5}', '$.flags.zzz.status: found 5'],
    ['{"status":"canary","rolloutPercentage":"25"}', '$.flags.zzz.rolloutPercentage: found text of 2 characters'],
  ])(
    'F65 JSON that is not a flag (%s) is set aside by the decoder, which says what is wrong',
    async (value, message) => {
      fill(2);
      put(server, `${PATH}/zzz`, value);
      const source = open();
      const reading = await source.read(undefined, never);
      if (reading.kind !== 'document') throw new Error(reading.kind);
      const decoded = decodeReading(reading, decodeDocument);
      expect(decoded).toMatchObject({ ok: true, document: { flags: { 'flag-000': {}, 'flag-001': {} } } });
      expect(decoded.ok && decoded.setAside).toEqual([
        { flagKey: 'zzz', problem: expect.objectContaining({ message: expect.stringContaining(message) }) },
      ]);
      await source.close();
    },
  );

  it('F65 a SecureString whose key KMS refuses is named, and the others are read, secure ones too', async () => {
    const secure = (key: string, keyId: string, value: string): unknown =>
      server.store.put({ name: `${PATH}/${key}`, value, type: 'SecureString', keyId, overwrite: false }, Date.now());
    // Theirs is alone on the last page.
    fill(9);
    secure('mine', 'alias/mine', 'true');
    secure('theirs', 'alias/theirs', 'hunter2');
    server.refuseKey('alias/theirs');
    const source = open();
    const reading = await source.read(undefined, never);
    const decoded = reading.kind === 'document' && decodeReading(reading, decodeDocument);
    expect(decoded && decoded.ok && Object.keys(decoded.document.flags)).toHaveLength(10);
    expect(decoded && decoded.ok && decoded.document.flags['mine']).toEqual({ status: 'enabled' });
    expect(decoded && decoded.ok && decoded.setAside).toEqual([
      {
        flagKey: 'theirs',
        problem: expect.objectContaining({
          message: expect.stringMatching(
            /^the parameter \/shop\/flags\/theirs: found a SecureString whose key KMS refuses \(kms:Decrypt\), allowed: a flag/,
          ),
        }),
      },
    ]);
    expect(await source.read(reading.revision, never)).toMatchObject({ kind: 'unchanged' });
    await source.close();
  });

  it('F32 when KMS refuses all of them the read is refused, with the permission that is missing', async () => {
    server.store.put({ name: `${PATH}/a`, value: 'true', type: 'SecureString', overwrite: false }, Date.now());
    server.refuseKey('alias/aws/ssm');
    const source = open();
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'unauthorized', message: expect.stringContaining('kms:Decrypt') });
    await source.close();
  });

  it('SecureStrings are decrypted', async () => {
    server.store.put({ name: `${PATH}/a`, value: 'true', type: 'SecureString', overwrite: false }, Date.now());
    const source = open();
    expect(await flagsOf(source.read(undefined, never))).toEqual({ a: { status: 'enabled' } });
    await source.close();
  });

  it.each([
    ['by their values alone, before the rest is read', 100, 1],
    ['as a document, known by its revision', 500, 2],
  ])('F19 larger than maxBytes %s, they are refused', async (_name, maxBytes, pages) => {
    fill(20);
    const source = open({ maxBytes });
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({
      reason: 'too-large',
      retryable: false,
      message: expect.stringContaining(`more than ${maxBytes} bytes`),
    });
    expect(callsOf(server)).toHaveLength(pages === 1 ? 1 : 2 * pages);
    expect(error.revision === undefined).toBe(pages === 1);
    await source.close();
  });
});
