// Real redis-servers of a test's own, in memory, on free ports.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

const program = process.env['REDIS_SERVER'] ?? 'redis-server';
const host = '127.0.0.1';

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  /** `redis://127.0.0.1:port`. */
  readonly url: string;
  /** Sends one command over a connection of its own, past what is tested. */
  readonly command: (name: string, ...args: readonly (string | number)[]) => Promise<unknown>;
  /** SIGKILL: it is gone from one moment to the next, and what it held with it. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port, empty. */
  readonly start: () => Promise<void>;
  /** SIGSTOP: the kernel still accepts connections, and nothing answers. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Ends it in any state. Idempotent. */
  readonly stop: () => Promise<void>;
}

export interface RedisServerSettings {
  readonly port?: number;
  readonly args?: readonly string[];
}

const IN_MEMORY = ['--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0'];

export async function startRedis({ port, args = [] }: RedisServerSettings = {}): Promise<RedisServer> {
  return startServer(port, [...IN_MEMORY, ...args]);
}

/** Free ports of 127.0.0.1, all different: they are held together before they are let go. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, host));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** One life of the program, under a shell. */
interface Running {
  readonly pid: number;
  readonly shell: ChildProcess;
}

const START_MS = 15_000;
const ATTEMPTS = 5;

/** On this port, or on a free one. */
export async function startServer(givenPort: number | undefined, args: readonly string[]): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-redis-'));
  let running: Running | undefined;
  let port = givenPort ?? 0;
  for (let attempt = 1; running === undefined; attempt += 1) {
    if (givenPort === undefined) [port = 0] = await freePorts(1);
    running = await spawnServer(port, folder, args, attempt < ATTEMPTS && givenPort === undefined);
  }
  const end = async (): Promise<void> => {
    const ending = running;
    running = undefined;
    if (ending === undefined) return;
    // Its shell ends it when our end of the pipe closes; SIGKILL reaches a frozen one too.
    const exited = once(ending.shell, 'exit');
    process.kill(ending.pid, 'SIGKILL');
    ending.shell.stdin?.end();
    await exited;
  };
  const signal = (name: NodeJS.Signals): void => {
    if (running === undefined) throw new Error(`the server on port ${port} does not run`);
    process.kill(running.pid, name);
  };
  return {
    host,
    port,
    url: `redis://${host}:${port}`,
    command: async (name, ...args) => {
      const redis = new Redis({ host, port, lazyConnect: true, retryStrategy: null });
      redis.on('error', () => undefined);
      try {
        return await redis.call(name, ...args);
      } finally {
        redis.disconnect();
      }
    },
    kill: end,
    start: async () => {
      if (running !== undefined) throw new Error(`the server on port ${port} runs already`);
      running = await spawnServer(port, folder, args, false);
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Undefined when the port was taken meanwhile and another may be tried. */
async function spawnServer(
  port: number,
  folder: string,
  args: readonly string[],
  mayFail: boolean,
): Promise<Running | undefined> {
  // The shell kills the server when our end of its stdin closes, so none outlives a test run that was cut off.
  // Its stderr is not ours: an inherited one would keep Vitest waiting for this worker.
  const script = '"$@" & echo "pid $!"; read _; kill -9 $!; wait';
  const all = [...args, '--port', String(port), '--bind', host, '--dir', folder];
  const shell = spawn('sh', ['-c', script, 'sh', program, ...all], { stdio: ['pipe', 'pipe', 'ignore'] });
  let log = '';
  let timer: NodeJS.Timeout | undefined;
  const ready = await new Promise<boolean>((settle) => {
    shell.once('exit', () => settle(false));
    shell.once('error', () => settle(false));
    timer = setTimeout(settle, START_MS, false);
    shell.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
      // The shell may get to say the number only after the server is ready.
      if (/Ready to accept connections|Sentinel ID is/.test(log) && /pid \d+\n/.test(log)) settle(true);
      if (/Address already in use|bye bye|FATAL/.test(log)) settle(false);
    });
  });
  clearTimeout(timer);
  const pid = Number(/pid (\d+)/.exec(log)?.[1]);
  if (ready) return { pid, shell };
  shell.stdin.end();
  if (mayFail && log.includes('Address already in use')) return undefined;
  throw new Error(
    `${program} did not start (apt-get install redis-server, brew install redis, or set REDIS_SERVER):\n${log}`,
  );
}
