// Real Postgres servers of a test's own, on free ports. Each test gets a database of its own; what is tested comes as a
// user with a password, and the test itself past that as the superuser.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePorts } from './redis-server.ts';

const run = promisify(execFile);
const host = '127.0.0.1';
/** Of the superuser. */
const PASSWORD = 'of-the-superuser';

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  /** Of the superuser, for the database `postgres` or another one. */
  readonly url: (database?: string) => string;
  /** Runs statements as the superuser, over a connection of its own. Rows are arrays of texts. */
  readonly sql: (text: string, database?: string) => Promise<readonly (readonly (string | null)[])[]>;
  /** SIGKILL to all of it, as when the machine loses power: what it confirmed has to be there again after `start`. */
  readonly kill: () => Promise<void>;
  /** SIGSTOP to all of it: the kernel still accepts connections, and nothing answers. */
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
  /** Starts it again on the same port, with what its folder holds. */
  readonly start: () => Promise<void>;
  /** Ends it in any state. Idempotent. */
  readonly stop: () => Promise<void>;
}

export interface PostgresServerSettings {
  /** Lines of `postgresql.conf`. */
  readonly settings?: readonly string[];
  /** Makes the folder from another one's files, instead of a new server: a backup that is put back, or a standby. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** Puts files beside those of the server, before it starts. */
  readonly also?: (folder: string) => Promise<void>;
}

/** Postgres refuses to run as root; the package of the system makes a user for it. */
interface Person {
  readonly uid?: number;
  readonly gid?: number;
}

export async function unprivileged(): Promise<Person> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => (await run('id', [flag, 'postgres'])).stdout));
  return { uid: Number(uid), gid: Number(gid) };
}

/** The folder with `postgres`, `initdb` and `pg_basebackup`, which Debian keeps off the path. */
export function postgresPrograms(): string {
  const versions = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => ({ name, path: join(folder, name, 'bin') })) : [],
  );
  const version = ({ name }: { readonly name: string }): number => Number(/\d+/.exec(name)?.[0] ?? 0);
  const found = versions
    .filter(({ path }) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'postgres')))
    .toSorted((one, other) => version(other) - version(one))[0]?.path;
  const folder = process.env['POSTGRES_PROGRAMS'] ?? found;
  if (folder !== undefined) return folder;
  throw new Error(
    'no Postgres is there (apt-get install postgresql, brew install postgresql, or set POSTGRES_PROGRAMS to the folder of initdb)',
  );
}

export async function ownedFolder(name: string, person: Person): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name));
  if (person.uid !== undefined) await run('chown', [`${person.uid}:${person.gid}`, folder]);
  return folder;
}

/** A new server's files. */
async function initialise(folder: string, person: Person): Promise<void> {
  const secret = `${folder}.password`;
  await writeFile(secret, PASSWORD);
  const args = ['-D', folder, '-U', 'postgres', '--auth', 'scram-sha-256', '--pwfile', secret];
  await run(join(postgresPrograms(), 'initdb'), [...args, '--no-sync', '-E', 'UTF8', '--no-locale'], person);
  // The superuser is the tests' own: its many connections are spared the work that a password is.
  const rules = join(folder, 'pg_hba.conf');
  await writeFile(rules, `host all postgres 127.0.0.1/32 trust\n${await readFile(rules, 'utf8')}`);
}

/** One life of the program, under a shell. */
interface Running {
  readonly pid: number;
  readonly shell: ChildProcess;
}

const START_MS = 30_000;
/** For the hook of a test that starts one: on a busy machine new files and the first start take their time. */
export const STARTING_MS = 2 * START_MS;

export async function startPostgres({
  settings = [],
  prepare,
  also,
}: PostgresServerSettings = {}): Promise<PostgresServer> {
  const person = await unprivileged();
  const parent = await ownedFolder('clarity-postgres-', person);
  const folder = join(parent, 'data');
  await (prepare ?? ((path) => initialise(path, person)))(folder);
  await also?.(folder);
  if (person.uid !== undefined) await run('chown', ['-R', `${person.uid}:${person.gid}`, parent]);
  await chmod(folder, 0o700);
  const [port = 0] = await freePorts(1);
  const all = ['listen_addresses=127.0.0.1', `unix_socket_directories=`, 'max_connections=60', ...settings];
  const args = ['-D', folder, '-p', String(port), ...all.flatMap((setting) => ['-c', setting])];
  let running: Running | undefined = await spawnServer(args, person);
  const end = async (): Promise<void> => {
    const ending = running;
    running = undefined;
    if (ending === undefined) return;
    const exited = once(ending.shell, 'exit');
    // Frozen first, so that it starts no more processes of its own; then all of them go.
    sent(ending.pid, 'SIGSTOP');
    for (const pid of [...(await childrenOf(ending.pid)), ending.pid]) sent(pid, 'SIGKILL');
    ending.shell.stdin?.end();
    await exited;
  };
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    if (running === undefined) throw new Error(`the server on port ${port} does not run`);
    sent(running.pid, name);
    for (const pid of await childrenOf(running.pid)) sent(pid, name);
  };
  const url = (database = 'postgres'): string =>
    `postgres://postgres:${PASSWORD}@${host}:${port}/${encodeURIComponent(database)}`;
  return {
    host,
    port,
    folder,
    url,
    sql: async (text, database) => {
      const client = new Client({ connectionString: url(database) });
      client.on('error', () => undefined);
      await client.connect();
      try {
        const result: unknown = await client.query({ text, rowMode: 'array', types: { getTypeParser: asText } });
        const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: (string | null)[][] };
        return last.rows;
      } finally {
        await client.end();
      }
    },
    kill: end,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    start: async () => {
      if (running !== undefined) throw new Error(`the server on port ${port} runs already`);
      running = await spawnServer(args, person);
    },
    stop: async () => {
      await end();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const file = `/proc/${pid}/task/${pid}/children`;
  const pids = existsSync(file)
    ? await readFile(file, 'utf8')
    : await run('pgrep', ['-P', String(pid)]).then(
        ({ stdout }) => stdout,
        () => '',
      );
  return pids.split(/\s+/).filter(Boolean).map(Number);
}

function sent(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

const asText = (() => (value: string | null) => value) as never;

async function spawnServer(args: readonly string[], person: Person): Promise<Running> {
  // The shell kills the server when our end of its stdin closes, so none outlives a test run that was cut off.
  const script = '"$@" & echo "pid $!" >&2; read _; kill -9 $!; wait';
  const shell = spawn('sh', ['-c', script, 'sh', join(postgresPrograms(), 'postgres'), ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    ...person,
    cwd: '/',
  });
  let log = '';
  let timer: NodeJS.Timeout | undefined;
  const ready = await new Promise<boolean>((settle) => {
    shell.once('exit', () => settle(false));
    shell.once('error', () => settle(false));
    timer = setTimeout(settle, START_MS, false);
    shell.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (log.length < 100_000) log += chunk;
      if (/database system is ready to accept/.test(log) && /pid \d+\n/.test(log)) settle(true);
    });
  });
  clearTimeout(timer);
  if (ready) return { pid: Number(/pid (\d+)/.exec(log)?.[1]), shell };
  shell.stdin.end();
  throw new Error(`postgres did not start:\n${log}`);
}
