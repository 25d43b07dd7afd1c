import { expect, it, vi } from 'vitest';
import { eventAnswer, type Streams } from '../../src/index.ts';

const streams = (body: ReadableStream<Uint8Array> | undefined) => ({
  clients: 0,
  dropped: 0,
  open: vi.fn<Streams['open']>(() => body),
  close: () => {},
});
const asked = (method: string) => new Request('http://face.test/stream', { method });

it('an answer of events is neither stored nor gathered up', () => {
  const body = new ReadableStream<Uint8Array>();
  const response = eventAnswer(asked('GET'), streams(body), 'Ask again.');
  expect(response.body).toBe(body);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
});

it('HEAD opens nothing', () => {
  const none = streams(undefined);
  const response = eventAnswer(asked('HEAD'), none, 'Ask again.');
  expect([response.status, response.body]).toEqual([200, null]);
  expect(none.open).not.toHaveBeenCalled();
});

it('one caller too many is told when to come back, and what to do instead', async () => {
  const response = eventAnswer(asked('GET'), streams(undefined), 'Ask again.');
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30']);
  expect(await response.json()).toMatchObject({
    detail: 'As many callers follow the stream as may. Ask again.',
  });
});
