// Real redis-servers of a test's own, in memory, on free ports: alone, replicated, watched by Sentinel, as a Cluster, with TLS.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { certificateAuthority } from './certificates.ts';

const program = process.env['REDIS_SERVER'] ?? 'redis-server';
const host = '127.0.0.1';

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  /** `redis://127.0.0.1:port`. */
  readonly url: string;
  /** Sends one command over a connection of its own, past whatever is tested. */
  readonly command: (name: string, ...args: readonly (string | number)[]) => Promise<unknown>;
  /** SIGKILL: it is gone from one moment to the next, and what it held with it. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port, empty. */
  readonly start: () => Promise<void>;
  /** SIGSTOP: the kernel still accepts connections, and nothing answers. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Ends it whatever its state. Idempotent. */
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

/** A primary and a replica that is in step with it. */
export async function startReplicaPair(): Promise<{
  primary: RedisServer;
  replica: RedisServer;
  stop: () => Promise<void>;
}> {
  const primary = await startRedis();
  const replica = await startRedis({ args: ['--replicaof', host, String(primary.port)] });
  await replicates(replica);
  return { primary, replica, stop: () => stopAll([replica, primary]) };
}

/** Resolves once the replica has its primary's keys. */
export async function replicates(replica: RedisServer): Promise<void> {
  await until('the replica is in step', async () =>
    String(await replica.command('INFO', 'replication')).includes('master_link_status:up'),
  );
}

export interface SentinelSetup {
  readonly primary: RedisServer;
  readonly replica: RedisServer;
  readonly sentinel: RedisServer;
  readonly name: 'flags';
  readonly stop: () => Promise<void>;
}

/** A pair and one Sentinel that fails over to the replica half a second after the primary went silent. */
export async function startSentinel(): Promise<SentinelSetup> {
  const { primary, replica } = await startReplicaPair();
  const folder = await mkdtemp(join(tmpdir(), 'clarity-sentinel-'));
  const config = join(folder, 'sentinel.conf');
  await writeFile(
    config,
    [
      `sentinel monitor flags ${host} ${primary.port} 1`,
      'sentinel down-after-milliseconds flags 500',
      'sentinel failover-timeout flags 3000',
    ].join('\n'),
  );
  const sentinel = await startServer(undefined, [config, '--sentinel']);
  await until('the Sentinel knows the replica', async () => {
    const replicas = await sentinel.command('SENTINEL', 'replicas', 'flags');
    return Array.isArray(replicas) && replicas.length === 1;
  });
  return {
    primary,
    replica,
    sentinel,
    name: 'flags',
    stop: async () => {
      await stopAll([sentinel, replica, primary]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  /** What the ioredis client is given. */
  readonly startupNodes: { host: string; port: number }[];
  /** The node that owns the key's slot. */
  readonly ownerOf: (key: string) => Promise<RedisServer>;
  /** Gives the key's slot, and what it holds, to another node; that node. */
  readonly moveSlotOf: (key: string) => Promise<RedisServer>;
  readonly stop: () => Promise<void>;
}

/** Three masters without replicas. */
export async function startCluster(): Promise<RedisCluster> {
  const ports = await freePorts(6);
  const nodes = await Promise.all(
    ports.slice(0, 3).map((port, index) =>
      // The bus port is named too: its default, port + 10000, may be taken or past the last port.
      startRedis({
        port,
        args: [
          '--cluster-enabled',
          'yes',
          '--cluster-port',
          String(ports[index + 3]),
          '--cluster-node-timeout',
          '1000',
        ],
      }),
    ),
  );
  const [first] = nodes;
  if (first === undefined) throw new Error('no node was started');
  const bounds = [0, 5461, 10923, 16384];
  await Promise.all(
    nodes.map((node, n) => node.command('CLUSTER', 'ADDSLOTSRANGE', bounds[n] ?? 0, (bounds[n + 1] ?? 0) - 1)),
  );
  await Promise.all(nodes.map((node, n) => node.command('CLUSTER', 'SET-CONFIG-EPOCH', n + 1)));
  for (const [n, node] of nodes.entries())
    await first.command('CLUSTER', 'MEET', node.host, node.port, ports[n + 3] ?? 0);
  await Promise.all(
    nodes.map((node) =>
      until('the Cluster has formed', async () => {
        const info = String(await node.command('CLUSTER', 'INFO'));
        return (
          info.includes('cluster_state:ok') &&
          info.includes('cluster_known_nodes:3') &&
          info.includes('cluster_slots_ok:16384')
        );
      }),
    ),
  );
  const ownerOf = async (key: string): Promise<RedisServer> => {
    const slot = Number(await first.command('CLUSTER', 'KEYSLOT', key));
    const ranges = (await first.command('CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
    const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
    const owner = nodes.find((node) => node.port === port);
    if (owner === undefined) throw new Error(`no node owns slot ${slot}`);
    return owner;
  };
  return {
    nodes,
    startupNodes: nodes.map(({ host, port }) => ({ host, port })),
    ownerOf,
    moveSlotOf: async (key) => {
      const slot = Number(await first.command('CLUSTER', 'KEYSLOT', key));
      const from = await ownerOf(key);
      const to = nodes.find((node) => node !== from);
      if (to === undefined) throw new Error('there is no other node');
      const [fromId, toId] = [
        String(await from.command('CLUSTER', 'MYID')),
        String(await to.command('CLUSTER', 'MYID')),
      ];
      await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
      await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
      await from.command('MIGRATE', to.host, to.port, key, 0, 5_000);
      for (const node of [to, from, ...nodes.filter((one) => one !== to && one !== from)]) {
        await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
      }
      return to;
    },
    stop: () => stopAll(nodes),
  };
}

export interface TlsRedis extends RedisServer {
  /** `rediss://localhost:port`. */
  readonly tlsUrl: string;
  /** The certificate authority, in PEM, that clients must trust. */
  readonly ca: string;
}

/** A server that also listens for TLS, with a certificate for `localhost` only. */
export async function startTlsRedis(): Promise<TlsRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-redis-tls-'));
  const [key, cert, ca] = [join(folder, 'key.pem'), join(folder, 'cert.pem'), join(folder, 'ca.pem')];
  const authority = certificateAuthority();
  const made = authority.issue('localhost');
  await Promise.all([writeFile(key, made.key), writeFile(cert, made.cert), writeFile(ca, authority.cert)]);
  const [tlsPort = 0] = await freePorts(1);
  const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', ca, '--tls-auth-clients', 'no'];
  const server = await startRedis({ args: ['--tls-port', String(tlsPort), ...files] });
  return {
    ...server,
    tlsUrl: `rediss://localhost:${tlsPort}`,
    ca: authority.cert,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
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

async function startServer(givenPort: number | undefined, args: readonly string[]): Promise<RedisServer> {
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

async function stopAll(servers: readonly RedisServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}

const UNTIL_MS = 15_000;

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + UNTIL_MS;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > deadlineMs) throw new Error(`it did not come about within ${UNTIL_MS} ms that ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
