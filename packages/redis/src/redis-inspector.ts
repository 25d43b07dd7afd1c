import { CallScope } from '@clarity/flags-core/adapter-kit';
import { isStoreError, type StoreFinding, type StoreInspection, type StoreInspector } from '@clarity/flags-core/ports';
import { redisServerNoted } from '@clarity/flags-redis-protocol';
import type { Cluster, Redis } from 'ioredis';
import { commandClient } from './command-client.ts';
import type { RedisOptions } from './redis-options.ts';
import { resolveRedis } from './resolve-redis.ts';

const NO_RIGHT = 'doubtful';

/**
 * What a Redis tells of itself: whether the server was restarted or failed over since the last publication, what it
 * would lose in a crash, and its clock. Takes HMGET, and where the user may, TIME, `INFO replication` and `INFO
 * persistence`. A Cluster is not asked: its INFO speaks of whichever node answers.
 *
 * @throws StoreError `invalid` for an address that is not one of Redis
 * @throws TypeError or RangeError for any other bad option
 */
export function redisInspector(options: RedisOptions): StoreInspector {
  const resolved = resolveRedis(options);
  const { name, layout, access } = resolved;
  const attempt = `inspect ${layout.key}`;
  const client = commandClient(resolved, attempt);
  const scope = new CallScope(`the Redis inspector ${name}`);

  /** The reply, or undefined where this user may not ask. */
  async function permitted<T>(
    ask: (redis: Redis | Cluster) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    try {
      return await client.run(ask, signal);
    } catch (error) {
      if (isStoreError(error) && error.reason === 'unauthorized') return undefined;
      throw error;
    }
  }

  async function inspect(signal: AbortSignal): Promise<StoreInspection> {
    if (access.kind === 'cluster') return { findings: [] };
    const [noted, time, replication, persistence] = await Promise.all([
      permitted((redis) => redis.hmget(layout.key, 'id', 'meta', 'epoch', 'v'), signal),
      permitted((redis) => redis.time(), signal),
      permitted((redis) => redis.info('replication'), signal),
      permitted((redis) => redis.info('persistence'), signal),
    ]);
    const storeTimeMs = timeOf(time);
    return {
      ...(storeTimeMs !== undefined && { storeTimeMs }),
      findings: [restartFinding(noted ?? [], replication), persistenceFinding(persistence)],
    };
  }

  return {
    inspect: (signal) => scope.run(attempt, signal, inspect),
    close: () => {
      scope.close();
      return client.close();
    },
  };
}

function timeOf(reply: readonly (number | string)[] | undefined): number | undefined {
  const [seconds, microseconds] = (reply ?? []).map(Number);
  if (seconds === undefined || microseconds === undefined) return undefined;
  return seconds * 1_000 + Math.trunc(microseconds / 1_000);
}

function restartFinding([id, meta, epoch, version]: readonly unknown[], info: string | undefined): StoreFinding {
  const finding = (state: StoreFinding['state'], message: string): StoreFinding => ({
    check: 'restart',
    state,
    message,
  });
  if (info === undefined) {
    return finding(
      NO_RIGHT,
      'this user may not ask whether the server was restarted since the last publication; grant +info|replication',
    );
  }
  const before = redisServerNoted(id, meta);
  if (before === undefined) return finding('good', 'the last publisher noted no server to compare with');
  if (before === fieldOf(info, 'master_replid')) return finding('good', 'the server is that of the last publication');
  return finding(
    'doubtful',
    `the server was restarted, failed over or replaced since ${String(epoch)}.${String(version)} was published; what was published after that may be lost: look whether the document has all that it should`,
  );
}

function persistenceFinding(info: string | undefined): StoreFinding {
  const finding = (state: StoreFinding['state'], message: string): StoreFinding => ({
    check: 'persistence',
    state,
    message,
  });
  if (info === undefined) {
    return finding(NO_RIGHT, 'this user may not ask what the server would lose in a crash; grant +info|persistence');
  }
  if (fieldOf(info, 'aof_enabled') === '1') {
    const status = fieldOf(info, 'aof_last_write_status');
    return status === undefined || status === 'ok'
      ? finding('good', 'a crash loses at most what appendfsync allows: with everysec a second')
      : finding('bad', `the append-only file cannot be written (${status}); look at the disk of the server`);
  }
  const changes = Number(fieldOf(info, 'rdb_changes_since_last_save'));
  const savedMs = Number(fieldOf(info, 'rdb_last_save_time')) * 1_000;
  const since = Number.isSafeInteger(savedMs) && savedMs > 0 ? ` of ${new Date(savedMs).toISOString()}` : '';
  const now = Number.isSafeInteger(changes) ? `, now ${changes === 1 ? '1 change' : `${changes} changes`}` : '';
  return finding(
    'doubtful',
    `a crash loses what was published since the last snapshot${since}${now}; set appendonly yes, and "appendfsync always" where nothing may be lost`,
  );
}

/** Of a reply to INFO: lines of `name:value`. */
function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:([^\r\n]*)`, 'm').exec(info)?.[1];
}
