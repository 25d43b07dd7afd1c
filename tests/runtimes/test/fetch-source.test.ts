// One server, one program, the same words on every runtime: runtimes differ in redirects, conditional requests, bodies
// that end too early, decompression and errors, and none of that may show.
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Log, LogLevel, Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../support/bundle.ts';
import { runtimes } from '../support/runtimes.ts';

const text = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';
const json = { 'content-type': 'application/json' };
const bomb = gzipSync(Buffer.alloc(200_000_000, 0x20));

const answer: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  const end = (status: number, headers: Record<string, string>, body: string | Uint8Array = ''): void => {
    response.writeHead(status, headers).end(body);
  };
  switch (pathname) {
    case '/etag':
      if (request.headers['if-none-match'] === '"1"') return end(304, { etag: '"1"' });
      return end(200, { ...json, etag: '"1"' }, text);
    case '/gzip':
      return end(200, { ...json, 'content-encoding': 'gzip' }, gzipSync(text));
    case '/moved':
      return end(302, { location: '/guarded' });
    case '/guarded':
      return request.headers.authorization === 'Bearer tok-8f2e' ? end(200, json, text) : end(401, {});
    case '/away':
      return end(302, { location: `${searchParams.get('to')}/open` });
    case '/open':
      return request.headers.authorization === undefined ? end(200, json, text) : end(500, {});
    case '/html':
      return end(200, { 'content-type': 'text/html' }, '<!doctype html>');
    case '/bomb':
      return end(200, { ...json, 'content-encoding': 'gzip' }, bomb);
    case '/cut':
      response.writeHead(200, { ...json, 'content-length': 1_000 });
      return void response.write(text, () => response.socket?.end());
    case '/unchunked':
      response.writeHead(200, json);
      return void response.write(text, () => response.socket?.end());
    case '/throttled':
      return end(429, { 'retry-after': '7' });
    case '/mark':
      return end(200, json, `\ufeff${text}`);
    case '/latin1':
      return end(200, json, Buffer.from('{"ö":1}', 'latin1'));
    case '/hang':
      return;
    default:
      return end(404, {});
  }
};

const expected = {
  '/etag': `document ${text} then unchanged`,
  '/gzip': `document ${text} then unchanged`,
  '/moved': `document ${text} then unchanged`,
  '/away': `document ${text} then unchanged`,
  '/html': 'StoreError invalid not a document retryable',
  '/bomb': 'StoreError too-large',
  '/cut': 'StoreError invalid not a document retryable',
  '/unchunked': 'StoreError invalid not a document retryable',
  '/throttled': 'StoreError throttled retryable 7000',
  '/gone': 'StoreError not-found',
  '/mark': `document \ufeff${text} then unchanged`,
  '/latin1': 'StoreError invalid',
  '/hang': 'StoreError timeout retryable',
  unreachable: 'StoreError unavailable retryable',
  untrusted: 'StoreError unavailable retryable',
};

describe('a fetch source says the same in', () => {
  const servers: Server[] = [];
  const origins: string[] = [];

  beforeAll(async () => {
    for (let n = 0; n < 2; n += 1) {
      const server = createServer(answer).listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      origins.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    }
  });

  afterAll(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  it.each(runtimes)('$name, and leaves nothing that holds the process', async ({ run }) => {
    const { code, stdout } = await run('src/print-fetch-readings.mjs', ...origins);
    expect(JSON.parse(stdout)).toEqual(expected);
    expect(code).toBe(0);
  });

  it('workerd', async () => {
    const worker = new Miniflare({
      modules: true,
      script: await bundle('src/fetch-readings-worker.mjs'),
      compatibilityDate: '2026-07-01',
      // It logs each host name that it does not find, with its own stack.
      log: new Log(LogLevel.NONE),
      handleRuntimeStdio: () => undefined,
    });
    try {
      const [origin = '', other = ''] = origins;
      const response = await worker.dispatchFetch(
        `http://localhost/?${new URLSearchParams({ origin, other }).toString()}`,
      );
      expect(await response.json()).toEqual(expected);
    } finally {
      await worker.dispose();
    }
  });
});
