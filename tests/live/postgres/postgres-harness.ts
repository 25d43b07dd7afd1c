// Harnesses for the contract suites: one database for all checks, and for each check a schema and a role of its own,
// behind a proxy. (A database for each would take half a second.)
import { postgresFeed, postgresPublisher, postgresSetup, postgresSource } from '@clarity/flags-postgres';
import type { FeedHarness, PublisherHarness, SourceHarness } from '@clarity/flags-testing/checks';
import { startProxy } from '../support/proxy.ts';
import { type Place, placeOn } from './place.ts';

let shared: Promise<Place> | undefined;
let count = 0;

async function opened() {
  shared ??= placeOn();
  const { server, database, url: owner, password, sql } = await shared;
  count += 1;
  const [schema, writer] = [`contract_${count}`, `contract_writer_${count}`];
  await sql(`CREATE ROLE ${writer} LOGIN PASSWORD '${password}'`);
  const setup = postgresSetup({ url: owner, schema });
  await setup.run({ writer }, AbortSignal.timeout(20_000));
  await setup.close();
  const proxy = await startProxy({ port: server.port });
  const url = `postgres://${writer}:${encodeURIComponent(password)}@${proxy.host}:${proxy.port}/${database}`;
  // A channel of its own, too: what the checks before it announce is not to be heard.
  const place = { schema, channel: schema };
  return {
    sql,
    schema,
    options: { url, ...place, connectTimeoutMs: 1_500 },
    secrets: [password, encodeURIComponent(password), url],
    /** Publishes past proxy and role. */
    restore: async (text: string, namespace = 'feature_flags') => {
      const publisher = postgresPublisher({ url: owner, ...place, namespace });
      await publisher.restore(text, new AbortController().signal);
      await publisher.close();
    },
    faults: {
      down: async () => {
        await proxy.down();
        return () => proxy.mend();
      },
      hang: async () => {
        proxy.freeze();
        return () => proxy.mend();
      },
      unauthorized: async () => {
        await sql(`ALTER ROLE ${writer} NOLOGIN; REVOKE ALL ON SCHEMA ${schema} FROM ${writer}`);
        await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${writer}'`);
        return async () => {
          await sql(`ALTER ROLE ${writer} LOGIN; GRANT USAGE ON SCHEMA ${schema} TO ${writer}`);
        };
      },
    },
    dispose: () => proxy.stop(),
  };
}

export const sourceHarness: SourceHarness = {
  open: async () => {
    const { sql, schema, restore, options, secrets, faults, dispose } = await opened();
    return {
      source: postgresSource(options),
      seed: restore,
      tellsAncestors: true,
      secrets,
      faults: {
        ...faults,
        gone: async () => {
          await sql(`DELETE FROM ${schema}.documents`);
          return async () => undefined;
        },
        corrupt: async () => {
          await sql(`UPDATE ${schema}.documents SET doc = '{', version = -7`);
          return async () => undefined;
        },
      },
      dispose,
    };
  },
};

export const feedHarness: FeedHarness = {
  impossible: { gone: 'a feed has no document', corrupt: 'a feed has no document' },
  open: async () => {
    const { restore, options, secrets, faults, dispose } = await opened();
    let n = 0;
    const text = (): string => {
      n += 1;
      return JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled', metadata: { n } } } });
    };
    return {
      feed: postgresFeed({ ...options, heartbeatMs: 200 }),
      change: () => restore(text()),
      changeElsewhere: () => restore(text(), 'elsewhere'),
      secrets,
      faults,
      dispose,
    };
  },
};

export const publisherHarness: PublisherHarness = {
  impossible: { gone: 'publishing needs no document', corrupt: 'what is there is compared by its revision' },
  open: async () => {
    const { sql, schema, options, secrets, faults, dispose } = await opened();
    return {
      publisher: postgresPublisher(options),
      another: async () => postgresPublisher(options),
      stored: async () => {
        const [row] = await sql(`SELECT epoch, version, sha256, doc FROM ${schema}.documents`);
        const [epoch, version, hash, text] = row ?? [];
        if (typeof text !== 'string' || typeof hash !== 'string') return undefined;
        return { text, revision: { epoch: Number(epoch), version: Number(version), hash } };
      },
      snapshot: async () => {
        await sql(`CREATE TABLE ${schema}.backup AS TABLE ${schema}.documents`);
        return async () => {
          await sql(`DELETE FROM ${schema}.documents; INSERT INTO ${schema}.documents TABLE ${schema}.backup`);
        };
      },
      secrets,
      faults,
      dispose,
    };
  },
};
