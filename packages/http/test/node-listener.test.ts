import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFlagHandler } from '../src/index.ts';
import { nodeListener, type NodeListenerOptions } from '../src/node.ts';
import { clientIn } from './client-in-state.ts';

/** A promise that the test settles. */
function deferred<T>() {
  let resolve: (value: T | PromiseLike<T>) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

type Handler = (request: Request) => Response | Promise<Response>;

const servers: Server[] = [];

async function serve(handler: Handler, options: NodeListenerOptions = {}) {
  const server = createServer(nodeListener(handler, options)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}` };
}

/** Sends bytes as they are and returns all that comes back until the server closes the connection. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8').end(text);
  let answer = '';
  for await (const chunk of socket) answer += chunk as string;
  return answer;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

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
    '/feature-flags/health%',
    '/feature-flags/%zz/health',
    '/feature-flags%2fhealth',
    '//feature-flags/health',
    '/feature-flags//health',
    '/feature-flags/\xff',
    '/feature-flags/..;/health',
    '/x/..%2ffeature-flags/health',
  ])('finds nothing at %j, as it was typed', async (target) => {
    const { port } = await serve(createFlagHandler({ client: await clientIn('fresh') }));
    const answer = await raw(port, `GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
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
    const { url } = await serve((request) => {
      signal = request.signal;
      return new Response('x');
    });
    const response = await fetch(url);
    await response.text();
    const [server] = servers;
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
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
    expect(reached).not.toHaveBeenCalled();
  });

  it('that turns out to be longer is answered with 413, whatever the handler makes of it', async () => {
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

  it('that nobody reads does not spoil the connection for the next request', async () => {
    const { port } = await serve(createFlagHandler({ client: await clientIn('fresh') }));
    const answer = await raw(
      port,
      'POST /feature-flags/health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfives' +
        'GET /feature-flags/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 405', 'HTTP/1.1 200']);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 31])('cannot be limited to %d bytes', (maxBodyBytes) => {
    expect(() => nodeListener(() => new Response(), { maxBodyBytes })).toThrow(
      `maxBodyBytes ${maxBodyBytes} is not an integer from 0 to 2147483647`,
    );
  });
});

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

  it('answers HEAD with the length that GET has, and no body', async () => {
    const { url } = await serve(createFlagHandler({ client: await clientIn('fresh') }));
    const get = await fetch(`${url}/feature-flags/live`);
    const length = (await get.arrayBuffer()).byteLength;
    const head = await fetch(`${url}/feature-flags/live`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String(length));
    expect(await head.text()).toBe('');
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
    const idle = deferred<void>();
    let quiet: NodeJS.Timeout | undefined;
    const { port } = await serve(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              produced += piece.byteLength;
              // Production has stopped when no piece was asked for in a while; it must stop by itself.
              clearTimeout(quiet);
              quiet = setTimeout(idle.resolve, 200);
              if (produced > 512 * 1024 * 1024) controller.close();
              else controller.enqueue(piece);
            },
          }),
        ),
    );
    const left = deferred<void>();
    const caller = httpRequest({ port, host: '127.0.0.1' }, (response: IncomingMessage) => response.pause());
    caller
      .on('error', () => left.resolve())
      .on('close', () => left.resolve())
      .end();
    await idle.promise;
    expect(produced).toBeGreaterThan(0);
    expect(produced).toBeLessThan(64 * 1024 * 1024);
    caller.destroy();
    await left.promise;
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

  it('lets no header value begin another header', async () => {
    const { port } = await serve(createFlagHandler({ client: await clientIn('fresh') }));
    const answer = await raw(
      port,
      'GET /feature-flags/health%0d%0aX-Injected:%201 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer.toLowerCase()).not.toContain('x-injected');
  });
});
