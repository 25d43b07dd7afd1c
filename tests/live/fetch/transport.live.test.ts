// The way to the server fails, or somebody stops the reading.
import { fetchSource, type FetchSourceOptions } from '@clarity/flags-fetch';
import type { FlagSource } from '@clarity/flags-core/ports';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HttpStore } from '../support/http-store.ts';
import { refusalOf, secretSource, SIGNATURE, startFilledStore, TOKEN } from './refused-source.ts';

let store: HttpStore;

beforeEach(async () => {
  store = await startFilledStore();
});

const sourceOf = (options: Partial<FetchSourceOptions> = {}): FlagSource => secretSource(store, options);

describe('the network', () => {
  it('F26 a host name that is not found is named by its code', async () => {
    const source = fetchSource({ url: `https://flags.invalid/flags.json?signature=${SIGNATURE}` });
    expect(await refusalOf(source)).toMatchObject({
      reason: 'unavailable',
      retryable: true,
      message: expect.stringMatching(/https:\/\/flags\.invalid\/flags\.json.*(ENOTFOUND|EAI_AGAIN)/),
    });
  });

  it('a port where nothing listens is named by its code', async () => {
    const { port } = store;
    await store.stop();
    const source = fetchSource({ url: `http://127.0.0.1:${port}/flags.json?signature=${SIGNATURE}` });
    expect(await refusalOf(source)).toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('a port that speaks no HTTP, and one that speaks no TLS, are told apart', async () => {
    const server = createServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.9\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect((await refusalOf(sourceOf({ url: `http://127.0.0.1:${port}/` }))).message).toContain('not HTTP');
    expect((await refusalOf(sourceOf({ url: `https://127.0.0.1:${port}/` }))).message).toContain('no TLS connection');
    server.close();
  });

  it('a port that fetch refuses is said to be one', async () => {
    expect(await refusalOf(sourceOf({ url: 'http://127.0.0.1:1/' }))).toMatchObject({
      reason: 'unavailable',
      retryable: false,
      message: expect.stringContaining('port'),
    });
  });
});

describe('a stop', () => {
  it('ends the request on the wire', async () => {
    store.answer(() => undefined);
    const stop = new AbortController();
    const arrived = store.nextRequest();
    const reading = refusalOf(sourceOf(), stop.signal);
    await arrived;
    const ended = store.nextAnswer();
    stop.abort(new Error(TOKEN));
    expect(await reading).toMatchObject({ reason: 'timeout', retryable: true });
    await ended;
  });

  it('ends a body that drips', async () => {
    const stop = new AbortController();
    store.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
      stop.abort();
    });
    const ended = store.nextAnswer();
    expect(await refusalOf(sourceOf(), stop.signal)).toMatchObject({ reason: 'timeout' });
    await ended;
  });

  it('by close rejects what is under way, and a read afterwards', async () => {
    store.answer(() => undefined);
    const source = sourceOf();
    const arrived = store.nextRequest();
    const readings = [refusalOf(source), refusalOf(source)];
    await arrived;
    await Promise.all([source.close(), source.close()]);
    for (const reading of readings) expect(await reading).toMatchObject({ reason: 'unavailable', retryable: false });
    expect(await refusalOf(source)).toMatchObject({ reason: 'unavailable', retryable: false });
  });
});
