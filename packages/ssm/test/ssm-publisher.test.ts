import { type Revision } from '@clarity/flags-core/ports';
import { ssmPublisher, type SsmPublisherOptions, ssmStore } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { denseDocument } from './sample-flags.ts';
import {
  callsOf,
  connect,
  failure,
  PATH,
  put,
  sha256,
  storedChunked,
  storedManifest,
  storedSingle,
} from './ssm-harness.ts';

const never = new AbortController().signal;
const MANIFEST = `${PATH}/manifest`;
const MINUTE_MS = 60_000;

let server: SsmServer;
let nowMs: number;
beforeEach(async () => {
  nowMs = Date.now();
  server = await startSsmServer({ now: () => nowMs });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.stop();
});

function open(options: Partial<SsmPublisherOptions> = {}) {
  return ssmPublisher({ layout: 'chunked', path: PATH, ...connect(server), ...options });
}

const document = (n: number): string =>
  JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled', metadata: { n } } } });

describe('sizes', () => {
  it.each([
    ['standard', 4_096, /standard tier holds 4096; use tier "advanced", or layout "chunked"/],
    ['advanced', 8_192, /advanced tier holds 8192; use layout "chunked"/],
  ] as const)(
    'a single document that does not fit the %s tier is refused with the sizes',
    async (tier, limit, message) => {
      const publisher = open({ layout: 'single', tier });
      const fits = denseDocument(1, limit - 200);
      const revision = await publisher.publish(fits, 'absent', never);
      expect(server.store.find(PATH)).toMatchObject({
        tier: tier === 'standard' ? 'Standard' : 'Advanced',
        value: fits,
      });
      server.forgetCalls();
      const tooLarge = denseDocument(2, limit + 10);
      const error = await failure(publisher.publish(tooLarge, revision, never));
      expect(error).toMatchObject({ reason: 'too-large', retryable: false });
      expect(error.message).toContain(`${tooLarge.length} bytes`);
      expect(error.message).toMatch(message);
      // The history says whether a parameter is advanced already.
      expect(callsOf(server)).toEqual(['GetParameter', ...(tier === 'standard' ? ['GetParameterHistory'] : [])]);
      expect(storedSingle(server)?.text).toBe(fits);
      await publisher.close();
    },
  );

  it(
    'a document that no thousand chunks hold is refused with the sizes, and nothing is written',
    { timeout: 30_000 },
    async () => {
      const publisher = open({ tier: 'standard', maxBytes: 16_000_000 });
      const text = denseDocument(1, 5_000_000);
      const error = await failure(publisher.publish(text, 'absent', never));
      expect(error).toMatchObject({ reason: 'too-large' });
      expect(error.message).toMatch(
        /bytes, \d{7} when compressed, and 1000 parameters of the standard tier hold 4096000.*tier "advanced"/,
      );
      expect(callsOf(server)).toEqual(['GetParameter']);
      await publisher.close();
    },
  );

  it('chunks are as large as their tier', async () => {
    for (const [tier, bytes] of [
      ['standard', 4_096],
      ['advanced', 8_192],
    ] as const) {
      const publisher = open({ tier });
      await publisher.restore(denseDocument(1, 40_000), never);
      const { folder } = storedManifest(server);
      const first = server.store.find(`${PATH}/${String(folder)}/000`);
      expect(first.value).toHaveLength(bytes);
      expect(first.tier.toLowerCase()).toBe(tier);
      await publisher.close();
    }
  });
});

describe('what a publication leaves', () => {
  it('is chunks first and the manifest last', async () => {
    const publisher = open();
    await publisher.publish(denseDocument(1, 40_000), 'absent', never);
    const names = server.calls.flatMap(({ operation, body }) =>
      operation === 'PutParameter' ? [String(body['Name'])] : [],
    );
    expect(names.at(-1)).toBe(MANIFEST);
    expect(names.slice(0, -1).every((name) => /\/[0-9a-f]{12}-[0-9a-f]{8}\/\d{3}$/.test(name))).toBe(true);
    expect(names.length).toBeGreaterThan(3);
    await publisher.close();
  });

  it('is a description of what was replaced, where the document has no room for it', async () => {
    const publisher = open({ layout: 'single' });
    const first = await publisher.publish(document(1), 'absent', never);
    expect(server.store.find(PATH).description).toBe('Clarity Flags: replaces absent');
    await publisher.publish(document(2), first, never);
    expect(server.store.find(PATH).description).toBe(`Clarity Flags: replaces ${sha256(document(1)).slice(0, 16)}`);
    await publisher.restore(document(3), never);
    expect(server.store.find(PATH).description).toBe('Clarity Flags: restored');
    await publisher.close();
  });

  it('F34 that AWS makes no 101st version of, because the oldest is labelled, is an error; the present document stays', async () => {
    const publisher = open({ layout: 'single' });
    let revision: Revision = await publisher.publish(document(0), 'absent', never);
    server.store.label(PATH, 1, ['first']);
    for (let n = 1; n < 100; n += 1) put(server, PATH, document(n));
    revision = { hash: sha256(document(99)) };
    const error = await failure(publisher.publish(document(100), revision, never));
    expect(error).toMatchObject({ reason: 'too-large', retryable: false });
    expect(error.message).toMatch(/100 versions and the oldest carries a label.*move that label/);
    expect(storedSingle(server)?.text).toBe(document(99));
    await publisher.close();
  });

  it('F34 for the manifest: the present document stays readable', async () => {
    const publisher = open({ keepChunksMs: 0 });
    await publisher.publish(document(0), 'absent', never);
    server.store.label(MANIFEST, 1, ['first']);
    const value = server.store.find(MANIFEST).value;
    for (let n = 1; n < 100; n += 1) put(server, MANIFEST, value);
    expect(await failure(publisher.restore(document(1), never))).toMatchObject({ reason: 'too-large' });
    expect(storedChunked(server)?.text).toBe(document(0));
    await publisher.close();
  });

  it('of another type than before is refused, with what to do', async () => {
    put(server, PATH, document(0));
    const publisher = open({ layout: 'single', secure: true });
    const error = await failure(publisher.restore(document(1), never));
    expect(error).toMatchObject({ reason: 'invalid', message: expect.stringMatching(/another type.*option secure/) });
    await publisher.close();
  });
});

describe('F28 throttled writes', () => {
  it('are waited out', async () => {
    const publisher = open();
    server.fail({ kind: 'refuse', type: 'ThrottlingException' }, { operations: ['PutParameter'], times: 2 });
    await publisher.publish(document(1), 'absent', never);
    expect(storedChunked(server)?.text).toBe(document(1));
    await publisher.close();
  });

  it('are given up when the caller gives up, with nothing published', async () => {
    const publisher = open();
    server.fail({ kind: 'refuse', type: 'ThrottlingException' }, { operations: ['PutParameter'] });
    expect(await failure(publisher.publish(document(1), 'absent', AbortSignal.timeout(300)))).toMatchObject({
      reason: 'timeout',
    });
    expect(storedChunked(server)).toBeUndefined();
    await publisher.close();
  });

  it('by a concurrent update of the same parameter are waited out, too', async () => {
    const publisher = open({ layout: 'single' });
    server.fail({ kind: 'refuse', type: 'TooManyUpdates' }, { operations: ['PutParameter'], times: 1 });
    await publisher.publish(document(1), 'absent', never);
    expect(storedSingle(server)?.text).toBe(document(1));
    await publisher.close();
  });
});

describe('a manifest that cannot be published upon', () => {
  it('that somebody else wrote is refused, and a restore goes over it', async () => {
    put(server, MANIFEST, 'not ours');
    const publisher = open();
    expect(await failure(publisher.publish(document(1), 'absent', never))).toMatchObject({ reason: 'conflict' });
    expect(await failure(publisher.publish(document(1), { epoch: 1, version: 1 }, never))).toMatchObject({
      reason: 'invalid',
      message: expect.stringMatching(/something that is not JSON; restore a document over it/),
    });
    await publisher.restore(document(1), never);
    expect(storedChunked(server)?.text).toBe(document(1));
    await publisher.close();
  });

  it('F13 with a poisoned epoch is refused, and a restore takes a present one', async () => {
    const publisher = open();
    await publisher.publish(document(1), 'absent', never);
    const poisoned = { ...storedManifest(server), epoch: Date.now() + 2 * 24 * 60 * MINUTE_MS };
    put(server, MANIFEST, JSON.stringify(poisoned));
    const held = storedChunked(server);
    expect(await failure(publisher.publish(document(2), held?.revision ?? 'absent', never))).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('restore a document under a present epoch'),
    });
    const restored = await publisher.restore(document(2), never);
    expect('epoch' in restored && restored.epoch).toBeLessThanOrEqual(Date.now());
    await publisher.close();
  });
});

describe('the store', () => {
  it('is source and publisher over one path, closed together', async () => {
    const store = ssmStore({ layout: 'chunked', path: PATH, ...connect(server) });
    const revision = await store.publisher.publish(document(1), 'absent', never);
    expect(await store.source.read(undefined, never)).toMatchObject({ kind: 'document', text: document(1), revision });
    await store.close();
    await store.close();
    expect(await failure(store.source.read(undefined, never))).toMatchObject({
      message: expect.stringContaining('is closed'),
    });
  });
});
