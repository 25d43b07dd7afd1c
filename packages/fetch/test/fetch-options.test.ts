import { describe, expect, it } from 'vitest';
import { fetchSource, type FetchSourceOptions } from '../src/index.ts';

const never = new AbortController().signal;

/** As a user without types would call it. */
function refusal(options: unknown): Error {
  try {
    fetchSource(options as FetchSourceOptions);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return error;
    throw error;
  }
  throw new Error('the options were taken');
}

describe('the address', () => {
  it.each([
    ['https://cdn.example.com/flags.json', 'https://cdn.example.com/flags.json'],
    [new URL('https://cdn.example.com/a/b?sig=1#top'), 'https://cdn.example.com/a/b'],
    ['HTTPS://CDN.example.com:443/x', 'https://cdn.example.com/x'],
    ['http://localhost:8080/flags', 'http://localhost:8080/flags'],
    ['http://flags.localhost/x', 'http://flags.localhost/x'],
    ['http://127.0.0.1/x', 'http://127.0.0.1/x'],
    ['http://127.1/x', 'http://127.0.0.1/x'],
    ['http://0x7f000001/x', 'http://127.0.0.1/x'],
    ['http://[::1]:81/x', 'http://[::1]:81/x'],
  ])('%s is taken, and named without its query', (url, name) => {
    expect(fetchSource({ url }).name).toBe(name);
  });

  it.each([
    ['http://cdn.example.com/flags.json', /plain http:.*; allowed is https:, or allowHttp/],
    ['http://localhost.example.com/x', /plain http:/],
    ['http://127.0.0.1.example.com/x', /plain http:/],
    ['http://0.0.0.0/x', /plain http:/],
    ['http://[::ffff:127.0.0.1]/x', /plain http:/],
    ['ftp://example.com/x', /protocol ftp:; allowed is https:/],
    ['file:///etc/flags.json', /protocol file:/],
    ['data:application/json,{}', /protocol data:/],
    ['hunter2:x@example.com', /^url has no https:\/\/ before it/],
    ['/flags.json', /not an absolute address/],
    ['', /not an absolute address/],
    [undefined, /url is missing/],
    [42, /url is of type number/],
  ])('%s is refused, with what to do', (url, message) => {
    expect(refusal({ url }).message).toMatch(message);
  });

  it('with credentials is refused without showing them, for every protocol', () => {
    for (const url of [
      'https://user:hunter2@example.com/x?token=hunter2',
      'https://hunter2@example.com/',
      'http://:hunter2@localhost/',
    ]) {
      const { message } = refusal({ url });
      expect(message).toMatch(/user name or password; allowed is one without, and headers/);
      expect(message).not.toContain('hunter2');
    }
  });

  it('over plain http: is taken when the user says so', () => {
    expect(fetchSource({ url: 'http://flags.internal/x', allowHttp: true }).name).toBe('http://flags.internal/x');
    expect(refusal({ url: 'http://flags.internal/x', allowHttp: 'yes' }).message).toContain(
      'allowHttp is of type string',
    );
  });

  it('is read as it was at the start, even if the URL object is changed later', async () => {
    const url = new URL('https://a.example/x');
    const asked: string[] = [];
    const source = fetchSource({
      url,
      fetch: async (address) => {
        asked.push(address);
        return new Response('{}', { headers: { 'content-type': 'application/json' } });
      },
    });
    url.hostname = 'b.example';
    await source.read(undefined, never);
    expect(asked).toEqual(['https://a.example/x']);
  });
});

describe('the name', () => {
  it('of a long address keeps both ends within 100 characters', () => {
    const { name } = fetchSource({ url: `https://cdn.example.com/${'deep/'.repeat(60)}flags.json` });
    expect(name.length).toBe(100);
    expect(name).toMatch(/^https:\/\/cdn\.example\.com\/deep.*\.\.\..*flags\.json$/);
  });

  it('can be given, and then stands for the address in messages', async () => {
    const source = fetchSource({
      url: 'https://a.example/s3cret-path',
      name: 'cdn',
      fetch: async () => new Response(null, { status: 500 }),
    });
    expect(source.name).toBe('cdn');
    const error = await source.read(undefined, never).catch((rejection: Error) => rejection);
    expect(String(error)).toContain('cannot read cdn: the server answered 500');
    expect(String(error)).not.toContain('s3cret-path');
  });

  it.each(['', '   ', 'x'.repeat(101), 7])('%j is refused', (name) => {
    expect(refusal({ url: 'https://a.example', name }).message).toContain('1 to 100 characters');
  });
});

describe('the other options', () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 268_435_457, '4'])(
    'maxBytes %s is refused with its range',
    (maxBytes) => {
      expect(refusal({ url: 'https://a.example', maxBytes }).message).toBe(
        `maxBytes is ${typeof maxBytes === 'number' ? maxBytes : 'of type string'}; allowed is a whole number from 1 to 268435456`,
      );
    },
  );

  it.each([
    [['text/html'], /log-in and error pages/],
    [['TEXT/HTML'], /log-in and error pages/],
    [['application/xhtml+xml'], /log-in and error pages/],
    [['text/plain; charset=utf-8'], /without parameters/],
    [['json'], /; allowed is a media type/],
    [[7], /; allowed is a media type/],
    ['text/plain', /an array/],
  ])('contentTypes %j is refused', (contentTypes, message) => {
    expect(refusal({ url: 'https://a.example', contentTypes }).message).toMatch(message);
  });

  it('a fetch that is not a function is refused', () => {
    expect(refusal({ url: 'https://a.example', fetch: 'node-fetch' }).message).toContain('fetch is of type string');
  });
});

describe('no options at all', () => {
  it.each([undefined, null, 'https://hunter2@cdn.example/flags.json'])('(%j) are asked for', (options) => {
    const { message } = refusal(options);
    expect(message).toMatch(/^options of a fetch source are .*; allowed is { url: 'https:\/\/host\/flags.json' }$/);
    expect(message).not.toContain('hunter2');
  });
});
