/** A connection that listens to the channel, and has been heard to hear. */
import { StoreError } from '@clarity/flags-core/ports';
import { randomUUID } from 'node:crypto';
import { Connection } from './connection.ts';
import { type PostgresLayout, quotedName, quotedText } from './layout.ts';
import { clientConfig, type ResolvedPostgres } from './resolve-postgres.ts';

/**
 * A notification takes a few milliseconds; one that has not come by then does not come. At most half of the time for
 * the whole attempt, so that this is what is said.
 */
const MOST_HEARING_MS = 3_000;

/**
 * Listens, and resolves once it has heard a word of its own on a channel that nobody else knows. The word is said over
 * another connection: a pooler in transaction mode acknowledges `LISTEN`, gives the server's connection to the next
 * client, and stays silent from then on (F79). Over the same connection it would be heard even there.
 *
 * @throws StoreError, and then nothing is left of it
 */
export async function heardConnection(
  { access, layout, connectTimeoutMs }: ResolvedPostgres,
  attempt: string,
  hear: (message: string) => void,
  signal: AbortSignal,
): Promise<Connection> {
  const config = clientConfig(access);
  const hello = `clarity-flags:${randomUUID()}`;
  const connection = await Connection.open(config, attempt, signal);
  const stop = (): void => connection.end(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const heard = new Promise<void>((resolve) => {
      connection.onNotification((channel, payload) => {
        if (channel === hello) resolve();
        if (channel === layout.channel) hear(payload);
      });
    });
    await connection.query(`LISTEN ${quotedName(layout.channel)}; LISTEN ${quotedName(hello)}`);
    const speaker = await Connection.open(config, attempt, signal);
    try {
      await speaker.query(`NOTIFY ${quotedName(hello)}, ${quotedText('hello')}`);
    } finally {
      speaker.end();
    }
    await within(Math.min(connectTimeoutMs / 2, MOST_HEARING_MS), connection, heard, layout);
    await connection.query(`UNLISTEN ${quotedName(hello)}`);
  } catch (error) {
    connection.end();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  connection.serves(`stay subscribed to ${layout.channel}`);
  return connection;
}

async function within(
  ms: number,
  connection: Connection,
  heard: Promise<void>,
  { channel }: PostgresLayout,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deaf = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `cannot subscribe to ${channel}: LISTEN was acknowledged, and what is announced is not heard within ${ms} ms. Is a pooler in transaction mode between (PgBouncer)? Give the feed an address that leads to the server itself, or to a pool in session mode; until then the flags are polled`;
      reject(new StoreError('unavailable', message));
    }, ms);
  });
  const lost = connection.lost.then((error) => Promise.reject(error));
  try {
    await Promise.race([heard, deaf, lost]);
  } finally {
    clearTimeout(timer);
  }
}
