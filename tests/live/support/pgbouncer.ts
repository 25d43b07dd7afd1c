// A real PgBouncer of a test's own in front of one Postgres.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:net';
import { ownedFolder, unprivileged } from './postgres-server.ts';
import { freePorts } from './redis-server.ts';

export interface PgBouncerSettings {
  readonly port: number;
  readonly mode: 'transaction' | 'session';
}

export interface PgBouncer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const START_MS = 15_000;

/** Debian keeps it among the programs of administrators, off the path of others. */
function program(): string {
  const usual = '/usr/sbin/pgbouncer';
  return process.env['PGBOUNCER'] ?? (existsSync(usual) ? usual : 'pgbouncer');
}

/** Users come with the passwords that the server knows: it is asked for them, as for itself. */
export async function startPgBouncer({ port: upstream, mode }: PgBouncerSettings): Promise<PgBouncer> {
  const person = await unprivileged();
  const folder = await ownedFolder('clarity-pgbouncer-', person);
  const [port = 0] = await freePorts(1);
  const file = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'users.txt');
  await writeFile(users, '"postgres" "of-the-superuser"\n');
  await writeFile(
    file,
    `[databases]
* = host=127.0.0.1 port=${upstream} auth_user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1
pool_mode = ${mode}
`,
  );
  const script = '"$@" & echo "pid $!" >&2; read _; kill -9 $!; wait';
  const shell: ChildProcess = spawn('sh', ['-c', script, 'sh', program(), file], {
    stdio: ['pipe', 'ignore', 'ignore'],
    ...person,
    cwd: '/',
  });
  await listens(port, shell);
  return {
    port,
    stop: async () => {
      const exited = shell.exitCode === null ? once(shell, 'exit') : undefined;
      shell.stdin?.end();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listens(port: number, shell: ChildProcess): Promise<void> {
  const untilMs = performance.now() + START_MS;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const listening = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (listening) return;
    if (shell.exitCode !== null || performance.now() > untilMs) {
      throw new Error(`${program()} did not start (apt-get install pgbouncer, or set PGBOUNCER)`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
