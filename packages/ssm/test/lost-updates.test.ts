import { ssmPublisher, type SsmPublisherOptions } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, failure, PATH, storedChunked, storedSingle } from './ssm-harness.ts';

const never = new AbortController().signal;
const MANIFEST = `${PATH}/manifest`;

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

  it('a write by hand in between replaces what there is, so it wins', async () => {
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
