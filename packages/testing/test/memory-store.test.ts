import { memoryStore } from '@clarity/flags-testing';
import { expect, it } from 'vitest';

const never = new AbortController().signal;
const TEXT = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';

it('the versions of a memory store count on with each publication, and begin anew with a restore', async () => {
  const { publisher } = memoryStore();
  const first = await publisher.publish(TEXT, 'absent', never);
  const second = await publisher.publish(TEXT, first, never);
  const restored = await publisher.restore(TEXT, never);
  const next = await publisher.publish(TEXT, restored, never);
  expect([first, second, restored, next]).toMatchObject([
    { version: 1 },
    { version: 2 },
    { version: 1 },
    { version: 2 },
  ]);
});

it('a port of a memory store that is closed refuses, and leaves the others open', async () => {
  const { source, publisher, feed } = memoryStore({ text: TEXT });
  await source.close();
  await expect(source.read(undefined, never)).rejects.toThrow('is closed');
  await publisher.restore(TEXT, never);
  await publisher.close();
  await expect(publisher.restore(TEXT, never)).rejects.toThrow('is closed');
  await expect(publisher.publish(TEXT, 'absent', never)).rejects.toThrow('is closed');
  const listener = { notice: () => {}, up: () => {}, down: () => {} };
  await feed.subscribe(listener, never);
  await feed.close();
  await expect(feed.subscribe(listener, never)).rejects.toThrow('is closed');
});
