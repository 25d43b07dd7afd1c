import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeListener } from '../../src/node.ts';
import { blocked, closeServer, deferred, serve } from './served-handler.ts';

describe('writing an answer', () => {
  it('carries status, headers and several cookies over', async () => {
    const { url } = await serve(() => {
      const headers = new Headers({ 'x-a': '1' });
      headers.append('set-cookie', 'a=1');
      headers.append('set-cookie', 'b=2');
      return new Response('text', { status: 418, statusText: 'Short and stout', headers });
    });
    const response = await fetch(url);
    expect([response.status, response.statusText]).toEqual([418, 'Short and stout']);
    expect(response.headers.get('x-a')).toBe('1');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('text');
  });

  it('sends a stream piece by piece, headers first', async () => {
    const pieces = new TransformStream<Uint8Array, Uint8Array>();
    const writer = pieces.writable.getWriter();
    const { url } = await serve(() => new Response(pieces.readable));
    // Resolves with the headers: nothing of the body exists yet.
    const response = await fetch(url);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const encoder = new TextEncoder();
    for (const piece of ['one', 'two']) {
      await writer.write(encoder.encode(piece));
      expect(new TextDecoder().decode((await reader.read()).value)).toBe(piece);
    }
    await writer.close();
    expect((await reader.read()).done).toBe(true);
  });

  it('tells a stream that the caller left', async () => {
    const cancelled = deferred<string>();
    const { url } = await serve(
      () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
            cancel: () => cancelled.resolve('told'),
          }),
        ),
    );
    const left = new AbortController();
    const response = await fetch(url, { signal: left.signal });
    await response.body?.getReader().read();
    left.abort();
    expect(await cancelled.promise).toBe('told');
  });

  it('reads no further ahead than a slow caller takes', async () => {
    const piece = new Uint8Array(64 * 1024);
    let produced = 0;
    const left = deferred<number>();
    const connection = await blocked(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              produced += piece.byteLength;
              if (produced > 512 * 1024 * 1024) controller.close();
              else controller.enqueue(piece);
            },
            cancel: () => left.resolve(produced),
          }),
        ),
    );
    // What Node's buffers and the stream hold, and not the memory.
    const held = produced;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(1024 * 1024);
    connection.destroy();
    expect(await left.promise).toBe(held);
  });

  it('waits for a slow caller as often as it takes, and leaves no listener behind each time', async () => {
    let pieces = 0;
    const waiting: number[] = [];
    const listener = nodeListener(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              pieces += 1;
              if (pieces > 20) controller.close();
              else controller.enqueue(new Uint8Array(1024 * 1024));
            },
          }),
        ),
    );
    const server = createServer((incoming, outgoing) => {
      outgoing.on('drain', () => waiting.push(outgoing.listenerCount('close')));
      listener(incoming, outgoing);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => closeServer(server));
    await once(server, 'listening');
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect((await response.arrayBuffer()).byteLength).toBe(20 * 1024 * 1024);
    expect(waiting.length).toBeGreaterThan(2);
    expect(new Set(waiting).size).toBe(1);
  });

  it('cuts the connection of a caller that takes nothing when the body fails meanwhile, and not only when it takes more', async () => {
    let fail: (error: Error) => void = () => {};
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        fail = (error) => controller.error(error);
      },
      pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)),
    });
    const connection = await blocked(() => new Response(body), { onError: () => {} });
    expect(connection.destroyed).toBe(false);
    const closed = once(connection, 'close');
    fail(new Error('dropped'));
    await closed;
  });

  it('cuts the connection when a body fails midway, so that no short answer passes for a whole one', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const { url } = await serve(
      () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('half')),
            pull: (controller) => controller.error(new Error('disk')),
          }),
        ),
      { onError },
    );
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow('terminated');
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'disk' }));
  });

  it('cuts the connection, and reports nothing, when a body fails without a reason', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const body = () => new ReadableStream({ start: (controller) => controller.error(undefined) });
    const { url } = await serve(() => new Response(body()), { onError });
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow('terminated');
    expect(onError).not.toHaveBeenCalled();
  });

  it('turns an error of the handler into a 500 without internals', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const { url } = await serve(
      () => {
        throw new Error('password 123');
      },
      { onError },
    );
    const response = await fetch(url);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('123');
    expect(onError).toHaveBeenCalledOnce();
  });
});
