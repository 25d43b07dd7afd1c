// Rows of the fault list, each against a real Postgres that is killed, cut off, silent, or behind a pooler.
import { postgresPublisher } from '@clarity/flags-postgres';
import { recordingListener } from '@clarity/flags-testing';
import { Pool } from 'pg';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { startReplyCutter } from '../support/reply-cutter.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { startPostgres, STARTING_MS } from '../support/postgres-server.ts';
import { placeOn, type Place, stopSharedServer } from './place.ts';
import {
  clientAt,
  documentText,
  eventually,
  HEARTBEAT_MS,
  never,
  publish,
  refusal,
  SLACK_MS,
  storeAt,
  timed,
} from './postgres-clients.ts';

let place: Place;
let proxy: TcpProxy;

beforeEach(async () => {
  place = await placeOn();
  proxy = await startProxy({ port: place.server.port });
  // The last of what a test leaves to be done.
  onTestFinished(async () => {
    await proxy.stop();
    await place.remove();
  });
}, STARTING_MS);

afterAll(stopSharedServer);

const through = (url: string, port: number): string => url.replace(`:${place.server.port}/`, `:${port}/`);
const held = async (): Promise<unknown> => (await place.sql('SELECT version, doc FROM feature_flags.documents'))[0];

describe('F1 a server that is killed', () => {
  it('keeps what it confirmed, also with synchronous_commit off for everybody else, and clients catch up', async () => {
    const server = await startPostgres({ settings: ['synchronous_commit=off', 'wal_writer_delay=10s'] });
    onTestFinished(() => server.stop());
    const there = await placeOn(server);
    // A breaker that opened while the server was gone must not decide when the client reads again.
    const watched = clientAt(
      { url: there.readerUrl, heartbeatMs: HEARTBEAT_MS },
      { breaker: { recoveryTimeoutMs: 500 } },
    );
    let revision = await publish(there.writerUrl, 1);
    await watched.serves(1);
    await watched.feedIs('up');
    for (let n = 2; n <= 4; n += 1) {
      revision = await publish(there.writerUrl, n, revision);
      await server.kill();
      await watched.feedIs('down');
      await server.start();
      await watched.serves(n);
      await watched.feedIs('up');
    }
    expect(watched.said()).not.toMatch(/correct-horse|battery/);
  }, 60_000);
});

describe('F1 a connection that is ended by an administrator', () => {
  it('costs no read, no publication, and no notice', async () => {
    const { source, publisher, feed } = storeAt({ url: place.writerUrl, heartbeatMs: HEARTBEAT_MS });
    const listener = recordingListener();
    await feed.subscribe(listener, never);
    let revision = await publisher.publish(documentText(1), 'absent', never);
    for (let n = 2; n <= 5; n += 1) {
      await source.read(undefined, never);
      const before = listener.events.length;
      await place.cut();
      expect(await source.read(undefined, never)).toMatchObject({ revision: { version: n - 1 } });
      revision = await publisher.publish(documentText(n), revision, never);
      expect(await listener.heard('down', before)).toMatchObject({ error: { reason: 'unavailable' } });
      await listener.heard('up', before);
    }
    const before = listener.events.length;
    await publish(place.writerUrl, 6, revision);
    expect(await listener.heard('notice', before)).toMatchObject({ notice: { revision: { version: 6 } } });
  });
});

describe('F3 a connection that goes silent', () => {
  it('is found by the feed within two heartbeats, and made again', async () => {
    const { feed } = storeAt({ url: through(place.readerUrl, proxy.port), heartbeatMs: HEARTBEAT_MS });
    const listener = recordingListener();
    await feed.subscribe(listener, never);
    proxy.drop();
    const tookMs = await timed(listener.heard('down'));
    expect(tookMs).toBeLessThan(2 * HEARTBEAT_MS + SLACK_MS);
    expect(await listener.heard('down')).toMatchObject({ error: { reason: 'timeout' } });
    await proxy.mend();
    await listener.heard('up');
    await publish(place.writerUrl, 1);
    await listener.heard('notice');
  });

  it('while it is idle costs source and publisher a moment, and no failure', async () => {
    const { source, publisher } = storeAt({ url: through(place.writerUrl, proxy.port) });
    const first = await publisher.publish(documentText(1), 'absent', never);
    await source.read(undefined, never);
    proxy.drop();
    await proxy.mend();
    const [read, published] = await Promise.all([
      source.read(undefined, never),
      publisher.publish(documentText(2), first, never),
    ]);
    expect(read).toMatchObject({ kind: 'document' });
    expect(published).toMatchObject({ version: 2 });
  });

  it('F25 ends a read and a publication with their signal, and nothing hangs', async () => {
    const { source, publisher } = storeAt({ url: through(place.writerUrl, proxy.port) });
    await publisher.publish(documentText(1), 'absent', never);
    await source.read(undefined, never);
    proxy.freeze();
    const failures = await Promise.all([
      refusal(source.read(undefined, AbortSignal.timeout(300))),
      refusal(publisher.restore(documentText(2), AbortSignal.timeout(300))),
    ]);
    expect(failures.map(({ reason }) => reason)).toEqual(['timeout', 'timeout']);
    await proxy.mend();
    await eventually(async () => expect(await source.read(undefined, never)).toMatchObject({ kind: 'document' }));
  });
});

describe('F60 a publication whose reply got lost, at any byte of it,', () => {
  it('is sent again, answered as the first time, and carried out once', async () => {
    const cutter = await startReplyCutter(place.server.port);
    const publisher = postgresPublisher({ url: through(place.writerUrl, cutter.port) });
    onTestFinished(async () => {
      await publisher.close();
      await cutter.stop();
    });
    const first = await publisher.restore(documentText(1), never);
    const before = cutter.replied();
    await publisher.publish(documentText(2), first, never);
    const bytes = cutter.replied() - before;
    expect(bytes).toBeGreaterThan(200);
    for (let cut = 0; cut <= bytes; cut += 7) {
      // Also what makes the connection one that was idle.
      const revision = await publisher.restore(documentText(1), never);
      cutter.cutAfter(cut);
      const published = await publisher.publish(documentText(cut), revision, never);
      cutter.cutAfter(Number.POSITIVE_INFINITY);
      expect(published, `cut after ${cut} bytes`).toMatchObject({ version: 2 });
      expect(await held(), `cut after ${cut} bytes`).toEqual(['2', documentText(cut)]);
    }
  });

  it('is remembered for about a thousand publications', async () => {
    const publisher = postgresPublisher({ url: place.writerUrl });
    onTestFinished(() => publisher.close());
    let revision = await publisher.publish(documentText(1), 'absent', never);
    for (let n = 2; n <= 1_100; n += 1) revision = await publisher.publish(documentText(n), revision, never);
    const [[count] = []] = await place.sql('SELECT count(*) FROM feature_flags.publications');
    expect(Number(count)).toBeGreaterThanOrEqual(1_000);
    expect(Number(count)).toBeLessThan(1_050);
  });
});

describe('F79 a pooler', () => {
  it('in transaction mode is read and published through, and its silence about notices is said', async () => {
    const pooler = await startPgBouncer({ port: place.server.port, mode: 'transaction' });
    onTestFinished(() => pooler.stop());
    const url = through(place.writerUrl, pooler.port);
    const watched = clientAt({ url, connectTimeoutMs: 1_000 }, { refreshIntervalMs: 1_000, staleAfterMs: 5_000 });
    const { publisher } = storeAt({ url });
    const first = await publisher.publish(documentText(1), 'absent', never);
    await watched.serves(1);
    await publisher.publish(documentText(2), first, never);
    await watched.serves(2);
    await watched.feedIs('down');
    expect(watched.client.health()).toMatchObject({ healthy: true });
    const { feed } = storeAt({ url, connectTimeoutMs: 1_000 });
    const error = await refusal(feed.subscribe(recordingListener(), never));
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(error.message).toMatch(/is not heard within 500 ms\. Is a pooler in transaction mode between/);
  });

  it('in session mode passes notices on', async () => {
    const pooler = await startPgBouncer({ port: place.server.port, mode: 'session' });
    onTestFinished(() => pooler.stop());
    const { feed } = storeAt({ url: through(place.readerUrl, pooler.port) });
    const listener = recordingListener();
    await feed.subscribe(listener, never);
    await publish(place.writerUrl, 1);
    expect(await listener.heard('notice')).toMatchObject({ notice: { revision: { version: 1 } } });
  });
});

describe('a pool that is handed in', () => {
  it('serves source, publisher and setup, gives the feed its options, and stays open', async () => {
    const pool = new Pool({ connectionString: place.writerUrl, max: 2 });
    onTestFinished(() => pool.end());
    const { source, publisher, feed, close } = storeAt({ pool });
    const listener = recordingListener();
    await feed.subscribe(listener, never);
    const first = await publisher.publish(documentText(1), 'absent', never);
    await listener.heard('notice');
    expect(await source.read(undefined, never)).toMatchObject({ text: documentText(1), revision: { version: 1 } });
    const second = publisher.publish(documentText(2), first, never);
    const late = refusal(publisher.publish(documentText(3), first, never));
    expect(await second).toMatchObject({ version: 2 });
    expect(await late).toMatchObject({ reason: 'conflict' });
    expect(pool.totalCount).toBeLessThanOrEqual(2);
    await close();
    expect(pool.idleCount).toBe(pool.totalCount);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('with no connection to spare ends a read with its signal, and gets back what comes too late', async () => {
    const pool = new Pool({ connectionString: place.writerUrl, max: 1 });
    onTestFinished(() => pool.end());
    const { source } = storeAt({ pool });
    const busy = await pool.connect();
    expect(await refusal(source.read(undefined, AbortSignal.timeout(100)))).toMatchObject({ reason: 'timeout' });
    busy.release();
    await eventually(() => expect(pool.idleCount).toBe(1));
    expect(await refusal(source.read(undefined, never))).toMatchObject({ reason: 'not-found' });
  });

  it('loses no connection to reads that are stopped, and none is used again that owes an answer', async () => {
    const pool = new Pool({ connectionString: through(place.writerUrl, proxy.port), max: 1 });
    onTestFinished(() => pool.end());
    pool.on('error', () => undefined);
    const { source, publisher } = storeAt({ pool });
    await publisher.publish(documentText(1), 'absent', never);
    proxy.freeze();
    expect(await refusal(source.read(undefined, AbortSignal.timeout(100)))).toMatchObject({ reason: 'timeout' });
    await proxy.mend();
    expect(await source.read(undefined, never)).toMatchObject({ text: documentText(1) });
  });
});
