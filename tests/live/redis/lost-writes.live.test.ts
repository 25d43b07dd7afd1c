// F90: what a publisher notes beside the document, and what it tells when the server held less than it had confirmed.
import { isStoreError, type PublishedRevision, type ReadDocument } from '@clarity/flags-core/ports';
import { redisPublisher, redisSource, type RedisPublisherOptions } from '@clarity/flags-redis';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { counted, documentText, KEY, publish, restore } from './watched-client.ts';

const never = new AbortController().signal;
const DAY_MS = 24 * 60 * 60 * 1000;

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

async function read(): Promise<ReadDocument> {
  const source = redisSource({ url: server.url });
  try {
    const result = await source.read(undefined, never);
    if (result.kind === 'document') return result;
    throw new Error('the store gave no document');
  } finally {
    await source.close();
  }
}

const plain = (revision: PublishedRevision) => {
  const { epoch, version } = counted(revision);
  return { epoch, version };
};

const meta = async (): Promise<Record<string, unknown>> =>
  JSON.parse(String(await server.command('HGET', KEY, 'meta'))) as Record<string, unknown>;

const replid = async (): Promise<string> =>
  /master_replid:(\w+)/.exec(String(await server.command('INFO', 'replication')))?.[1] ?? '';

/** One publisher for a whole test: it remembers. */
function longLived(options: Partial<RedisPublisherOptions> = {}) {
  const publisher = redisPublisher({ url: server.url, ...options } as RedisPublisherOptions);
  onTestFinished(() => publisher.close());
  return publisher;
}

describe('F90 what is noted beside a document', () => {
  it('is which publication and server it was, and what it stands on', async () => {
    const first = await publish(server.url, 1);
    expect(await meta()).toEqual({
      id: await server.command('HGET', KEY, 'id'),
      server: await replid(),
      base: null,
      recent: ['0.0'],
      writer: null,
      auditSeq: null,
      auditHash: null,
    });
    expect((await read()).ancestors).toEqual([{ epoch: 0, version: 0 }]);
    const second = await publish(server.url, 2, first);
    const restored = await restore(server.url, 1);
    expect((await read()).ancestors).toEqual([plain(second), plain(first), { epoch: 0, version: 0 }]);
    expect(await meta()).toMatchObject({ base: `${counted(second).epoch}.2` });
    expect((await read()).revision).toEqual(restored);
  });

  it('goes back 32 publications', async () => {
    const publisher = longLived();
    const published: PublishedRevision[] = [await publisher.publish(documentText(0), 'absent', never)];
    for (let n = 1; n <= 40; n += 1) {
      published.push(await publisher.publish(documentText(n), published.at(-1) ?? 'absent', never));
    }
    expect((await read()).ancestors).toEqual(published.slice(8, 40).toReversed().map(plain));
    expect(Number(await server.command('HSTRLEN', KEY, 'meta'))).toBeLessThan(1_500);
  });

  it('begins anew with what was held when a publisher wrote in between that does not know it', async () => {
    const first = await publish(server.url, 1);
    // As version 0.0 writes: all fields but this one.
    await server.command('HSET', KEY, 'v', '2', 'id', 'of-an-old-publisher');
    expect((await read()).ancestors).toBeUndefined();
    await publish(server.url, 3, { ...counted(first), version: 2 });
    expect((await read()).ancestors).toEqual([{ ...plain(first), version: 2 }]);
  });

  it('is empty over what cannot be read', async () => {
    await server.command('HSET', KEY, 'epoch', 'yesterday', 'v', '1');
    await restore(server.url, 1);
    expect((await read()).ancestors).toEqual([]);
    expect(await meta()).toMatchObject({ base: null, recent: [] });
  });

  it('keeps what later versions note there, to the letter', async () => {
    const first = await publish(server.url, 1);
    const later = { writer: 'eu-"central"/1', auditSeq: 2 ** 53 - 1, auditHash: 'a'.repeat(64) };
    await server.command('HSET', KEY, 'meta', JSON.stringify({ ...(await meta()), ...later }));
    await publish(server.url, 2, first);
    expect(await meta()).toMatchObject(later);
  });

  it.each([
    ['a word', 'x'],
    ['a list', '[]'],
    ['a number', '7'],
    ['depth', '['.repeat(5_000)],
    ['a flood', `{"id":"ID","server":"","recent":["1.1"],"flood":"${'x'.repeat(2_000_000)}"}`],
    ['no list', '{"id":"ID","server":"","recent":"all"}'],
    ['lists of other things', '{"id":"ID","server":"","recent":[{},null,7]}'],
    ['JSON in a revision', '{"id":"ID","server":"","recent":["1.1\\",\\"2.2"]}'],
    ['JSON in the server', '{"id":"ID","server":"\\",\\"base\\":\\"","recent":["1.1"]}'],
    ['no server', '{"id":"ID","recent":["1.1"]}'],
    ['a flood for later', `{"id":"ID","server":"","recent":[],"writer":"${'w'.repeat(5_000)}"}`],
  ])('breaks neither reading nor publishing when it is %s', async (_, hostile) => {
    const first = await publish(server.url, 1);
    const id = String(await server.command('HGET', KEY, 'id'));
    await server.command('HSET', KEY, 'meta', hostile.replace('ID', id));
    expect(await read()).toMatchObject({ text: documentText(1), revision: first });
    const second = await publish(server.url, 2, first);
    expect(await read()).toMatchObject({ text: documentText(2), revision: second });
    expect((await meta())['recent']).toEqual([`${counted(first).epoch}.1`]);
    expect(await meta()).toMatchObject({ server: await replid(), writer: null });
  });

  it('larger than a document may be is left out, and the document is read', async () => {
    const first = await publish(server.url, 1);
    await server.command('HSET', KEY, 'meta', 'x'.repeat(300_000));
    const source = redisSource({ url: server.url, maxBytes: 10_000 });
    onTestFinished(() => source.close());
    expect(await source.read(undefined, never)).toMatchObject({ text: documentText(1), revision: first });
    expect(await source.read(undefined, never, first)).toMatchObject({ text: documentText(1) });
  });
});

describe('F90 a publisher tells', () => {
  it('nothing where nothing happened', async () => {
    const publisher = longLived();
    const first = await publisher.publish(documentText(1), 'absent', never);
    const second = await publisher.publish(documentText(2), first, never);
    const third = await publisher.restore(documentText(1), never);
    expect([first, second, third].map(({ warnings }) => warnings)).toEqual([undefined, undefined, undefined]);
  });

  it('that the server was restarted since the last publication, and once', async () => {
    const first = await publish(server.url, 1);
    await server.command('SAVE');
    await server.kill();
    await server.start();
    const second = (await publish(server.url, 2, first)) as PublishedRevision;
    expect(second.warnings).toEqual([
      {
        kind: 'store-restarted',
        message: expect.stringContaining(
          `failed over or replaced since ${counted(first).epoch}.1; later publications may be lost`,
        ),
      },
    ]);
    expect(((await publish(server.url, 3, second)) as PublishedRevision).warnings).toBeUndefined();
  });

  it('what it was confirmed itself and the server lost, for certain, and takes an epoch above that', async () => {
    const publisher = longLived();
    const first = await publisher.publish(documentText(1), 'absent', never);
    const dump = await dumped();
    const lost = await publisher.publish(documentText(2), first, never);
    await putBack(dump);
    const error = await publisher.publish(documentText(3), lost, never).catch((failure: unknown) => failure);
    expect(isStoreError(error) && error).toMatchObject({
      reason: 'conflict',
      revision: first,
      message: expect.stringMatching(/holds \d+\.1, which is older: the store lost what was published since\. Look at/),
    });
    const next = await publisher.publish(documentText(3), first, never);
    expect(next.warnings).toMatchObject([
      { kind: 'lost-writes', message: expect.stringContaining('the store lost it') },
    ]);
    expect(counted(next).epoch).toBeGreaterThan(counted(lost).epoch);
    expect((await publisher.publish(documentText(4), next, never)).warnings).toBeUndefined();
  });

  it('nothing of a loss that it knows nothing of, and its epoch is above what was lost all the same', async () => {
    const first = await publish(server.url, 1);
    const dump = await dumped();
    const lost = await publish(server.url, 2, first);
    const last = await publish(server.url, 3, lost);
    await putBack(dump);
    const next = (await publish(server.url, 4, first)) as PublishedRevision;
    expect(next).toMatchObject({ version: 2 });
    expect(next.warnings).toBeUndefined();
    expect(counted(next).epoch).toBeGreaterThan(counted(last).epoch);
  });

  it('of an expectation that the server lost also to a publisher that was not there', async () => {
    const first = await publish(server.url, 1);
    const dump = await dumped();
    const lost = await publish(server.url, 2, first);
    await putBack(dump);
    await expect(publish(server.url, 3, lost)).rejects.toMatchObject({
      reason: 'conflict',
      message: expect.stringContaining('the store lost what was published since'),
    });
  });

  it('what it was told is lost, and takes an epoch above that although the clock of the server is behind it', async () => {
    const publisher = longLived();
    const first = counted(await publisher.publish(documentText(1), 'absent', never));
    const told = { ...first, epoch: first.epoch + 3_600_000, version: 9 };
    await expect(publisher.publish(documentText(2), told, never)).rejects.toMatchObject({ reason: 'conflict' });
    const next = await publisher.publish(documentText(2), first, never);
    expect(next).toMatchObject({ epoch: told.epoch + 1, version: 2 });
    expect(next.warnings?.map(({ kind }) => kind)).toEqual(['lost-writes', 'store-clock']);
    expect(await publisher.restore(documentText(1), never)).toMatchObject({ epoch: told.epoch + 2, version: 1 });
  });

  it('that a server was emptied', async () => {
    const publisher = longLived();
    await publisher.publish(documentText(1), 'absent', never);
    await server.command('FLUSHALL');
    const next = await publisher.publish(documentText(2), 'absent', never);
    expect(next.warnings).toMatchObject([
      { kind: 'lost-writes', message: expect.stringContaining('held no publication') },
    ]);
    expect((await read()).ancestors).toEqual([{ epoch: 0, version: 0 }]);
  });

  it('that the clock of the server went back, and takes an epoch above what is held all the same', async () => {
    const first = counted(await publish(server.url, 1));
    const aheadMs = first.epoch + 3_600_000;
    await server.command('HSET', KEY, 'epoch', String(aheadMs));
    const next = (await publish(server.url, 2, { ...first, epoch: aheadMs })) as PublishedRevision;
    expect(next).toMatchObject({ epoch: aheadMs + 1, version: 2 });
    expect(next.warnings).toEqual([
      { kind: 'store-clock', message: expect.stringContaining(new Date(aheadMs).toISOString()) },
    ]);
    expect(await restore(server.url, 1)).toMatchObject({ epoch: aheadMs + 2, version: 1 });
  });

  it('F13 nothing of an epoch that was told and lies more than a day ahead: a restore takes a present one', async () => {
    const publisher = longLived();
    const first = counted(await publisher.publish(documentText(1), 'absent', never));
    const poisoned = { ...first, epoch: first.epoch + 2 * DAY_MS };
    await server.command('HSET', KEY, 'epoch', String(poisoned.epoch));
    await expect(publisher.publish(documentText(2), poisoned, never)).rejects.toMatchObject({ reason: 'invalid' });
    const restored = await publisher.restore(documentText(2), never);
    expect(restored).toMatchObject({ version: 1 });
    expect(restored.warnings).toBeUndefined();
    expect(counted(restored).epoch).toBeLessThanOrEqual(Date.now());
    expect(await publisher.publish(documentText(3), restored, never)).toMatchObject({ version: 2 });
  });
});

describe('F90 F13 the clock here and that of the server', () => {
  /** This process' clock stands so many milliseconds behind the server's. */
  function standBehind(ms: number): void {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - ms });
    onTestFinished(() => void vi.useRealTimers());
  }

  it('make an epoch of the server up to half a day ahead, and of ours from there on', async () => {
    const now = Date.now();
    standBehind(DAY_MS / 2 - 60_000);
    expect(counted(await publish(server.url, 1)).epoch).toBeGreaterThanOrEqual(now);
    await server.command('FLUSHALL');
    standBehind(120_000);
    const first = counted(await publish(server.url, 1));
    expect(first.epoch).toBeLessThan(now - DAY_MS / 2 + 60_000);
    expect(first).toMatchObject({
      warnings: [{ kind: 'store-clock', message: expect.stringContaining('12 h ahead') }],
    });
  });

  it('are both heeded: what ours lets a publisher believe is above no epoch that the server refuses', async () => {
    standBehind(-2 * DAY_MS);
    const publisher = longLived();
    const first = counted(await publisher.publish(documentText(1), 'absent', never));
    const told = { epoch: first.epoch + 1.5 * DAY_MS, version: 9 };
    await expect(publisher.publish(documentText(2), told, never)).rejects.toMatchObject({ reason: 'conflict' });
    const next = counted(await publisher.publish(documentText(2), first, never));
    expect(next.epoch).toBeLessThan(first.epoch + 3_600_000);
  });

  it('may not agree whether an epoch is one that nobody adopts: nothing is written, and both are named', async () => {
    const first = await publish(server.url, 1);
    standBehind(DAY_MS + 3_600_000);
    const refusal = { reason: 'invalid', message: expect.stringContaining('which is 25 h ahead; set the clock') };
    await expect(publish(server.url, 2, first)).rejects.toMatchObject(refusal);
    await expect(restore(server.url, 2)).rejects.toMatchObject(refusal);
    expect(await server.command('HGET', KEY, 'doc')).toBe(documentText(1));
  });
});

describe("a writer with the rights of earlier versions' README", () => {
  const GRANTS = ['~feature_flags:*', '&feature_flags:*', '+eval', '+hmget', '+hset', '+publish', '+time'];

  async function writer(...grants: readonly string[]) {
    await server.command('ACL', 'SETUSER', 'writer', 'on', '>secret', 'resetkeys', ...grants);
    return longLived({ url: `redis://writer:secret@127.0.0.1:${server.port}` });
  }

  it('publishes, and is told which right is missing to tell of restarts', async () => {
    const publisher = await writer(...GRANTS);
    const first = await publisher.publish(documentText(1), 'absent', never);
    expect(first.warnings).toEqual([
      {
        kind: 'missing-right',
        message: expect.stringMatching(/may not run INFO replication.*grant \+info\|replication$/),
      },
    ]);
    expect(await meta()).toMatchObject({ server: '', recent: ['0.0'] });
    await writer(...GRANTS, '+info|replication');
    expect((await publisher.publish(documentText(2), first, never)).warnings).toBeUndefined();
    expect(await meta()).toMatchObject({ server: await replid() });
  });

  it('F60 and one who may write the document alone publishes, knows the last publication, and is told the rest', async () => {
    const publisher = await writer(`~${KEY}`, ...GRANTS.slice(1), '+info|replication');
    const first = await publisher.publish(documentText(1), 'absent', never);
    expect(first.warnings).toEqual([
      {
        kind: 'missing-right',
        message: expect.stringContaining('grant ~feature_flags:ids:{feature_flags:document}, +hmget and +hset'),
      },
    ]);
    expect(await publisher.restore(documentText(2), never)).toMatchObject({ version: 1 });
  });
});

/** What the server holds under the key, to be put back. */
async function dumped(): Promise<string> {
  const fields = (await server.command('HGETALL', KEY)) as readonly string[];
  return JSON.stringify(fields);
}

async function putBack(dump: string): Promise<void> {
  await server.command('DEL', KEY);
  await server.command('HSET', KEY, ...(JSON.parse(dump) as string[]));
}
