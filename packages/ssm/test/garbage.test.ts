import { ssmPublisher, type SsmPublisherOptions } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, PATH, put, storedChunked, storedManifest } from './ssm-harness.ts';

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
