/** A connection on which the channel is subscribed and acknowledged. */
import { isStoreError, StoreError } from '@clarity/flags-core/ports';
import type { RedisLayout } from '@clarity/flags-redis-protocol';
import type { Cluster, Redis } from 'ioredis';
import { clientFor, clientLike, Connection } from './connection.ts';
import type { ResolvedRedis } from './resolve-redis.ts';

/** The node that owns a slot may have moved again when we get there, but not for ever. */
const MOST_REDIRECTIONS = 5;

export type OpenSubscribed = (onMessage: (payload: string) => void, signal: AbortSignal) => Promise<Connection>;

export function subscribedConnection(
  { access, layout, connectTimeoutMs }: ResolvedRedis,
  attempt: string,
): OpenSubscribed {
  switch (access.kind) {
    case 'address':
      return (onMessage, signal) => {
        const redis = clientFor(access.address, connectTimeoutMs);
        return subscribe(redis, layout, attempt, onMessage, signal);
      };
    case 'redis':
      return (onMessage, signal) => {
        const redis = clientLike(access.client, connectTimeoutMs);
        return subscribe(redis, layout, attempt, onMessage, signal);
      };
    case 'cluster':
      return (onMessage, signal) =>
        subscribeInCluster(access.client, layout, { attempt, connectTimeoutMs, onMessage, signal });
  }
}

async function subscribe(
  redis: Redis,
  { channel }: RedisLayout,
  attempt: string,
  onMessage: (payload: string) => void,
  signal: AbortSignal,
): Promise<Connection> {
  redis.on('message', (from: string, payload: string) => {
    if (from === channel) onMessage(payload);
  });
  const connection = await Connection.open(redis, attempt, signal);
  await acknowledged(connection, () => redis.subscribe(channel), signal);
  connection.serves(`stay subscribed to ${channel}`);
  return connection;
}

/** What the acknowledged command resolves with. A failure ends the connection. */
async function acknowledged<T>(connection: Connection, send: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = (): void => connection.end(isStoreError(signal.reason) ? signal.reason : undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) stop();
    return await send();
  } catch (error) {
    const failure = connection.errorOf(error);
    connection.end(failure);
    throw failure;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface Node {
  readonly host: string;
  readonly port: number;
}

interface ClusterAttempt {
  readonly attempt: string;
  readonly connectTimeoutMs: number;
  readonly onMessage: (payload: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Subscribes at the node that owns the key: to the sharded channel, where our publishers announce, and to the plain
 * one, where others may. Before Redis 7 there is only the plain one.
 */
async function subscribeInCluster(cluster: Cluster, layout: RedisLayout, given: ClusterAttempt): Promise<Connection> {
  const { attempt, connectTimeoutMs, onMessage, signal } = given;
  const first = await anyNode(cluster, attempt);
  let node: Node | undefined;
  for (let redirections = 0; redirections <= MOST_REDIRECTIONS; redirections += 1) {
    const redis = clientLike(first, connectTimeoutMs, node);
    redis.on('message', (from: string, payload: string) => {
      if (from === layout.channel) onMessage(payload);
    });
    redis.on('smessage', (from: string, payload: string) => {
      if (from === layout.shardChannel) onMessage(payload);
    });
    const connection = await Connection.open(redis, attempt, signal);
    const target = await acknowledged(connection, () => subscribeSharded(redis, layout.shardChannel), signal);
    if (target === undefined) {
      // The slot goes to another node: so do we.
      redis.on('moved', () =>
        connection.end(new StoreError('unavailable', `the slot of ${layout.key} moved to another node of the Cluster`)),
      );
      await acknowledged(connection, () => redis.subscribe(layout.channel), signal);
      connection.serves(`stay subscribed to ${layout.channel}`);
      return connection;
    }
    connection.end();
    const { host = '127.0.0.1' } = redis.options;
    node = mapped(cluster, target.host === '' ? { host, port: target.port } : target);
  }
  throw new StoreError(
    'unavailable',
    `cannot ${attempt}: the nodes of the Cluster point at each other; look at CLUSTER SLOTS`,
  );
}

/** Undefined when it is subscribed, or when this server knows no sharded channels; otherwise the node to go to. */
async function subscribeSharded(redis: Redis, shardChannel: string): Promise<Node | undefined> {
  try {
    await redis.ssubscribe(shardChannel);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const moved = /^MOVED \d+ (.*):(\d+)$/.exec(message);
    if (moved !== null) return { host: moved[1] ?? '', port: Number(moved[2]) };
    if (/^ERR unknown command/i.test(message)) return undefined;
    throw error;
  }
}

/** Where our side of the network sees a node that the Cluster names. */
function mapped(cluster: Cluster, node: Node): Node {
  const { natMap } = cluster.options;
  const key = `${node.host}:${node.port}`;
  return (typeof natMap === 'function' ? natMap(key) : natMap?.[key]) ?? node;
}

/** A node of the Cluster, a random one, so that attempts after a failure reach others too. */
async function anyNode(cluster: Cluster, attempt: string): Promise<Redis> {
  // A client that was made lazily has no nodes before its first command.
  if (cluster.status === 'wait') await cluster.connect().catch(() => undefined);
  const masters = cluster.nodes('master');
  const nodes = masters.length > 0 ? masters : cluster.nodes('all');
  const node = nodes[Math.floor(Math.random() * nodes.length)];
  if (node !== undefined) return node;
  throw new StoreError(
    'unavailable',
    `cannot ${attempt}: the Cluster client knows no node; look at the nodes it was given`,
  );
}
