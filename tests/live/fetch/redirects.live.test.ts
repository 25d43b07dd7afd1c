// Where a redirect may lead, and what goes along.
import { fetchSource, type FetchSourceOptions } from '@clarity/flags-fetch';
import type { FlagSource } from '@clarity/flags-core/ports';
import * as tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificateAuthority } from '../support/certificates.ts';
import { type HttpStore, startHttpStore } from '../support/http-store.ts';

const LONG_AGO_MS = Date.UTC(2026, 0, 1, 12);
const TOKEN = 'tok-2be90f';
const signal = new AbortController().signal;
const text = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';

let first: HttpStore;
let second: HttpStore;
const sources: FlagSource[] = [];

beforeEach(async () => {
  first = await startHttpStore();
  second = await startHttpStore();
  second.put(text, { modifiedAtMs: LONG_AGO_MS });
});

afterEach(async () => {
  for (const source of sources.splice(0)) await source.close();
  await first.stop();
  await second.stop();
});

function sourceOf(url: string, options: Partial<FetchSourceOptions> = {}): FlagSource {
  const source = fetchSource({
    url,
    headers: { authorization: `Bearer ${TOKEN}`, 'x-tenant': 'tenant-77' },
    ...options,
  });
  sources.push(source);
  return source;
}

/** From now on `from` redirects everything but `/flags.json`. */
function redirect(from: HttpStore, status: number, location: string | undefined): void {
  from.answer((request, response, serve) => {
    if (request.url === '/flags.json') return serve();
    response.writeHead(status, location === undefined ? {} : { location }).end('moved');
  });
}

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    'with status %i is followed on the same origin, headers included',
    async (status) => {
      first.put(text);
      redirect(first, status, '/flags.json');
      const result = await sourceOf(`${first.origin}/current`).read(undefined, signal);
      expect(result).toMatchObject({ kind: 'document', text });
      expect(first.requests.map(({ url }) => url)).toEqual(['/current', '/flags.json']);
      expect(first.requests[1]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'x-tenant': 'tenant-77' });
    },
  );

  it('to another origin is followed without a single header of the user', async () => {
    redirect(first, 302, `${second.url}?signed=1`);
    expect(await sourceOf(`${first.origin}/current`).read(undefined, signal)).toMatchObject({ kind: 'document', text });
    const [request] = second.requests;
    expect(request?.url).toBe('/flags.json?signed=1');
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(request?.headers).not.toHaveProperty('x-tenant');
    expect(JSON.stringify(request?.headers)).not.toContain(TOKEN);
  });

  it('away and back carries the headers only at home', async () => {
    first.put(text);
    redirect(first, 302, `${second.origin}/elsewhere`);
    redirect(second, 302, first.url);
    await sourceOf(`${first.origin}/current`).read(undefined, signal);
    expect(first.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
    expect(second.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('sends validators only to the address that gave them', async () => {
    redirect(first, 302, second.url);
    const source = sourceOf(`${first.origin}/current`);
    const { revision } = await source.read(undefined, signal);
    expect(await source.read(revision, signal)).toMatchObject({ kind: 'unchanged', revision });
    expect(first.requests.some(({ headers }) => 'if-none-match' in headers)).toBe(false);
    expect(second.requests.map(({ status }) => status)).toEqual([200, 304]);
  });

  it('to another document under the same tag is noticed', async () => {
    const third = await startHttpStore();
    third.put('{"schemaVersion":1,"flags":{"b":{"status":"enabled"}}}', { modifiedAtMs: LONG_AGO_MS, etag: '"1"' });
    second.put(text, { modifiedAtMs: LONG_AGO_MS, etag: '"1"' });
    redirect(first, 302, second.url);
    const source = sourceOf(`${first.origin}/current`);
    const { revision } = await source.read(undefined, signal);
    redirect(first, 302, third.url);
    expect(await source.read(revision, signal)).toMatchObject({
      kind: 'document',
      text: expect.stringContaining('"b"'),
    });
    await third.stop();
  });

  it('is followed three times and no further', async () => {
    first.put(text);
    let left = 3;
    first.answer((request, response, serve) => {
      if (left === 0 && request.url === '/flags.json') return serve();
      left -= 1;
      response.writeHead(302, { location: left === 0 ? '/flags.json' : `/step-${left}` }).end();
    });
    expect(await sourceOf(`${first.origin}/current`).read(undefined, signal)).toMatchObject({ kind: 'document' });

    left = 100;
    const asked = first.requests.length;
    await expect(sourceOf(`${first.origin}/current`).read(undefined, signal)).rejects.toMatchObject({
      reason: 'invalid',
      notADocument: true,
      message: expect.stringContaining('more than 3 times'),
    });
    expect(first.requests.length - asked).toBe(4);
  });

  it.each([
    ['without Location', undefined, /without Location/],
    ['to something that is not an address', 'http://[', /not an address/],
    ['to an address with a password', 'http://user:hunter2@127.0.0.1/flags.json', /user name or password/],
    [
      'to plain http: elsewhere',
      'http://192.0.2.1/secret-path?token=hunter2',
      /http:\/\/192\.0\.2\.1, which is not https/,
    ],
    ['to a file', 'file:///etc/hunter2', /file:, which is not https/],
    ['to inline text', 'data:application/json,{"hunter2":1}', /data:, which is not https/],
  ])('%s is refused, and the message shows neither path nor password', async (_what, location, message) => {
    redirect(first, 302, location);
    const reading = sourceOf(`${first.origin}/current`).read(undefined, signal);
    await expect(reading).rejects.toMatchObject({
      reason: 'invalid',
      notADocument: true,
      message: expect.stringMatching(message),
    });
    await expect(reading).rejects.not.toThrow(/hunter2|secret-path/);
  });
});

describe('a redirect from https:', () => {
  const trusted = tls.getCACertificates('default');
  let secure: HttpStore;

  beforeEach(async () => {
    const authority = certificateAuthority();
    tls.setDefaultCACertificates([...trusted, authority.cert]);
    secure = await startHttpStore({ tls: authority.issue('localhost') });
  });

  afterEach(async () => {
    tls.setDefaultCACertificates([...trusted]);
    await secure.stop();
  });

  it.each([false, true])('to http: is never followed, not even to this machine (allowHttp: %s)', async (allowHttp) => {
    redirect(secure, 302, second.url);
    await expect(sourceOf(`${secure.origin}/current`, { allowHttp }).read(undefined, signal)).rejects.toMatchObject({
      reason: 'invalid',
      notADocument: true,
    });
    expect(second.requests).toEqual([]);
  });

  it('to https: is followed', async () => {
    secure.put(text);
    redirect(first, 302, secure.url);
    expect(await sourceOf(`${first.origin}/current`).read(undefined, signal)).toMatchObject({ kind: 'document', text });
  });
});
