import { expect, it, vi } from 'vitest';
import { SeparateStreams, type Streams } from '../../src/index.ts';

/** A stream for one caller, who is there until it is cancelled, closed or dropped. */
function oneCaller(onDropped: () => void) {
  let clients = 0;
  const leave = (): void => {
    clients = 0;
  };
  const stream: Streams & { readonly drop: () => void } = {
    get clients() {
      return clients;
    },
    dropped: 0,
    open: () => {
      clients = 1;
      return new ReadableStream({ cancel: leave });
    },
    close: vi.fn<() => void>(leave),
    drop: () => {
      leave();
      onDropped();
    },
  };
  return stream;
}

function separate(maxClients: number) {
  const made: ReturnType<typeof oneCaller>[] = [];
  const streams = new SeparateStreams(maxClients, (onDropped) => {
    const one = oneCaller(onDropped);
    made.push(one);
    return one;
  });
  return { streams, made };
}

it('each caller has a stream of its own, up to as many as may be', async () => {
  const { streams, made } = separate(2);
  const first = streams.open();
  streams.open();
  expect(streams.open()).toBeUndefined();
  expect([streams.clients, made.length]).toEqual([2, 2]);
  await first?.cancel();
  expect(streams.clients).toBe(1);
  expect(streams.open()).toBeDefined();
});

it('who is dropped is counted, and has left', () => {
  const { streams, made } = separate(2);
  streams.open();
  made[0]?.drop();
  expect([streams.clients, streams.dropped]).toEqual([0, 1]);
});

it('closing ends every stream', () => {
  const { streams, made } = separate(2);
  streams.open();
  streams.open();
  streams.close();
  for (const one of made) expect(one.close).toHaveBeenCalledOnce();
  expect(streams.clients).toBe(0);
});
