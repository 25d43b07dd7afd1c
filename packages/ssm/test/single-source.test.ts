import { ssmSource } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callsOf, connect, failure, PATH, put } from './ssm-harness.ts';

const never = new AbortController().signal;
const text = JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled' } } });

let server: SsmServer;
beforeEach(async () => {
  server = await startSsmServer();
  put(server, PATH, text);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

function open(options: object = {}) {
  return ssmSource({ layout: 'single', path: PATH, ...connect(server), ...options });
}

describe('one parameter', () => {
  it('costs one call, changed or not', async () => {
    const source = open();
    const first = await source.read(undefined, never);
    expect(callsOf(server)).toEqual(['GetParameter']);
    expect(await source.read(first.revision, never)).toMatchObject({ kind: 'unchanged', revision: first.revision });
    expect(callsOf(server)).toEqual(['GetParameter']);
    await source.close();
  });

  it('F15 that breaks off is all there is: a bad document, and not a store that is down', async () => {
    put(server, PATH, text.slice(0, 30));
    const source = open();
    expect(await source.read(undefined, never)).toMatchObject({ text: text.slice(0, 30), complete: true });
    await source.close();
  });

  it('that was deleted and made anew with the old text is unchanged, and with another one is not', async () => {
    const source = open();
    const { revision } = await source.read(undefined, never);
    put(server, PATH, text);
    server.store.delete(PATH);
    put(server, PATH, text);
    expect(await source.read(revision, never)).toMatchObject({ kind: 'unchanged' });
    server.store.delete(PATH);
    put(server, PATH, text.replace('enabled', 'disabled'));
    expect(await source.read(revision, never)).toMatchObject({ kind: 'document' });
    await source.close();
  });

  it('is read in a version or by a label', async () => {
    put(server, PATH, '{"second":true}');
    put(server, PATH, '{"third":true}');
    server.store.label(PATH, 2, ['stable']);
    for (const [options, expected] of [
      [{ version: 1 }, text],
      [{ label: 'stable' }, '{"second":true}'],
      [{}, '{"third":true}'],
    ] as const) {
      const source = open(options);
      expect(await source.read(undefined, never)).toMatchObject({ text: expected });
      await source.close();
    }
    const source = open({ label: 'unknown' });
    expect(await failure(source.read(undefined, never))).toMatchObject({
      reason: 'not-found',
      message: expect.stringMatching(/no such version or label/),
    });
    await source.close();
  });

  it('that is a SecureString is decrypted', async () => {
    server.store.put({ name: '/shop/secret', value: text, type: 'SecureString', overwrite: false }, Date.now());
    const source = open({ path: '/shop/secret' });
    expect(await source.read(undefined, never)).toMatchObject({ text });
    await source.close();
  });

  it('says when it was written, and what time it is there', async () => {
    const source = open();
    const { publishedAtMs, storeTimeMs } = await source.read(undefined, never);
    expect(publishedAtMs).toBe(Math.round(server.store.find(PATH).modifiedAtMs));
    expect(Math.abs((storeTimeMs ?? 0) - Date.now())).toBeLessThan(2_000);
    await source.close();
  });

  it('F19 that is larger than maxBytes is refused with both sizes, and known by its revision', async () => {
    const source = open({ maxBytes: 20 });
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({
      reason: 'too-large',
      message: expect.stringContaining(`${text.length} bytes and at most 20`),
    });
    expect(await source.read(error.revision, never).catch((reason: unknown) => reason)).toMatchObject({
      reason: 'too-large',
    });
    await source.close();
  });
});
