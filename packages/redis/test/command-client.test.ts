// How often a command is sent, over which connection, and what holds the process: over real sockets, against a server
// that does what it is told.
import { once } from 'node:events';
import type { StoreError } from '@clarity/flags-core/ports';
import type { Cluster, Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { commandClient } from '../src/command-client.ts';
import { resolveRedis } from '../src/resolve-redis.ts';
import { scriptedRedis } from './scripted-redis.ts';

const never = new AbortController().signal;
const OK = '+OK\r\n';

function clientOf(url: string, mostReplyBytes?: number) {
  const client = commandClient(resolveRedis({ url, connectTimeoutMs: 2_000 }), 'read x', mostReplyBytes);
  onTestFinished(() => client.close());
  const ask = (signal = never): Promise<unknown> => client.run((redis) => redis.get('x'), signal);
  return { client, ask };
}

async function failureOf(call: Promise<unknown>): Promise<StoreError> {
  return call.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error as StoreError,
  );
}

it.each([
  ["NOPERM this user has no permissions to run the 'get' command", 'unauthorized'],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'invalid'],
  ['OOM command not allowed', 'unavailable'],
  ['LOADING Redis is loading the dataset in memory', 'unavailable'],
])('a refusal over a connection that was idle (%s) is the answer: nothing is sent twice', async (reply, reason) => {
  let answer = OK;
  const server = await scriptedRedis(() => answer);
  const { ask } = clientOf(server.url);
  await ask();
  answer = `-${reply}\r\n`;
  expect(await failureOf(ask())).toMatchObject({ reason });
  expect(server.calls).toHaveLength(2);
  expect(server.connections()).toBe(1);
});

it('a primary that was demoted is left: its address may lead to another by now, which is asked at once', async () => {
  const READONLY = '-READONLY You can’t write against a read only replica.\r\n';
  const server = await scriptedRedis(({ connection }) => (server.calls.length === 1 || connection > 2 ? OK : READONLY));
  const { ask } = clientOf(server.url);
  await ask();
  // The other is one as well, and that is the answer.
  expect(await failureOf(ask())).toMatchObject({ reason: 'unavailable', retryable: true });
  expect(await ask()).toBe('OK');
  expect(server.calls.map(({ connection }) => connection)).toEqual([1, 1, 2, 3]);
});

it('what is lost with a connection that was idle is sent once more over another, and no more', async () => {
  const server = await scriptedRedis(({ connection, socket }) => {
    if (server.calls.length === 1 || connection === 3) return OK;
    socket.destroy();
    return undefined;
  });
  const { ask } = clientOf(server.url);
  await ask();
  expect(await failureOf(ask())).toMatchObject({ reason: 'unavailable', retryable: true });
  expect(server.calls.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  expect(await ask()).toBe('OK');
});

it('what is lost with a connection that never answered is not sent again: it was not idle', async () => {
  const server = await scriptedRedis(({ socket }) => {
    socket.destroy();
    return undefined;
  });
  const { ask } = clientOf(server.url);
  expect(await failureOf(ask())).toMatchObject({ reason: 'unavailable' });
  expect(server.calls).toHaveLength(1);
});

it('F19 a reply that is too large ends its connection and is not asked for again', async () => {
  const large = `$200000\r\n${'x'.repeat(200_000)}\r\n`;
  const server = await scriptedRedis(() => (server.calls.length === 1 ? OK : large));
  const { ask } = clientOf(server.url, 1_000);
  await ask();
  expect(await failureOf(ask())).toMatchObject({ reason: 'too-large', retryable: false });
  expect(server.calls).toHaveLength(2);
});

it('F3 silence over a connection that was quick is doubted after a second: another answers, and is kept', async () => {
  const server = await scriptedRedis(({ connection }) =>
    server.calls.length === 1 || connection === 2 ? OK : undefined,
  );
  const { ask } = clientOf(server.url);
  await ask();
  expect(await ask()).toBe('OK');
  expect(await ask()).toBe('OK');
  expect(server.calls.map(({ connection }) => connection)).toEqual([1, 1, 2, 2]);
});

it('a connection that owes an answer to somebody who gave up is not used again', async () => {
  const server = await scriptedRedis(({ connection }) => (connection === 1 ? undefined : OK));
  const { ask } = clientOf(server.url);
  const caller = new AbortController();
  const asking = ask(caller.signal);
  await expect.poll(() => server.calls.length).toBe(1);
  caller.abort();
  expect(await ask()).toBe('OK');
  expect(server.calls.map(({ connection }) => connection)).toEqual([1, 2]);
  // The answer comes after all, and nobody needs its connection.
  const closed = once(server.calls[0]!.socket, 'close');
  server.calls[0]?.socket.write(OK);
  await asking;
  await closed;
});

it('a connection holds the process while it is asked something, and not a moment longer', async () => {
  const server = await scriptedRedis(() => OK);
  const { client, ask } = clientOf(server.url);
  const held: boolean[] = [];
  let used: Redis | Cluster | undefined;
  const holds = (): boolean => holdsProcess((used as Redis).stream);
  const [first, second] = [client, client].map((one) =>
    one.run(async (redis) => {
      used = redis;
      held.push(holds());
      return redis.get('x');
    }, never),
  );
  await Promise.all([first, second]);
  expect(held).toEqual([true, true]);
  expect(holds()).toBe(false);
  await ask();
  expect(holds()).toBe(false);
});

function holdsProcess(stream: Redis['stream']): boolean {
  // What Node itself goes by; there is no public word for it.
  const { _handle: handle } = stream as unknown as { readonly _handle: { hasRef(): boolean } | null };
  return handle?.hasRef() ?? false;
}
