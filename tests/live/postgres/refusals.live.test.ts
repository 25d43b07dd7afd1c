// What a Postgres refuses, and what is said of it: what was tried, why not, what to do, and no secret.
import { postgresFeed, postgresSetup, postgresSource, setupStatements } from '@clarity/flags-postgres';
import { recordingListener } from '@clarity/flags-testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { certificateAuthority } from '../support/certificates.ts';
import { startPostgres, STARTING_MS } from '../support/postgres-server.ts';
import { placeOn, type Place, stopSharedServer } from './place.ts';
import { documentText, never, publish, refusal, storeAt } from './postgres-clients.ts';

let place: Place;

beforeEach(async () => {
  place = await placeOn();
  // The last of what a test leaves to be done.
  onTestFinished(() => place.remove());
}, STARTING_MS);

afterAll(stopSharedServer);

const DOCUMENT = documentText(1);

describe('an address', () => {
  it.each([
    ['a wrong password', (url: string) => url.replace('correct', 'incorrect'), 'unauthorized', /password is wrong/],
    ['no password', (url: string) => url.replace(/:[^:@/]+@/, '@'), 'unauthorized', /asks for a password/],
    ['an unknown user', (url: string) => url.replace('reader_', 'nobody_'), 'unauthorized', /password is wrong/],
    ['another database', (url: string) => `${url}_of_others`, 'invalid', /no such database/],
  ] as const)('with %s is refused by source and feed alike', async (_, change, reason, message) => {
    const { source, feed } = storeAt({ url: change(place.readerUrl) });
    for (const attempt of [() => source.read(undefined, never), () => feed.subscribe(recordingListener(), never)]) {
      const error = await refusal(attempt());
      expect(error).toMatchObject({ reason, retryable: false });
      expect(error.message).toMatch(message);
      expect(error.message).not.toMatch(/correct-horse|battery|127\.0\.0\.1|reader_/);
    }
  });

  it('F27 that asks for TLS is refused where the server has none, and never goes on without', async () => {
    const source = postgresSource({ url: `${place.readerUrl}?sslmode=require` });
    expect(await refusal(source.read(undefined, never))).toMatchObject({
      reason: 'unavailable',
      retryable: false,
      message: expect.stringContaining('speaks no TLS'),
    });
    await source.close();
  });
});

describe('F27 a server with TLS', () => {
  it('is read and listened to by its authority, and refused without it or by another name', async () => {
    const authority = certificateAuthority();
    const { cert, key } = authority.issue('localhost');
    const server = await startPostgres({
      settings: ['ssl=on', 'ssl_cert_file=server.crt', 'ssl_key_file=server.key'],
      also: async (folder) => {
        await writeFile(join(folder, 'server.crt'), cert);
        await writeFile(join(folder, 'server.key'), key, { mode: 0o600 });
      },
    });
    onTestFinished(() => server.stop());
    const there = await placeOn(server);
    await publish(there.writerUrl, 1);
    const url = there.readerUrl.replace('127.0.0.1', 'localhost');
    const trusted = storeAt({ url, tls: { ca: authority.cert } });
    expect(await trusted.source.read(undefined, never)).toMatchObject({ text: DOCUMENT });
    await trusted.feed.subscribe(recordingListener(), never);
    for (const options of [
      { url: `${url}?sslmode=require` },
      { url: `${url}?sslmode=verify-full`, tls: { ca: certificateAuthority('another').cert } },
      { url: there.readerUrl, tls: { ca: authority.cert } },
    ]) {
      const { source, feed } = storeAt(options);
      for (const attempt of [() => source.read(undefined, never), () => feed.subscribe(recordingListener(), never)]) {
        const error = await refusal(attempt());
        expect(error).toMatchObject({ reason: 'unavailable', retryable: false });
        expect(error.message).toMatch(/TLS certificate is not accepted/);
      }
    }
  });
});

describe('rights', () => {
  it('of a reader are enough to read, to listen and to be examined, and not to publish', async () => {
    await publish(place.writerUrl, 1);
    const { source, feed, publisher, inspector } = storeAt({ url: place.readerUrl });
    expect(await source.read(undefined, never)).toMatchObject({ text: DOCUMENT });
    await feed.subscribe(recordingListener(), never);
    expect((await inspector.inspect(never)).findings.map(({ state }) => state)).toEqual(['good', 'good']);
    const error = await refusal(publisher.restore(DOCUMENT, never));
    expect(error).toMatchObject({ reason: 'unauthorized', retryable: false });
    expect(error.message).toMatch(/no right to that \(42501\); grant what clarity-flags setup/);
  });

  it('of a writer are enough to read and to publish, and not to change the tables', async () => {
    await publish(place.writerUrl, 1);
    const { source, setup } = storeAt({ url: place.writerUrl });
    expect(await source.read(undefined, never)).toMatchObject({ text: DOCUMENT });
    expect(await refusal(setup.run({}, never))).toMatchObject({ reason: 'unauthorized' });
  });

  it('that a publisher can do without are named, once they are missing', async () => {
    await place.sql(`REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC`);
    const published = await publish(place.writerUrl, 1);
    expect(published.warnings).toMatchObject([{ kind: 'missing-right' }]);
    expect(published.warnings?.[0]?.message).toMatch(/GRANT EXECUTE ON FUNCTION pg_control_system\(\)$/);
    const rows = await place.sql("SELECT meta ->> 'server' FROM feature_flags.documents");
    expect(rows).toEqual([['00000001']]);
  });
});

describe('tables', () => {
  it('that are not there are missed by each role, which says what makes them', async () => {
    await place.sql('DROP SCHEMA feature_flags CASCADE');
    const { source, publisher, inspector } = storeAt({ url: place.url });
    for (const attempt of [
      () => source.read(undefined, never),
      () => publisher.publish(DOCUMENT, 'absent', never),
      () => inspector.inspect(never),
    ]) {
      const error = await refusal(attempt());
      expect(error).toMatchObject({ reason: 'not-found', retryable: false });
      expect(error.message).toMatch(/run clarity-flags setup/);
    }
  });

  it.each([
    ['with a higher version', 'UPDATE feature_flags.schema_version SET version = 2'],
    [
      'with other columns',
      'UPDATE feature_flags.schema_version SET version = 7; ALTER TABLE feature_flags.documents RENAME doc TO body',
    ],
    [
      'with another table',
      'UPDATE feature_flags.schema_version SET version = 7; ALTER TABLE feature_flags.documents RENAME TO flags',
    ],
  ])('of a newer release, %s, are refused by each role, which says so', async (_, change) => {
    await publish(place.writerUrl, 1);
    await place.sql(change);
    const { source, publisher, inspector, setup } = storeAt({ url: place.url });
    for (const attempt of [
      () => source.read(undefined, never),
      () => publisher.restore(DOCUMENT, never),
      () => inspector.inspect(never),
      () => setup.run({}, never),
    ]) {
      const error = await refusal(attempt());
      expect(error).toMatchObject({ reason: 'invalid', retryable: false });
      expect(error.message).toMatch(/made by a newer release/);
    }
  });

  it('are made once, however often and by how many at once setup is run, and keep what they hold', async () => {
    const first = await publish(place.writerUrl, 1);
    const setups = Array.from({ length: 4 }, () => postgresSetup({ url: place.url, schema: 'Two.words-' }));
    await Promise.all(setups.map((setup) => setup.run({ reader: place.reader, writer: place.writer }, never)));
    await Promise.all(setups.map((setup) => setup.close()));
    await place.sql(setupStatements({ writer: place.writer }));
    const { source } = storeAt({ url: place.readerUrl });
    expect(await source.read(undefined, never)).toMatchObject({ revision: first });
    const elsewhere = storeAt({ url: place.writerUrl, schema: 'Two.words-' });
    await elsewhere.publisher.publish(documentText(2), 'absent', never);
    expect(await elsewhere.source.read(undefined, never)).toMatchObject({ text: documentText(2) });
  });

  it('are not made for a role that is not there, and nothing is half made', async () => {
    await place.sql('DROP SCHEMA feature_flags CASCADE');
    const { setup } = storeAt({ url: place.url });
    expect(await refusal(setup.run({ reader: 'no"body' }, never))).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('there is no such role'),
    });
    expect(await place.sql("SELECT to_regnamespace('feature_flags')")).toEqual([[null]]);
    await setup.run({ reader: place.reader }, never);
  });
});

describe('a document', () => {
  it('that is larger than allowed is refused, and not even sent', async () => {
    const revision = await publish(place.writerUrl, 1);
    const { source } = storeAt({ url: place.readerUrl, maxBytes: 20 });
    const error = await refusal(source.read(undefined, never));
    expect(error).toMatchObject({ reason: 'too-large', revision: { version: revision.version } });
    expect(error.message).toMatch(/at most 20 are allowed/);
    expect(await source.read(revision, never)).toMatchObject({ kind: 'unchanged' });
  });

  it('F17 that does not match its hash is refused', async () => {
    await publish(place.writerUrl, 1);
    await place.sql("UPDATE feature_flags.documents SET doc = doc || ' '");
    const { source } = storeAt({ url: place.readerUrl });
    expect(await refusal(source.read(undefined, never))).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('does not match its hash'),
    });
  });

  it('in a database that cannot hold its characters is refused, and nothing is written', async () => {
    const name = `${place.database}_latin1`;
    await place.sql(`CREATE DATABASE ${name} ENCODING 'LATIN1' TEMPLATE template0`);
    onTestFinished(async () => void (await place.sql(`DROP DATABASE ${name} WITH (FORCE)`, 'postgres')));
    const { source, publisher, setup } = storeAt({ url: place.server.url(name) });
    await setup.run({}, never);
    const text = JSON.stringify({ schemaVersion: 1, flags: { größe: { status: 'enabled' } } });
    await publisher.publish(text, 'absent', never);
    expect(await source.read(undefined, never)).toMatchObject({ text });
    const beyond = text.replace('größe', 'größe-日本');
    expect(await refusal(publisher.restore(beyond, never))).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('UTF8'),
    });
    expect(await source.read(undefined, never)).toMatchObject({ text });
  });
});

describe('a server', () => {
  it('that is set read only is read, and takes no publication', async () => {
    await publish(place.writerUrl, 1);
    await place.sql(`ALTER DATABASE ${place.database} SET default_transaction_read_only = on`);
    const { source, feed, publisher } = storeAt({ url: place.writerUrl });
    expect(await source.read(undefined, never)).toMatchObject({ text: DOCUMENT });
    await feed.subscribe(recordingListener(), never);
    expect(await refusal(publisher.restore(documentText(2), never))).toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('standby, or read only'),
    });
  });

  it('with no room for another connection throttles', async () => {
    await place.sql(`ALTER ROLE ${place.reader} CONNECTION LIMIT 1`);
    await publish(place.writerUrl, 1);
    const holder = storeAt({ url: place.readerUrl });
    await holder.source.read(undefined, never);
    expect(await refusal(storeAt({ url: place.readerUrl }).source.read(undefined, never))).toMatchObject({
      reason: 'throttled',
    });
    const feed = postgresFeed({ url: place.readerUrl });
    expect(await refusal(feed.subscribe(recordingListener(), never))).toMatchObject({ reason: 'throttled' });
    await feed.close();
  });
});
