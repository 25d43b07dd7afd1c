// What goes over the wire for a publication, and what comes of it when it goes wrong.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentText } from '../redis/watched-client.ts';
import {
  commandsOf,
  ENTRIES,
  failure,
  filled,
  place,
  type Place,
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

  it('with a token that may only read is refused with the variable to mend', async () => {
    const opened = await place();
    opened.server.changeToken('another');
    opened.server.acceptReadOnly(TOKEN);
    const publisher = publisherAt(opened);
    const error = await failure(publisher.publish(documentText(1), 'absent', never));
    expect(error).toMatchObject({ reason: 'unauthorized', retryable: false });
    expect(error.message).toMatch(/token that may write \(UPSTASH_REDIS_REST_TOKEN\)/);
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
