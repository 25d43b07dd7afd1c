// A standby of a Postgres server, by streaming replication.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresPrograms, type PostgresServer, startPostgres, unprivileged } from './postgres-server.ts';

/** What a primary needs to have standbys that it does not wait for. */
export const PRIMARY = ['wal_level=replica', 'max_wal_senders=4', 'wal_keep_size=64MB'];

/** It begins with what the primary holds, and follows. */
export async function startStandby(primary: PostgresServer): Promise<PostgresServer> {
  return startPostgres({
    settings: PRIMARY,
    prepare: async (folder) => {
      const connection = primary.url();
      const program = join(postgresPrograms(), 'pg_basebackup');
      const args = ['-D', folder, '-d', connection, '--no-sync', '--checkpoint=fast'];
      await promisify(execFile)(program, args, { ...(await unprivileged()), cwd: '/' });
      await writeFile(join(folder, 'standby.signal'), '');
      const settings = `primary_conninfo = '${connection}'\nhot_standby_feedback = on\n`;
      await writeFile(join(folder, 'postgresql.auto.conf'), settings);
    },
  });
}
