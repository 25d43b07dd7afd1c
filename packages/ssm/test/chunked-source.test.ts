import { ssmPublisher, type SsmPublisherOptions, ssmSource } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denseDocument, manyFlags } from './sample-flags.ts';
import { callsOf, connect, failure, PATH, put, sha256, storedChunked, storedManifest } from './ssm-harness.ts';

const never = new AbortController().signal;
const MANIFEST = `${PATH}/manifest`;

let server: SsmServer;
beforeEach(async () => {
  server = await startSsmServer();
});
afterEach(() => server.stop());

async function publish(text: string, options: Partial<SsmPublisherOptions> = {}): Promise<void> {
  const publisher = ssmPublisher({ layout: 'chunked', path: PATH, ...connect(server), ...options });
  await publisher.restore(text, never);
  await publisher.close();
  server.forgetCalls();
}

function open(options: object = {}) {
  return ssmSource({ layout: 'chunked', path: PATH, ...connect(server), ...options });
}

function chunk(index: number): string {
  return `${PATH}/${String(storedManifest(server)['folder'])}/${String(index).padStart(3, '0')}`;
}

describe('calls for each refresh', () => {
  it('1 when nothing changed, 2 for a changed document of 1,000 flags', async () => {
    const text = manyFlags(1_000);
    await publish(text);
    const source = open();
    const first = await source.read(undefined, never);
    expect(first).toMatchObject({ kind: 'document', text });
    expect(callsOf(server)).toEqual(['GetParameter', 'GetParameters']);
    expect(await source.read(first.revision, never)).toMatchObject({ kind: 'unchanged', revision: first.revision });
    expect(callsOf(server)).toEqual(['GetParameter']);
    await publish(manyFlags(1_000, 1));
    expect(await source.read(first.revision, never)).toMatchObject({ kind: 'document' });
    expect(callsOf(server)).toEqual(['GetParameter', 'GetParameters']);
    await source.close();
  });

  it.each([
    ['standard', 10 * 4_096],
    ['advanced', 10 * 8_192],
  ] as const)('1 + ceil(chunks / 10) in the %s tier', async (tier, tenChunks) => {
    for (const size of [tenChunks / 2, tenChunks, tenChunks * 2.5]) {
      await publish(denseDocument(size, size), { tier });
      const chunks = Number(storedManifest(server)['chunks']);
      const source = open();
      await source.read(undefined, never);
      expect(callsOf(server)).toEqual(['GetParameter', ...Array<string>(Math.ceil(chunks / 10)).fill('GetParameters')]);
      await source.close();
    }
  });
});

it('F15 a document that matches its manifest is known to be all of it, also with mistakes in it', async () => {
  await publish(denseDocument(1, 10_000));
  const source = open();
  expect(await source.read(undefined, never)).toMatchObject({ kind: 'document', complete: true });
  await source.close();
});

describe('a document that changes while it is read', () => {
  it('F30 by a publisher between manifest and chunks: the old one is whole, since its chunks stay', async () => {
    const [old, next] = [denseDocument(1, 30_000), denseDocument(2, 30_000)];
    await publish(old);
    const source = open();
    server.before('GetParameters', () => publish(next));
    expect(await source.read(undefined, never)).toMatchObject({ kind: 'document', text: old });
    expect(await source.read(undefined, never)).toMatchObject({ kind: 'document', text: next });
    await source.close();
  });

  it('F30 by publishers so quick that its chunks are gone: the reading begins anew and gives the present one', async () => {
    await publish(denseDocument(1, 30_000));
    const source = open();
    server.before('GetParameters', async () => {
      const old = server.store.names().filter((name) => name !== MANIFEST);
      await publish(denseDocument(2, 30_000));
      for (const name of old) server.store.delete(name);
    });
    expect(await source.read(undefined, never)).toMatchObject({ kind: 'document', text: denseDocument(2, 30_000) });
    await source.close();
  });

  it('F29 a part is never given out: with one chunk missing for good the reading fails', async () => {
    await publish(denseDocument(1, 90_000), { tier: 'standard' });
    server.store.delete(chunk(3));
    const source = open();
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'invalid', notADocument: false, revision: undefined });
    expect(error.message).toMatch(/are incomplete \(1 of \d+ are missing\), also on reading them again/);
    await source.close();
  });

  it('F35 a publisher that died before its manifest changed nothing', async () => {
    const text = denseDocument(1, 30_000);
    await publish(text);
    const publisher = ssmPublisher({ layout: 'chunked', path: PATH, ...connect(server) });
    const stop = new AbortController();
    let puts = 0;
    const killBeforeManifest = (): void => {
      puts += 1;
      if (puts < 3) server.before('PutParameter', killBeforeManifest);
      else stop.abort();
    };
    server.before('PutParameter', killBeforeManifest);
    await failure(publisher.restore(denseDocument(2, 30_000), stop.signal));
    await publisher.close();
    const source = open();
    expect(await source.read(undefined, never)).toMatchObject({ text });
    await source.close();
  });
});

describe('F17 chunks that do not match the manifest', () => {
  const text = denseDocument(1, 30_000);
  const damages: readonly (readonly [string, () => void, RegExp])[] = [
    ['no base64', () => put(server, chunk(1), 'not ours!'), /are not base64/],
    [
      'a chunk that was cut',
      () => put(server, chunk(1), server.store.find(chunk(1)).value.slice(0, 4_000)),
      /cannot be inflated/,
    ],
    ['another document', () => swap(server, 'x'.repeat(text.length)), /do not have the checksum/],
    [
      'F20 a compression bomb',
      () => swap(server, 'x'.repeat(10_000_000)),
      /inflate to more than the \d+ bytes of the manifest/,
    ],
  ];

  it.each(damages)('%s: read once more, then refused without being remembered', async (_name, damage, message) => {
    await publish(text);
    damage();
    const source = open();
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'invalid', retryable: false, revision: undefined });
    expect(error.message).toMatch(message);
    expect(callsOf(server).filter((operation) => operation === 'GetParameter')).toHaveLength(2);
    // Mended, it is read: nothing was remembered.
    await publish(text);
    expect(await source.read(undefined, never)).toMatchObject({ text });
    await source.close();
  });

  /** Puts other contents under the present manifest. */
  function swap(on: SsmServer, content: string): void {
    const encoded = gzipSync(content).toString('base64');
    const chunks = Number(storedManifest(on)['chunks']);
    const size = Math.ceil(encoded.length / chunks / 4) * 4;
    for (let index = 0; index < chunks; index += 1) {
      put(on, chunk(index), encoded.slice(index * size, (index + 1) * size) || '====');
    }
  }
});

describe('a manifest', () => {
  it.each([
    ['that is not one', 'not ours', /is not JSON; check the layout option/],
    ['of a newer version', '{"clarity":2}', /newer version; update @clarity\/flags-ssm/],
    [
      'F54 with a version beyond 2^53',
      JSON.stringify({ clarity: 1, encoding: 'gzip-base64', epoch: 1, v: 2 ** 53 }),
      /"v"/,
    ],
  ])('%s is refused with its name and version', async (_name, value, message) => {
    put(server, MANIFEST, value);
    const source = open();
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'invalid', notADocument: false, revision: { hash: sha256(value) } });
    expect(error.message).toMatch(message);
    expect(error.message).toContain('/shop/flags/manifest (version 1)');
    expect(callsOf(server)).toEqual(['GetParameter']);
    await source.close();
  });

  it('F19 of a document larger than maxBytes is refused before a chunk is read', async () => {
    await publish(denseDocument(1, 30_000));
    server.forgetCalls();
    const source = open({ maxBytes: 10_000 });
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'too-large', revision: storedChunked(server)?.revision });
    expect(callsOf(server)).toEqual(['GetParameter']);
    await source.close();
  });

  it('is read in a version or by a label, while its chunks are kept', async () => {
    const [first, second] = [denseDocument(1, 5_000), denseDocument(2, 5_000)];
    await publish(first);
    server.store.label(MANIFEST, 1, ['stable']);
    await publish(second);
    for (const [options, text] of [
      [{ label: 'stable' }, first],
      [{ version: 1 }, first],
      [{ version: 2 }, second],
      [{}, second],
    ] as const) {
      const source = open(options);
      expect(await source.read(undefined, never)).toMatchObject({ text });
      await source.close();
    }
  });

  it('with SecureString chunks is decrypted', async () => {
    await publish(denseDocument(1, 20_000), { secure: { keyId: 'alias/flags' } });
    expect(server.store.find(MANIFEST)).toMatchObject({ type: 'SecureString', keyId: 'alias/flags' });
    expect(server.store.find(chunk(0))).toMatchObject({ type: 'SecureString', keyId: 'alias/flags' });
    const source = open();
    expect(await source.read(undefined, never)).toMatchObject({ text: denseDocument(1, 20_000) });
    await source.close();
  });
});

describe('answers that are not those of AWS', () => {
  it.each(['GetParameter', 'GetParameters'] as const)(
    'F18 an HTML page instead of %s counts as unavailable',
    async (operation) => {
      await publish(denseDocument(1, 5_000));
      const source = open();
      const mend = server.fail({ kind: 'html' }, { operations: [operation] });
      expect(await failure(source.read(undefined, never))).toMatchObject({
        reason: 'invalid',
        notADocument: true,
        retryable: true,
      });
      mend();
      expect(await source.read(undefined, never)).toMatchObject({ kind: 'document' });
      await source.close();
    },
  );

  it('F28 throttling of the chunks is throttling', async () => {
    await publish(denseDocument(1, 5_000));
    const source = open();
    server.fail({ kind: 'refuse', type: 'ThrottlingException' }, { operations: ['GetParameters'], times: 1 });
    expect(await failure(source.read(undefined, never))).toMatchObject({ reason: 'throttled', retryable: true });
    expect(callsOf(server)).toEqual(['GetParameter', 'GetParameters']);
    await source.close();
  });
});
