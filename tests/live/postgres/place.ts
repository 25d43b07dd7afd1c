// A database of a test's own, set up for flags, on a server that the tests of a file share.
import { postgresSetup } from '@clarity/flags-postgres';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

export interface Place {
  readonly server: PostgresServer;
  readonly database: string;
  /** Names of roles, and the password of both. */
  readonly reader: string;
  readonly writer: string;
  readonly password: string;
  /** Addresses: of the superuser, of a reader, of a writer. */
  readonly url: string;
  readonly readerUrl: string;
  readonly writerUrl: string;
  readonly sql: PostgresServer['sql'];
  /** Ends the connections that others have to the database, as an administrator does. */
  readonly cut: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const PASSWORD = 'correct-horse/battery+staple';

let shared: Promise<PostgresServer> | undefined;
let count = 0;

/** The server is shared by the tests of one file, which stops it after them. */
function sharedServer(): Promise<PostgresServer> {
  shared ??= startPostgres();
  return shared;
}

export async function stopSharedServer(): Promise<void> {
  await (await shared)?.stop();
}

/** A database with the tables of the flags, on the server of this file or on another one. */
export async function placeOn(given?: PostgresServer): Promise<Place> {
  const server = given ?? (await sharedServer());
  count += 1;
  const database = `flags_${count}`;
  const [reader, writer] = [`reader_${count}`, `writer_${count}`];
  await server.sql(`CREATE DATABASE ${database}`);
  await server.sql(
    `CREATE ROLE ${reader} LOGIN PASSWORD '${PASSWORD}'; CREATE ROLE ${writer} LOGIN PASSWORD '${PASSWORD}'`,
  );
  const url = server.url(database);
  const setup = postgresSetup({ url });
  await setup.run({ reader, writer }, AbortSignal.timeout(20_000));
  await setup.close();
  const as = (role: string): string =>
    `postgres://${role}:${encodeURIComponent(PASSWORD)}@${server.host}:${server.port}/${database}`;
  return {
    server,
    database,
    reader,
    writer,
    password: PASSWORD,
    url,
    readerUrl: as(reader),
    writerUrl: as(writer),
    sql: (text, other = database) => server.sql(text, other),
    cut: async () => {
      await server.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
    },
    remove: async () => {
      await left(server, database);
      await server.sql(`DROP DATABASE ${database} WITH (FORCE)`);
      await server.sql(`DROP ROLE ${reader}; DROP ROLE ${writer}`);
    },
  };
}

/** Once nobody is connected any more, or a second later: `FORCE` would surprise a client that is just leaving. */
async function left(server: PostgresServer, database: string): Promise<void> {
  const untilMs = performance.now() + 1_000;
  for (;;) {
    const [[count] = []] = await server.sql(`SELECT count(*) FROM pg_stat_activity WHERE datname = '${database}'`);
    if (count === '0' || performance.now() > untilMs) return;
  }
}
