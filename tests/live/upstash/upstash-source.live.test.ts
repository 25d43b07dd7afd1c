// What goes over the wire for a reading, and what comes of it when it goes wrong.
import { isStoreError } from '@clarity/flags-core/ports';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runSeed, sized } from '../../../scripts/drawn-tests.ts';
import { documentText, watch } from '../redis/watched-client.ts';
import {
  commandsOf,
  ENTRIES,
  failure,
  filled,
  place,
  publish,
  sharedRedis,
  startSharedRedis,
  stopSharedRedis,
  TOKEN,
} from './upstash-harness.ts';

const never = new AbortController().signal;

beforeAll(startSharedRedis);
afterAll(stopSharedRedis);

describe.each(Object.keys(ENTRIES) as (keyof typeof ENTRIES)[])('%s', (name) => {
  const { upstashSource } = ENTRIES[name];

  it('costs one command when nothing changed, two when something did, one without a known revision', async () => {
    const opened = await filled();
    const source = upstashSource(opened.connect);
    const key = `${opened.namespace}:document`;
    const { revision } = await source.read(undefined, never);
    expect(commandsOf(opened)).toEqual([['hmget', key, 'epoch', 'v', 'sha256', 'at', 'bytes', 'id', 'meta', 'doc']]);
    opened.server.forgetCalls();
    expect(await source.read(revision, never)).toMatchObject({ kind: 'unchanged' });
    expect(commandsOf(opened)).toEqual([['hmget', key, 'epoch', 'v', 'sha256', 'at', 'bytes']]);
    await publish(opened, 2);
    expect(await source.read(revision, never)).toMatchObject({ kind: 'document', text: documentText(2) });
    expect(commandsOf(opened)).toHaveLength(2);
    await source.close();
  });

  it('says nothing about itself, and reads its own writes', async () => {
    const opened = await filled();
    const source = upstashSource(opened.connect);
    await source.read(undefined, never);
    await source.read(undefined, never);
    const [first, second] = opened.server.calls.map(({ headers }) => headers);
    expect(Object.keys(first ?? {}).filter((header) => header.includes('telemetry'))).toEqual([]);
    expect(first?.['upstash-sync-token']).toBe('');
    expect(second?.['upstash-sync-token']).toMatch(/^\d+$/);
    await source.close();
  });

  it('F15 a text that matches its hash is known to be all of it, also with mistakes in it', async () => {
    const opened = await place();
    const half = documentText(1).slice(0, 30);
    const sha256 = createHash('sha256').update(half).digest('hex');
    const fields = ['epoch', 1, 'v', 1, 'sha256', sha256, 'at', 1, 'bytes', half.length, 'doc', half];
    await sharedRedis().command('HSET', `${opened.namespace}:document`, ...fields);
    const source = upstashSource(opened.connect);
    expect(await source.read(undefined, never)).toMatchObject({ text: half, complete: true });
    await source.close();
  });

  it('F17 a text that does not match its hash is read once more, and is then refused by its revision', async () => {
    const opened = await filled();
    const source = upstashSource(opened.connect);
    await sharedRedis().command(
      'HSET',
      `${opened.namespace}:document`,
      'doc',
      documentText(1).replace('enabled', 'disabled'),
    );
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'invalid', notADocument: false, revision: { version: 1 } });
    expect(error.message).toMatch(/does not match its hash.*publish or restore/);
    expect(commandsOf(opened)).toHaveLength(2);
    await source.close();
  });

  it.each([
    ['a key of another type', ['SET', 'x'], 'invalid', /another type than a hash/],
    ['a hash that no publisher wrote', ['HSET', 'color', 'blue'], 'not-found', /publish one/],
    [
      'a hash with an unreadable version',
      ['HSET', 'epoch', '1', 'v', '9007199254740993', 'sha256', 'a'.repeat(64), 'at', '1', 'bytes', '1'],
      'invalid',
      /without a readable v, /,
    ],
  ] as const)('%s is refused with what to do', async (_case, [command, ...args], reason, words) => {
    const opened = await place();
    await sharedRedis().command(command, `${opened.namespace}:document`, ...args);
    const source = upstashSource(opened.connect);
    const error = await failure(source.read(undefined, never));
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(words);
    await source.close();
  });

  it('F19 a document larger than maxBytes is refused before it is fetched', async () => {
    const opened = await filled();
    const source = upstashSource({ ...opened.connect, maxBytes: 20 });
    const error = await failure(source.read({ epoch: 1, version: 1 }, never));
    expect(error).toMatchObject({ reason: 'too-large', message: expect.stringMatching(/\d+ bytes and at most 20/) });
    expect(commandsOf(opened)).toHaveLength(1);
    await source.close();
  });

  it('F19 one that a notice announced is refused with both sizes, and by its revision', async () => {
    const opened = await filled();
    // Of NULs, which are six letters each in JSON: nothing grows more on the wire.
    const within = '\0'.repeat(20_000);
    const large = within.repeat(20);
    const key = `${opened.namespace}:document`;
    const announced = { epoch: 1, version: 2, hash: createHash('sha256').update(large).digest('hex') };
    const put = async (text: string): Promise<void> => {
      const fields = ['epoch', 1, 'v', 2, 'sha256', announced.hash, 'at', 1, 'bytes', text.length, 'doc', text];
      await sharedRedis().command('HSET', key, ...fields);
    };
    const source = upstashSource({ ...opened.connect, maxBytes: 20_000 });
    await put(large);
    const error = await failure(source.read({ epoch: 1, version: 1 }, never, announced));
    expect(error).toMatchObject({
      reason: 'too-large',
      revision: announced,
      message: expect.stringContaining('400000 bytes and at most 20000'),
    });
    // At the edge the answer is not read to its end, so another command asks for the revision.
    expect(commandsOf(opened)).toHaveLength(name.endsWith('/cloudflare') ? 2 : 1);
    await put(within);
    expect(await failure(source.read({ epoch: 1, version: 1 }, never, announced))).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('does not match its hash'),
    });
    await source.close();
  });

  it('an address with a line break at its end, as out of a file, is that address', async () => {
    const opened = await filled();
    const source = upstashSource({ ...opened.connect, url: `${opened.connect.url}/\n` });
    expect(await source.read(undefined, never)).toMatchObject({ kind: 'document' });
    await source.close();
  });

  it('a document of digits, escapes and every plane of Unicode arrives letter for letter', async () => {
    const opened = await place();
    const text = JSON.stringify({
      schemaVersion: 1,
      flags: { '123': { status: 'enabled', description: '\u0000 \u2028 \uFEFF "\\ 🧀 e\u0301 OK null 1e400' } },
    });
    await publish(opened, 1, `\uFEFF${text}\n`);
    const source = upstashSource(opened.connect);
    expect(await source.read(undefined, never)).toMatchObject({ text: `\uFEFF${text}\n` });
    await source.close();
  });

  it.each([
    ['F18 an HTML page with status 200', { kind: 'html' }, 'invalid', true],
    ['F16 a body cut short', { kind: 'cut' }, 'unavailable', true],
    ['a connection that is reset', { kind: 'reset' }, 'unavailable', true],
    [
      'F28 a request limit',
      { kind: 'refuse', status: 429, error: 'ERR max requests limit exceeded. Limit: 1' },
      'throttled',
      true,
    ],
    ['a gateway that fails', { kind: 'refuse', status: 502, error: 'upstream connect error' }, 'unavailable', true],
    [
      'a right that is missing',
      { kind: 'refuse', status: 400, error: 'NOPERM no permissions to access a key' },
      'unauthorized',
      false,
    ],
  ] as const)('%s is one attempt and an error of its own', async (_case, fault, reason, retryable) => {
    const opened = await filled();
    const source = upstashSource(opened.connect);
    const mend = opened.server.fail(fault);
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason, retryable, notADocument: fault.kind === 'html' });
    expect(error.message).not.toContain('hmget');
    expect(opened.server.calls).toHaveLength(1);
    mend();
    expect(await source.read(undefined, never)).toMatchObject({ kind: 'document' });
    await source.close();
  });

  it('F26 a host that is not known', async () => {
    const source = upstashSource({ url: 'https://no-such-host.invalid', token: TOKEN });
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'unavailable', retryable: true });
    await source.close();
  });

  it.each([
    ['F25 a server that never answers', { kind: 'hang' }],
    ['F24 a body that comes byte by byte', { kind: 'drip' }],
  ] as const)('%s: F50 an abort is an error, never null or garbage, and ends the request', async (_case, fault) => {
    const opened = await filled();
    const source = upstashSource(opened.connect);
    opened.server.fail(fault);
    const error = await failure(source.read(undefined, AbortSignal.timeout(100)));
    expect(error).toMatchObject({ reason: 'timeout', retryable: true });
    await vi.waitFor(() => expect(opened.server.pending).toBe(0));
    await source.close();
  });

  it('F50 two reads at once have a signal each', async () => {
    const opened = await filled();
    const source = upstashSource(opened.connect);
    opened.server.fail({ kind: 'hang' }, { times: 1 });
    const stop = new AbortController();
    const hanging = failure(source.read(undefined, stop.signal));
    await vi.waitFor(() => expect(opened.server.calls).toHaveLength(1));
    expect(await source.read(undefined, never)).toMatchObject({ kind: 'document' });
    stop.abort();
    expect(await hanging).toMatchObject({ reason: 'timeout' });
    await source.close();
  });

  it('F50 aborted at any moment, reads give the document or an error, and never anything else', async () => {
    const opened = await filled();
    const source = upstashSource(opened.connect);
    const seed = runSeed();
    let state = seed;
    for (let round = 0; round < sized(200, 5_000); round += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), state % 8);
      const outcome: unknown = await source.read(undefined, stop.signal).catch((error: unknown) => error);
      clearTimeout(timer);
      if (isStoreError(outcome)) continue;
      expect(outcome, `SEED=${seed}, round ${round}`).toMatchObject({ kind: 'document', text: documentText(1) });
    }
    await source.close();
  });

  it('a client over it refreshes, keeps the last good flags, and opens its breaker', async () => {
    const opened = await filled();
    const { client, said } = watch(upstashSource(opened.connect), undefined, { refreshMode: 'none' });
    await client.ready();
    const mend = opened.server.fail({ kind: 'reset' });
    for (let refresh = 0; refresh < 3; refresh += 1) expect(await client.refresh()).toMatchObject({ ok: false });
    expect(client.breakerState()).toBe('open');
    expect(client.isEnabled('is_1')).toBe(true);
    mend();
    await publish(opened, 2);
    expect(await client.refresh({ force: true })).toMatchObject({ ok: true, outcome: 'changed' });
    expect(client.isEnabled('is_2')).toBe(true);
    expect(said()).not.toContain(TOKEN);
  });
});
