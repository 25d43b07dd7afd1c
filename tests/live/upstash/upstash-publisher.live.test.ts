// What goes over the wire for a publication, and what comes of it when it goes wrong.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compareRevisions } from '@clarity/flags-core/ports';
import { redisPublisher } from '@clarity/flags-redis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { documentText } from '../redis/watched-client.ts';
import {
  commandsOf,
  ENTRIES,
  failure,
  filled,
  place,
  type Place,
  sharedRedis,
  startSharedRedis,
  stopSharedRedis,
  storedIn,
  TOKEN,
} from './upstash-harness.ts';

const never = new AbortController().signal;

beforeAll(startSharedRedis);
afterAll(stopSharedRedis);

describe.each(Object.keys(ENTRIES) as (keyof typeof ENTRIES)[])('publishing by %s', (name) => {
  const publisherAt = ({ connect }: Place) => ENTRIES[name].upstashPublisher(connect);

  it('is one command', async () => {
    const opened = await place();
    const publisher = publisherAt(opened);
    await publisher.publish(documentText(1), 'absent', never);
    expect(commandsOf(opened)).toHaveLength(1);
    await publisher.close();
  });

  it('a publication whose answer gets lost is sent again and published once', async () => {
    const opened = await filled();
    const publisher = publisherAt(opened);
    const before = await storedIn(opened.namespace);
    opened.server.fail({ kind: 'cut' }, { times: 1 });
    const revision = await publisher.publish(documentText(2), before?.revision ?? 'absent', never);
    expect(revision).toMatchObject({ version: 2 });
    expect(await storedIn(opened.namespace)).toMatchObject({ text: documentText(2), revision });
    await publisher.close();
  });

  it.each(['publish', 'restore'] as const)(
    'F60 a %s whose answer gets lost while somebody else publishes is answered as the first time, and carried out once',
    async (how) => {
      const opened = await filled();
      const before = await storedIn(opened.namespace);
      let first: Awaited<ReturnType<typeof storedIn>>;
      const meanwhile = async (): Promise<void> => {
        first = await storedIn(opened.namespace);
        const other = redisPublisher({ url: sharedRedis().url, namespace: opened.namespace });
        await other.publish(documentText(3), first?.revision ?? 'absent', never);
        await other.close();
      };
      const publisher = ENTRIES[name].upstashPublisher({
        ...opened.connect,
        url: await breakingOff(opened.server.url, meanwhile),
      });
      const revision = await (how === 'publish'
        ? publisher.publish(documentText(2), before?.revision ?? 'absent', never)
        : publisher.restore(documentText(2), never));
      expect(first).toMatchObject({ text: documentText(2), revision });
      expect((await storedIn(opened.namespace))?.text).toBe(documentText(3));
      await publisher.close();
    },
  );

  it('F90 takes an epoch above what the database lost, and tells of it', async () => {
    const opened = await place();
    const key = `${opened.namespace}:document`;
    const publisher = publisherAt(opened);
    const first = await publisher.publish(documentText(1), 'absent', never);
    const dump = (await sharedRedis().command('HGETALL', key)) as string[];
    const lost = await publisher.publish(documentText(2), first, never);
    await sharedRedis().command('HSET', key, ...dump);
    expect((await failure(publisher.publish(documentText(3), lost, never))).message).toContain('the store lost');
    const next = await publisher.publish(documentText(3), first, never);
    expect(compareRevisions(next, lost)).toBe('newer');
    expect(next.warnings).toMatchObject([{ kind: 'lost-writes' }]);
    await publisher.close();
  });

  it('with a token that may only read is refused with the variable to mend', async () => {
    const opened = await place();
    opened.server.changeToken('another');
    opened.server.acceptReadOnly(TOKEN);
    const publisher = publisherAt(opened);
    const error = await failure(publisher.publish(documentText(1), 'absent', never));
    expect(error).toMatchObject({ reason: 'unauthorized', retryable: false });
    expect(error.message).toMatch(/token that may write \(UPSTASH_REDIS_REST_TOKEN or KV_REST_API_TOKEN\)/);
    await publisher.close();
  });

  it('a document larger than a request of the plan is refused without being shown', async () => {
    const opened = await place();
    const publisher = publisherAt(opened);
    const text = documentText(1).replace('"n":1', `"n":"${'payload '.repeat(150_000)}"`);
    const error = await failure(publisher.publish(text, 'absent', never));
    expect(error).toMatchObject({ reason: 'too-large', retryable: false });
    expect(error.message).not.toContain('payload');
    await publisher.close();
  });
});

/**
 * Stands before the stand-in, carries the first request there, waits for what happens meanwhile, and breaks off instead
 * of answering. All others pass.
 */
async function breakingOff(target: string, meanwhile: () => Promise<void>): Promise<string> {
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests += 1;
    const first = requests === 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { authorization = '' } = request.headers;
    const answer = await fetch(target, { method: 'POST', headers: { authorization }, body: Buffer.concat(chunks) });
    const text = await answer.text();
    if (first) {
      await meanwhile();
      request.socket.resetAndDestroy();
    } else {
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    }
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
