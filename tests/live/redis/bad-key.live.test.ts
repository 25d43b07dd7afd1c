// What another program may have put where the document is: it is said to be so, and a client goes on with what it has.
import { createHash } from 'node:crypto';
import { redisPublisher, redisSource, redisStore } from '@clarity/flags-redis';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { CHANNEL, documentText, eventually, KEY, publish, refusalOf, restore, watch } from './watched-client.ts';

const never = new AbortController().signal;

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

describe('the key', () => {
  /** Looked at often. */
  const polling = { refreshIntervalMs: 100, staleAfterMs: 5_000, timeoutMs: 400 };

  it.each([
    ['SET', KEY, 'x'],
    ['LPUSH', KEY, 'x'],
    ['SADD', KEY, 'x'],
  ] as const)('of another type (%s) is refused by every role, and left alone', async (command, ...args) => {
    await server.command(command, ...args);
    const wrong = { reason: 'invalid', notADocument: false, message: expect.stringMatching(/another type.*namespace/) };
    expect(await refusalOf(redisSource({ url: server.url }))).toMatchObject(wrong);
    await expect(publish(server.url, 1)).rejects.toMatchObject(wrong);
    await expect(restore(server.url, 1)).rejects.toMatchObject(wrong);
    expect(await server.command('TYPE', KEY)).not.toBe('hash');
  });

  it.each([
    ['a hash of somebody else', ['DEL', KEY], ['HSET', KEY, 'name', 'value'], 'not-found'],
    ['without a version', ['HDEL', KEY, 'v'], undefined, 'without a readable v'],
    ['with a version that is not one', ['HSET', KEY, 'v', 'seven'], undefined, 'without a readable v'],
    ['with a hash that is not one', ['HSET', KEY, 'sha256', 'abc'], undefined, 'without a readable sha256'],
    ['with a text that was changed by hand', ['HSET', KEY, 'v', 9, 'doc', '{}'], undefined, 'does not match its hash'],
    ['without a text', ['HDEL', KEY, 'doc'], ['HSET', KEY, 'v', 9], 'does not match its hash'],
  ] as const)('%s is said to be so; what was served stays, and a restore mends it', async (_, first, second, hint) => {
    await publish(server.url, 1);
    const { source, feed } = redisStore({ url: server.url });
    const { client, serves, said } = watch(source, feed, polling);
    await serves(1);
    for (const [name, ...args] of [first, second ?? []]) if (name !== undefined) await server.command(name, ...args);
    await eventually(() => expect(said()).toContain(hint));
    expect(client.isEnabled('is_1')).toBe(true);
    expect(client.breakerState()).toBe('closed');
    await restore(server.url, 2);
    await serves(2);
  });

  it('F15 with a text that breaks off, and whose hash says that this is all of it, is a bad document and not a store that is down', async () => {
    await publish(server.url, 1);
    const { source, feed } = redisStore({ url: server.url });
    const { client, serves, reads } = watch(source, feed, polling);
    await serves(1);
    const half = documentText(2).slice(0, 30);
    const sha256 = createHash('sha256').update(half).digest('hex');
    await server.command('HSET', KEY, 'v', 9, 'sha256', sha256, 'bytes', half.length, 'doc', half);
    const from = reads();
    await eventually(() => expect(client.health().rejected_document?.message).toContain('a whole JSON document'));
    // As many failures as open it for a store that is down, and one.
    await eventually(() => expect(reads() - from).toBeGreaterThan(8));
    expect(client.breakerState()).toBe('closed');
    expect(client.health().last_error?.reason).toBe('invalid_document');
    await restore(server.url, 2);
    await serves(2);
  });

  it('F17 with a text that does not match its hash is downloaded once for each revision, however often it is looked at', async () => {
    await publish(server.url, 1);
    const { source, feed } = redisStore({ url: server.url });
    const { client, serves, reads } = watch(source, feed, polling);
    await serves(1);
    await server.command('HSET', KEY, 'v', 9, 'doc', documentText(666));
    await server.command('CONFIG', 'RESETSTAT');
    const from = reads();
    await server.command('PUBLISH', CHANNEL, 'refresh');
    await eventually(() => expect(client.health().rejected_document).not.toBeNull());
    await eventually(() => expect(reads() - from).toBeGreaterThan(8));
    // Each check asks for the revision only; the text was asked for twice.
    const calls = String(await server.command('INFO', 'commandstats'));
    const hmget = Number(/cmdstat_hmget:calls=(\d+)/.exec(calls)?.[1]);
    expect(hmget).toBeLessThanOrEqual(reads() - from + 3);
  });

  it('F19 with a document above the limit is refused before it is downloaded, with both sizes', async () => {
    await publish(server.url, 1);
    const large = JSON.stringify({
      schemaVersion: 1,
      flags: { big: { status: 'enabled', description: 'x'.repeat(200_000) } },
    });
    const publisher = redisPublisher({ url: server.url });
    await publisher.restore(large, never);
    await publisher.close();
    await server.command('CONFIG', 'RESETSTAT');
    const refusal = await refusalOf(redisSource({ url: server.url, maxBytes: 100_000 }));
    expect(refusal).toMatchObject({ reason: 'too-large', message: expect.stringMatching(/\d{6} bytes.*100000/) });
    const sent = Number(/total_net_output_bytes:(\d+)/.exec(String(await server.command('INFO', 'stats')))?.[1]);
    expect(sent).toBeLessThan(50_000);
  });

  it.each([
    ['that a notice announced', 33_554_432],
    ['that says to be small', 100],
  ])('F19 with a document above the limit %s is not read to its end, and the next check goes on', async (_, bytes) => {
    const hash = 'a'.repeat(64);
    const large = 'x'.repeat(33_554_432);
    const record = ['epoch', 1, 'v', 1, 'sha256', hash, 'at', 1, 'bytes', bytes];
    await server.command('HSET', KEY, ...record, 'doc', large);
    await server.command('CONFIG', 'RESETSTAT');
    const source = redisSource({ url: server.url, maxBytes: 100_000 });
    onTestFinished(() => source.close());
    const announced = { epoch: 1, version: 1, hash };
    await expect(source.read({ epoch: 1, version: 0 }, never, announced)).rejects.toMatchObject({
      reason: 'too-large',
      revision: announced,
      message: expect.stringMatching(/ bytes and at most 100000 are allowed/),
    });
    const sent = Number(/total_net_output_bytes:(\d+)/.exec(String(await server.command('INFO', 'stats')))?.[1]);
    expect(sent).toBeLessThan(large.length / 2);
    expect(await source.read(announced, never)).toMatchObject({ kind: 'unchanged' });
  });

  it('F19 documents within the limit are not taken for one that is larger, also with other fields read beside them', async () => {
    const first = await publish(server.url, 1);
    const flags = { big: { status: 'enabled', description: 'x'.repeat(600_000) } };
    const text = JSON.stringify({ schemaVersion: 1, flags });
    const publisher = redisPublisher({ url: server.url });
    const revision = await publisher.publish(text, first, never);
    await publisher.close();
    const source = redisSource({ url: server.url, maxBytes: text.length });
    onTestFinished(() => source.close());
    const results = await Promise.all(Array.from({ length: 8 }, () => source.read(first, never, revision)));
    expect(results).toEqual(results.map(() => expect.objectContaining({ kind: 'document', text, revision })));
  });
});
