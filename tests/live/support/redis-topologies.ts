// Redis as it is run in earnest, on real servers: replicated, watched by Sentinel, as a Cluster, with TLS.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateAuthority } from './certificates.ts';
import { freePorts, type RedisServer, startRedis, startServer } from './redis-server.ts';

const host = '127.0.0.1';

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
  /** Gives the key's slot, and all keys in it, to another node; that node. */
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
      const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[];
      await from.command('MIGRATE', to.host, to.port, '', 0, 5_000, 'KEYS', ...keys);
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
