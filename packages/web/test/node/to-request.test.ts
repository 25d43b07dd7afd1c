import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeListener } from '../../src/node.ts';
import { closeServer, deferred, type Handler, raw, serve } from './served-handler.ts';

describe('taking in a request', () => {
  it('carries method, address, headers and body over', async () => {
    const { url, port } = await serve(async (request) =>
      Response.json({
        method: request.method,
        url: request.url,
        tags: request.headers.get('x-tag'),
        body: await request.text(),
      }),
    );
    const headers = new Headers([
      ['x-tag', 'a'],
      ['x-tag', 'b'],
    ]);
    const response = await fetch(`${url}/a/b?c=d`, { method: 'POST', headers, body: 'grüße' });
    expect(await response.json()).toEqual({
      method: 'POST',
      url: `http://127.0.0.1:${port}/a/b?c=d`,
      tags: 'a, b',
      body: 'grüße',
    });
  });

  it.each([
    ['a.test:80', 'http://a.test/x'],
    ['[::1]:8080', 'http://[::1]:8080/x'],
    ['evil.test/path', 'http://localhost/x'],
    ['a@evil.test', 'http://localhost/x'],
    ['a.test:99999', 'http://localhost/x'],
    ['', 'http://localhost/x'],
  ])('with the host header %j names itself %s', async (host, expected) => {
    const { port } = await serve((request) => new Response(request.url));
    const answer = await raw(port, `GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(answer.split('\r\n\r\n')[1]).toContain(expected);
  });

  it('takes no other host from a path that begins with two slashes', async () => {
    const { port } = await serve((request) => new Response(`<${request.url}>`));
    const answer = await raw(port, 'GET //evil.test/x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
    expect(answer).toContain('<http://a.test//evil.test/x>');
  });

  it.each([
    String.raw`/x\..\feature-flags\live`,
    '/x/../feature-flags/live',
    '/./feature-flags/live',
    '/%2e/feature-flags/live',
    '/x/.%2E/feature-flags/live',
    '/feature-flags/live#x',
    '/feature-flags/{live}',
    'http://a.test/x/../feature-flags/live',
    'http://a.test',
  ])('F95 answers %j with 404 itself: a parser would read another path than was typed', async (target) => {
    const reached = vi.fn<() => Response>(() => new Response('reached'));
    const { port } = await serve(reached);
    const answer = await raw(port, `GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(reached).not.toHaveBeenCalled();
  });

  it.each([
    'foo://a.test/feature-flags/live',
    'file:///feature-flags/live',
    'http:/feature-flags/live',
    'http://a@b/x',
  ])('F95 answers %j with 400: it is no address of a web page', async (target) => {
    const { port } = await serve(() => new Response('reached'));
    const answer = await raw(port, `GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('understands a target that is a whole address', async () => {
    const { port } = await serve((request) => new Response(`<${request.url}>`));
    const answer = await raw(port, 'GET http://a.test/x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
    expect(answer).toContain('<http://a.test/x>');
  });

  it('answers a target that is no address with 400, and a method that a Request cannot carry with 501', async () => {
    const { port } = await serve(() => new Response('reached'));
    expect(await raw(port, 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, 'TRACE /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 501 /);
  });

  it('aborts the signal when the caller leaves before the answer', async () => {
    const arrived = deferred<AbortSignal>();
    const { port } = await serve((request) => {
      arrived.resolve(request.signal);
      return new Promise((resolve) => {
        request.signal.addEventListener('abort', () => resolve(new Response()));
      });
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    const signal = await arrived.promise;
    expect(signal.aborted).toBe(false);
    const aborted = once(signal, 'abort');
    socket.destroy();
    await aborted;
    expect(signal.aborted).toBe(true);
  });

  it('does not abort the signal of a request that was answered', async () => {
    let signal: AbortSignal | undefined;
    const { server, url } = await serve((request) => {
      signal = request.signal;
      return new Response('x');
    });
    const response = await fetch(url);
    await response.text();
    await closeServer(server);
    expect(signal?.aborted).toBe(false);
  });
});

describe('a request body', () => {
  it('of exactly the limit is read', async () => {
    const { url } = await serve(async (request) => new Response(await request.text()), { maxBodyBytes: 4 });
    expect(await (await fetch(url, { method: 'POST', body: 'four' })).text()).toBe('four');
  });

  it('that says it is longer is answered with 413 before it is sent', async () => {
    const reached = vi.fn<() => Response>(() => new Response());
    const { port } = await serve(reached, { maxBodyBytes: 4 });
    const answer = await raw(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('application/problem+json');
    // The rest of the body is not waited for.
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(reached).not.toHaveBeenCalled();
  });

  it('that turns out to be longer is answered with 413, even if the handler answers otherwise', async () => {
    const makes: Handler[] = [
      async (request) => new Response(await request.text()),
      async (request) =>
        request.text().then(
          () => new Response('read'),
          () => new Response('caught'),
        ),
    ];
    for (const handler of makes) {
      const { port } = await serve(handler, { maxBodyBytes: 4 });
      const answer = await raw(
        port,
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfives\r\n0\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    }
  });

  it('that a handler gives up is listened to no more, and the answer still goes out', async () => {
    const listening = deferred<readonly number[]>();
    const server = createServer((incoming, outgoing) => {
      const listener = nodeListener(async (request) => {
        const reader = request.body?.getReader();
        await reader?.read();
        const before = incoming.listenerCount('readable');
        await reader?.cancel();
        listening.resolve([before, incoming.listenerCount('readable')]);
        return new Response('given up');
      });
      listener(incoming, outgoing);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => closeServer(server));
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.setEncoding('utf8').write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n');
    expect(await listening.promise).toEqual([1, 0]);
    expect((await once(socket, 'data'))[0]).toMatch(/^HTTP\/1\.1 200 /);
  });

  const itself: { itself?: object } = {};
  itself.itself = itself;
  it.each([
    ['nothing', undefined],
    ['a function', () => '{}'],
    ['a symbol', Symbol('{}')],
    ['a big integer', 1n],
    ['what refers to itself', itself],
  ])('that was read before, and of which %s was left, is an error that says so', async (_what, left) => {
    const onError = vi.fn<(error: unknown) => void>();
    const listener = nodeListener(async (request) => new Response(await request.text()), { onError });
    const server = createServer((incoming, outgoing) => {
      incoming.resume().once('end', () => listener(Object.assign(incoming, { body: left }), outgoing));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => closeServer(server));
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(500);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: expect.stringContaining('was read before') }),
    );
  });

  it.each([
    ['four', 200],
    ['fives', 413],
  ])('that was read before, and left as %j, is answered by its length with %d', async (left, status) => {
    const listener = nodeListener(async (request) => new Response(await request.text()), { maxBodyBytes: 4 });
    const server = createServer((incoming, outgoing) => {
      incoming.resume().once('end', () => listener(Object.assign(incoming, { body: left }), outgoing));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => closeServer(server));
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // What was sent is within the limit: what was left is what the handler reads.
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(status);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 31])('cannot be limited to %d bytes', (maxBodyBytes) => {
    expect(() => nodeListener(() => new Response(), { maxBodyBytes })).toThrow(
      `maxBodyBytes is ${maxBodyBytes}; allowed is a whole number from 0 to 2147483647 bytes`,
    );
  });
});
