import { CallScope } from '@clarity/flags-core/adapter-kit';
import type { StoreFinding, StoreInspection, StoreInspector } from '@clarity/flags-core/ports';
import { notedBeside } from './meta.ts';
import { explained } from './other-tables.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { heldRevision, wholeNumber } from './record.ts';
import { resolvePostgres } from './resolve-postgres.ts';
import { serverOf } from './server-identity.ts';
import type { Session } from './session.ts';
import { sessionsOf } from './sessions.ts';
import { IDENTITY_RIGHTS, identityColumns, inspectStatement, type Row } from './statements.ts';

/**
 * What a Postgres tells of itself: whether the server failed over or was replaced since the last publication, what it
 * would lose in a crash, and its clock. A reader's rights are enough.
 *
 * @throws StoreError `invalid` for an address that is not one of Postgres
 * @throws TypeError or RangeError for any other bad option
 */
export function postgresInspector(options: PostgresOptions): StoreInspector {
  const resolved = resolvePostgres(options);
  const { name, layout } = resolved;
  const attempt = `inspect ${layout.place}`;
  const sessions = sessionsOf(resolved, attempt);
  const scope = new CallScope(`the Postgres inspector ${name}`);

  async function inspect(session: Session): Promise<StoreInspection> {
    const [rights] = await session.query(IDENTITY_RIGHTS);
    const may = { system: rights?.['system'] === 'true', timeline: rights?.['timeline'] === 'true' };
    const statement = inspectStatement(layout, identityColumns(may));
    const [row = {}] = await session.query(statement, [layout.namespace]).catch(async (error: unknown) => {
      throw await explained(session, layout, error);
    });
    const held = heldRevision(row, layout);
    const noted = held === undefined ? undefined : notedBeside(row['id'], row['meta'], held);
    const storeTimeMs = wholeNumber(row['now']);
    const since = held === undefined ? '' : `${held.epoch}.${held.version}`;
    return {
      ...(storeTimeMs !== undefined && { storeTimeMs }),
      findings: [restartFinding(noted?.server, row, since), persistenceFinding(row)],
    };
  }

  return {
    inspect: (signal) => scope.run(attempt, signal, (ending) => sessions.run(inspect, ending)),
    close: () => {
      scope.close();
      return sessions.close();
    },
  };
}

function restartFinding(before: string | undefined, row: Row, since: string): StoreFinding {
  const finding = (state: StoreFinding['state'], message: string): StoreFinding => ({
    check: 'restart',
    state,
    message,
  });
  const server = serverOf(row);
  if (row['recovering'] === 'true') return finding('good', 'the server is a standby: it is read, and not published to');
  if (server === '') {
    return finding('doubtful', 'this user may not ask which server that is; grant EXECUTE on pg_control_system()');
  }
  if (before === undefined || before === '')
    return finding('good', 'the last publisher noted no server to compare with');
  if (before === server) return finding('good', 'the server is that of the last publication');
  return finding(
    'doubtful',
    `the server failed over or was replaced since ${since} was published; what was published after that may be lost: look whether the document has all that it should`,
  );
}

function persistenceFinding(row: Row): StoreFinding {
  const finding = (state: StoreFinding['state'], message: string): StoreFinding => ({
    check: 'persistence',
    state,
    message,
  });
  if (row['fsync'] !== 'on' || row['full_page_writes'] !== 'on') {
    return finding('bad', 'fsync or full_page_writes is off: a crash of the machine may lose or spoil everything');
  }
  return finding(
    'good',
    'a crash loses nothing that was published; a failover to a standby that is not synchronous loses what it had not got',
  );
}
