/** Runs commands on the real Redis behind the stand-in, and shapes replies as the REST API does. */
import { Redis } from 'ioredis';

export type RestAnswer = { readonly result: unknown } | { readonly error: string };

/** RESP2, as the REST API speaks: a map is a flat list there. */
export function connectRedis(url: string): Redis {
  const redis = new Redis(url, { protocol: 2, maxRetriesPerRequest: 1, retryStrategy: () => 50 });
  // A client without a listener writes to the console; commands reject by themselves.
  redis.on('error', () => undefined);
  return redis;
}

export async function runCommand(redis: Redis, command: readonly unknown[], base64: boolean): Promise<RestAnswer> {
  try {
    return { result: shaped(await call(redis, command), base64) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** MULTI and EXEC on a connection of their own. An array of answers, or why nothing was carried out. */
export async function runTransaction(
  redis: Redis,
  commands: readonly (readonly unknown[])[],
  base64: boolean,
): Promise<readonly RestAnswer[] | { readonly error: string }> {
  const own = redis.duplicate();
  own.on('error', () => undefined);
  try {
    await own.call('MULTI');
    let refused: string | undefined;
    for (const command of commands) {
      await call(own, command).catch((error: unknown) => {
        refused ??= messageOf(error);
      });
    }
    if (refused !== undefined) {
      await own.call('DISCARD');
      return { error: `EXECABORT Transaction discarded because of previous errors. ${refused}` };
    }
    const replies = (await own.callBuffer('EXEC')) as readonly unknown[];
    return replies.map((reply) =>
      reply instanceof Error ? { error: reply.message } : { result: shaped(reply, base64) },
    );
  } catch (error) {
    return { error: messageOf(error) };
  } finally {
    own.disconnect();
  }
}

function call(redis: Redis, command: readonly unknown[]): Promise<unknown> {
  const [name = '', ...args] = command.map(argumentOf);
  // Upper case: ioredis reshapes some replies by the lower-case name.
  return redis.callBuffer(name.toUpperCase(), args);
}

/** What is not text is sent as its JSON. */
function argumentOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Every text in base64 when that was asked for, except a lone OK. */
function shaped(reply: unknown, base64: boolean): unknown {
  if (Array.isArray(reply)) return reply.map((one) => shaped(one, base64));
  if (!Buffer.isBuffer(reply)) return reply instanceof Error ? reply.message : reply;
  const text = reply.toString();
  return base64 && text !== 'OK' ? reply.toString('base64') : text;
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]{3,}\b/.test(message) ? message : `ERR ${message}`;
}
