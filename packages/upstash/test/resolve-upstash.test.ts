import * as library from '@clarity/flags-upstash';
import * as edge from '@clarity/flags-upstash/cloudflare';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const url = 'https://merry-cat-32748.upstash.io';
const token = 'AX-token-hunter2';

beforeEach(() => {
  for (const name of ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN', 'KV_REST_API_URL', 'KV_REST_API_TOKEN'])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each([
  ['the library’s entry', library],
  ['the edge entry', edge],
])('options of %s', (_name, entry) => {
  it.each([
    ['no address', { token }, /url is missing; .*UPSTASH_REDIS_REST_URL/],
    ['an empty address', { url: '', token }, /url is missing/],
    ['an address that is not one', { url: 'merry-cat', token }, /url is not a URL/],
    [
      'the address of the Redis protocol',
      { url: 'rediss://default:hunter2@x.upstash.io:6379', token },
      /Redis protocol and not of the REST API/,
    ],
    ['an address without TLS', { url: 'http://x.upstash.io', token }, /does not begin with https/],
    [
      'a password in the address',
      { url: 'https://default:hunter2@x.upstash.io', token },
      /url is one that holds a user name or password/,
    ],
    ['a token in the address', { url: `${url}/?_token=hunter2`, token }, /holds parameters/],
    ['no token', { url }, /token is missing; .*UPSTASH_REDIS_REST_TOKEN/],
    ['a token with a line break', { url, token: 'hunter2\n' }, /token is one with spaces, line breaks/],
    ['a token with its name before it', { url, token: 'Bearer hunter2' }, /token is one with spaces/],
    ['a token that is not one', { url, token: 7 }, /token is of type number/],
    [
      'a name that is not one',
      { url, token, name: 5 },
      /name is of type number; allowed is a text of 1 to 100 characters/,
    ],
    ['a name without an end', { url, token, name: 'x'.repeat(5_000) }, /name is 5000 characters long/],
    ['no options at all', null, /options of an Upstash store are null; allowed is { url, token }/],
    ['an address instead of options', url, /options of an Upstash store are of type string/],
    ['a namespace that is not one', { url, token, namespace: 'a b' }, /namespace is "a b"/],
  ])('%s is refused with the variable to mend, and no secret', (_case, options, message) => {
    for (const make of [entry.upstashSource, entry.upstashPublisher]) {
      const attempt = (): unknown => make(options as Parameters<typeof make>[0]);
      expect(attempt).toThrow(TypeError);
      expect(attempt).toThrow(message);
      expect(attempt).not.toThrow(/hunter2/);
    }
  });

  it('come from the environment where none are given', () => {
    vi.stubEnv('UPSTASH_REDIS_REST_URL', url);
    vi.stubEnv('UPSTASH_REDIS_REST_TOKEN', token);
    expect(entry.upstashSource({}).name).toBe('upstash:feature_flags');
    expect(entry.upstashPublisher({ namespace: 'shop' }).name).toBe('upstash:shop');
  });

  it('come from what Vercel calls them, and an empty variable counts as not set', () => {
    vi.stubEnv('UPSTASH_REDIS_REST_URL', '');
    vi.stubEnv('KV_REST_API_URL', url);
    vi.stubEnv('KV_REST_API_TOKEN', token);
    expect(entry.upstashSource({}).name).toBe('upstash:feature_flags');
    expect(entry.upstashPublisher({ url }).name).toBe('upstash:feature_flags');
  });

  it('are of one database: its token is not sent to the address of another', () => {
    vi.stubEnv('UPSTASH_REDIS_REST_URL', url);
    vi.stubEnv('KV_REST_API_TOKEN', token);
    expect(() => entry.upstashSource({})).toThrow(
      /token is missing; .* in UPSTASH_REDIS_REST_TOKEN or KV_REST_API_TOKEN/,
    );
    vi.stubEnv('UPSTASH_REDIS_REST_TOKEN', token);
    expect(entry.upstashSource({}).name).toBe('upstash:feature_flags');
  });

  it('a loopback address needs no TLS', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(entry.upstashSource({ url: `http://${host}:8079/`, token, name: 'mine' }).name).toBe('mine');
    }
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 24 + 1])('maxBytes %o is refused with what is allowed', (maxBytes) => {
    expect(() => entry.upstashSource({ url, token, maxBytes })).toThrow(RangeError);
    expect(() => entry.upstashSource({ url, token, maxBytes })).toThrow(/a whole number from 1 to 16777216/);
  });

  it('nothing is sent before the first read', () => {
    const sent = vi.spyOn(globalThis, 'fetch');
    entry.upstashSource({ url, token });
    entry.upstashPublisher({ url, token });
    expect(sent).not.toHaveBeenCalled();
    sent.mockRestore();
  });
});

describe('options of the feed', () => {
  it('are asked for where there are none, and for the whole store', () => {
    for (const make of [library.upstashFeed, library.upstashStore]) {
      expect(() => make(null as never)).toThrow(/options of an Upstash store are null; allowed is { url, token }/);
    }
  });

  it.each([9_999, 0, Number.NaN, 86_400_001])('renewAfterMs %o is refused with what is allowed', (renewAfterMs) => {
    expect(() => library.upstashFeed({ url, token, renewAfterMs })).toThrow(/a whole number from 10000 to 86400000/);
  });
});
