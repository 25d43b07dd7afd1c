import { isStoreError, type Revision, type StoreError } from '@clarity/flags-core/ports';
import { ssmPublisher, type SsmPublisherOptions, ssmStore } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-testing/ssm-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { denseDocument } from './sample-flags.ts';
import { callsOf, connect, PATH, put, sha256, storedChunked, storedManifest, storedSingle } from './ssm-harness.ts';

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

function chunkFolders(): readonly string[] {
  const folders = server.store.names().flatMap((name) => /^\/shop\/flags\/([^/]+)\/\d{3}$/.exec(name)?.[1] ?? []);
  return [...new Set(folders)];
}

async function failure(publishing: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await publishing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isStoreError(error)) throw new Error(`no StoreError: ${String(error)}`);
  return error;
}

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
      expect(callsOf(server)).toEqual(['GetParameter']);
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

describe('F36 publishers that do not know of each other', () => {
  it.each(['single', 'chunked'] as const)(
    '%s: a write in between wins; ours is taken back and reported',
    async (layout) => {
      const [ours, theirs] = [open({ layout }), open({ layout })];
      const first = await ours.publish(document(0), 'absent', never);
      // Between our look and our write, which for chunked is the second PutParameter: the manifest.
      const between = async (): Promise<void> => {
        await theirs.publish(document(1), first, never);
      };
      server.before('PutParameter', layout === 'single' ? between : () => server.before('PutParameter', between));
      const error = await failure(ours.publish(document(2), first, never));
      expect(error).toMatchObject({ reason: 'conflict', retryable: false });
      expect(error.message).toMatch(
        /another publisher at the same moment \(version \d\), and that document is in place/,
      );
      const stored = layout === 'single' ? storedSingle(server) : storedChunked(server);
      expect(stored?.text).toBe(document(1));
      await Promise.all([ours.close(), theirs.close()]);
    },
  );

  it.each(['single', 'chunked'] as const)(
    '%s: a caller who leaves during the write hides no lost update',
    async (layout) => {
      const [ours, theirs] = [open({ layout }), open({ layout })];
      const first = await ours.publish(document(0), 'absent', never);
      const stop = new AbortController();
      const between = async (): Promise<void> => {
        await theirs.publish(document(1), first, never);
        stop.abort();
      };
      server.before('PutParameter', layout === 'single' ? between : () => server.before('PutParameter', between));
      expect(await failure(ours.publish(document(2), first, stop.signal))).toMatchObject({ reason: 'timeout' });
      // It waits for what is under way: our write, and putting theirs back.
      await ours.close();
      const stored = layout === 'single' ? storedSingle(server) : storedChunked(server);
      expect(stored?.text).toBe(document(1));
      expect(server.store.history(layout === 'single' ? PATH : MANIFEST)).toHaveLength(4);
      await theirs.close();
    },
  );

  it('a write by hand in between replaces whatever there is, so it wins', async () => {
    const publisher = open({ layout: 'single' });
    const first = await publisher.publish(document(0), 'absent', never);
    // A console or Terraform writes a description of its own.
    server.before('PutParameter', () => {
      server.store.put({ name: PATH, value: document(7), overwrite: true, description: 'by hand' }, nowMs);
    });
    expect(await failure(publisher.publish(document(1), first, never))).toMatchObject({ reason: 'conflict' });
    expect(storedSingle(server)?.text).toBe(document(7));
    await publisher.close();
  });

  it('two restores at once both count; the later one stays', async () => {
    const [one, other] = [open(), open()];
    await one.publish(document(0), 'absent', never);
    server.before('PutParameter', () =>
      server.before('PutParameter', async () => {
        await other.restore(document(1), never);
      }),
    );
    await one.restore(document(2), never);
    expect(storedChunked(server)?.text).toBe(document(2));
    await Promise.all([one.close(), other.close()]);
  });

  it('the first publication is compared by AWS itself', async () => {
    const [ours, theirs] = [open({ layout: 'single' }), open({ layout: 'single' })];
    server.before('PutParameter', async () => {
      await theirs.publish(document(1), 'absent', never);
    });
    expect(await failure(ours.publish(document(2), 'absent', never))).toMatchObject({ reason: 'conflict' });
    expect(server.store.history(PATH)).toHaveLength(1);
    await Promise.all([ours.close(), theirs.close()]);
  });
});

describe('a write whose answer gets lost', () => {
  it.each(['single', 'chunked'] as const)('%s: is found to have succeeded', async (layout) => {
    const publisher = open({ layout });
    const first = await publisher.publish(document(0), 'absent', never);
    const cut = (): void => void server.fail({ kind: 'cut' }, { operations: ['PutParameter'], times: 1 });
    if (layout === 'single') cut();
    else server.before('PutParameter', cut);
    await publisher.publish(document(1), first, never);
    const stored = layout === 'single' ? storedSingle(server) : storedChunked(server);
    expect(stored?.text).toBe(document(1));
    expect(server.store.history(layout === 'single' ? PATH : MANIFEST)).toHaveLength(2);
    await publisher.close();
  });

  it('that was not carried out is an error, and can be tried again', async () => {
    const publisher = open({ layout: 'single' });
    const first = await publisher.publish(document(0), 'absent', never);
    server.fail({ kind: 'reset' }, { operations: ['PutParameter'], times: 1 });
    expect(await failure(publisher.publish(document(1), first, never))).toMatchObject({
      reason: 'unavailable',
      retryable: true,
    });
    await publisher.publish(document(1), first, never);
    expect(storedSingle(server)?.text).toBe(document(1));
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

describe('chunks that nobody needs', () => {
  async function publishAfter(minutes: number, n: number, options: Partial<SsmPublisherOptions> = {}): Promise<void> {
    nowMs += minutes * MINUTE_MS;
    const publisher = open(options);
    await publisher.restore(document(n), never);
    // Its collection of garbage ends before the close does.
    await publisher.close();
  }

  it('are deleted after a publication, except those of the present and the last document', async () => {
    for (let n = 0; n < 5; n += 1) await publishAfter(20, n);
    expect(chunkFolders()).toHaveLength(2);
    expect(chunkFolders()).toContain(storedManifest(server)['folder']);
    expect(storedChunked(server)?.text).toBe(document(4));
  });

  it('stay while a reader may still be at them', async () => {
    for (let n = 0; n < 5; n += 1) await publishAfter(1, n);
    expect(chunkFolders()).toHaveLength(5);
  });

  it('stay while a version of the manifest that names them is labelled', async () => {
    await publishAfter(20, 0);
    const { folder } = storedManifest(server);
    server.store.label(MANIFEST, 1, ['stable']);
    for (let n = 1; n < 6; n += 1) await publishAfter(20, n);
    expect(chunkFolders()).toContain(folder);
    expect(chunkFolders()).toHaveLength(3);
  });

  it('of a publisher that died are deleted in time, and not before', async () => {
    await publishAfter(0, 0);
    const dead = `${PATH}/0123456789ab-deadbeef/000`;
    put(server, dead, 'an unfinished publication');
    server.store.delete(dead);
    server.store.put({ name: dead, value: 'unfinished', type: 'String', overwrite: false }, nowMs);
    const publisher = open();
    nowMs += 9 * MINUTE_MS;
    expect(await publisher.collectGarbage(never)).toBe(0);
    expect(server.store.names()).toContain(dead);
    nowMs += 2 * MINUTE_MS;
    expect(await publisher.collectGarbage(never)).toBe(1);
    expect(server.store.names()).not.toContain(dead);
    await publisher.close();
  });

  it('what is not named as chunks are is never touched', async () => {
    const foreign = [`${PATH}/notes`, `${PATH}/0123456789ab-deadbeef/readme`, `${PATH}/archive/000`];
    for (const name of foreign) put(server, name, 'somebody else’s');
    for (let n = 0; n < 4; n += 1) await publishAfter(60, n);
    for (const name of foreign) expect(server.store.names()).toContain(name);
  });

  it('that cannot be deleted are reported and fail nothing', async () => {
    const onGarbageError = vi.fn();
    server.fail({ kind: 'deny' }, { operations: ['GetParametersByPath'] });
    const publisher = open({ onGarbageError });
    await publisher.publish(document(1), 'absent', never);
    await publisher.close();
    expect(onGarbageError).toHaveBeenCalledOnce();
    expect(onGarbageError.mock.calls[0]?.[0]).toMatchObject({
      reason: 'unauthorized',
      message: expect.stringContaining('ssm:GetParametersByPath'),
    });
  });

  it('hold up no close for longer than its patience', async () => {
    server.fail({ kind: 'hang' }, { operations: ['GetParametersByPath'] });
    const publisher = open();
    await publisher.publish(document(1), 'absent', never);
    const beganMs = performance.now();
    await publisher.close();
    expect(performance.now() - beganMs).toBeLessThan(3_500);
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
  });
});

describe('a manifest that cannot be published upon', () => {
  it('that somebody else wrote is refused, and a restore goes over it', async () => {
    put(server, MANIFEST, 'not ours');
    const publisher = open();
    expect(await failure(publisher.publish(document(1), 'absent', never))).toMatchObject({ reason: 'conflict' });
    expect(await failure(publisher.publish(document(1), { epoch: 1, version: 1 }, never))).toMatchObject({
      reason: 'invalid',
      message: expect.stringMatching(/something that is no JSON; restore a document over it/),
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
