import type { FlagClient } from '@clarity/flags-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFlagHandler } from '../src/index.ts';
import { handlerFor, problemOf } from './asked-handler.ts';
import { clientIn } from './client-in-state.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('methods', () => {
  it('answers HEAD like GET, without a body and with its length', async () => {
    const ask = handlerFor();
    const get = await ask('/feature-flags/live');
    const head = await ask('/feature-flags/live', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.body).toBeNull();
    expect([...head.headers]).toEqual([...get.headers]);
    expect(head.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength));
  });

  it('answers HEAD without a body where GET would give a problem', async () => {
    const response = await handlerFor()('/feature-flags/nothing', { method: 'HEAD' });
    expect(response.status).toBe(404);
    expect(response.body).toBeNull();
  });

  it('answers OPTIONS with the methods, without asking the authorizer', async () => {
    const authorize = vi.fn<() => boolean>(() => false);
    const response = await handlerFor({ authorize })('/feature-flags/health', { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(authorize).not.toHaveBeenCalled();
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'get-health'])(
    'answers %s with 405 and what is allowed',
    async (method) => {
      const response = await handlerFor()('/feature-flags/health', { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
      expect((await problemOf(response))['detail']).toContain('GET');
    },
  );
});

describe('trailing slashes', () => {
  it('F68 are those of the host: each route has one spelling, and another one is told of it', async () => {
    const plain = handlerFor();
    const ended = handlerFor({ trailingSlash: true });
    for (const path of ['/feature-flags/health', '/metrics/feature-flags/prometheus']) {
      expect((await plain(path)).status).toBe(200);
      expect((await ended(`${path}/`)).status).toBe(200);
      expect((await problemOf(await plain(`${path}/`)))['detail']).toMatch(`there is one at ${path}.`);
      const wrong = await ended(path);
      expect(wrong.status).toBe(404);
      expect((await problemOf(wrong))['detail']).toMatch(`there is one at ${path}/.`);
    }
    const { paths } = createFlagHandler({ client: await clientIn('fresh'), trailingSlash: true, page: true });
    expect([...paths].filter((path) => !path.endsWith('/'))).toEqual(['/feature-flags']);
  });

  it('F68 is an option that is true or false', async () => {
    const client = await clientIn('fresh');
    expect(() => createFlagHandler({ client, trailingSlash: 'always' as never })).toThrow(
      'trailingSlash is of type string; allowed is true or false',
    );
  });
});

describe('paths', () => {
  it.each([
    'http://flags.test/x/../feature-flags/live',
    'http://flags.test/./feature-flags/live',
    'http://flags.test/%2e/feature-flags/live',
    String.raw`http://flags.test/x\..\feature-flags\live`,
    'http://flags.test/feature-flags/live#x',
    'foo://flags.test/feature-flags/live',
  ])('F95 finds nothing at %s where the request says what was typed', async (typed) => {
    const handler = createFlagHandler({ client: await clientIn('fresh') });
    // As Deno.serve makes it; a Request of Node's own resolves its address.
    const request = Object.defineProperty(new Request('http://flags.test/'), 'url', { value: typed });
    expect((await handler(request)).status).toBe(404);
  });

  it.each([
    '/',
    '/feature-flags',
    '/feature-flags/',
    '/feature-flags/health/',
    '/feature-flags//health',
    '//feature-flags/health',
    '/feature-flags/health//',
    '/feature-flags%2Fhealth',
    '/feature-flags/%2fhealth',
    '/feature-flags/he%61lth',
    '/feature-flags/health%00',
    '/feature-flags/health%20',
    '/feature-flags/health;x=1',
    '/feature-flags/Health',
    '/FEATURE-FLAGS/health',
    '/feature-flags/%252e%252e/health',
    '/feature-flags/..%2fhealth',
    '/feature-flags/../health',
    '/feature-flags/health%',
    '/feature-flags/%zz',
    '/feature-flags/%c0%ae%c0%ae/health',
    '/feature-flags/%ff',
    '/feature-flags\\..\\secret',
    '/feature-flags/health/../../secret',
    '/feature-flags/__proto__',
    '/feature-flags/constructor',
    '/x/feature-flags/health',
    '/health',
  ])('answers %s with 404', async (path) => {
    const response = await handlerFor()(path);
    expect(response.status).toBe(404);
    await problemOf(response);
  });

  it.each([
    '/feature-flags/./health',
    '/x/../feature-flags/health',
    '/feature-flags/%2e/health',
    '/x/%2E%2e/feature-flags/health',
  ])('reads %s as the URL standard does', async (path) => {
    expect((await handlerFor()(path)).status).toBe(200);
  });

  it('ignores a query and a fragment that it does not know', async () => {
    expect((await handlerFor()('/feature-flags/health?a=/../b&strict=maybe#c')).status).toBe(200);
  });

  it.each([
    ['/flags', '/flags/health'],
    ['/a/b.c/~d-e_f', '/a/b.c/~d-e_f/health'],
    ['', '/health'],
    ['/', '/health'],
  ])('stands under the prefix %j', async (prefix, path) => {
    const ask = handlerFor({ prefix });
    expect((await ask(path)).status).toBe(200);
    expect((await ask('/feature-flags/health')).status).toBe(404);
  });

  it.each(['flags', '/flags/', '//', '/a//b', '/..', '/a/../b', '/a b', '/a?b', '/a%2fb', '/ä', `/${'a'.repeat(200)}`])(
    'refuses the prefix %j and says what is allowed',
    async (prefix) => {
      const client = await clientIn('fresh');
      expect(() => createFlagHandler({ client, prefix })).toThrow(/prefix is ".*; allowed is .*segments of letters/);
    },
  );

  it.each([
    ['no options', () => undefined, /^options of createFlagHandler are missing; allowed is { client }/],
    ['null', () => null, /^options of createFlagHandler are null; allowed is { client }/],
    ['no client', () => ({}), /^client is missing; allowed is what createFlagClient/],
    ['null as the client', () => ({ client: null }), /^client is null; allowed is what createFlagClient/],
    [
      'another object as the client',
      () => ({ client: {} }),
      /^client is of type object; allowed is what createFlagClient/,
    ],
    [
      'a client instead of options',
      (client: FlagClient) => client,
      /^options of createFlagHandler are a client; allowed is { client }/,
    ],
    [
      'a token instead of an authorizer',
      (client: FlagClient) => ({ client, authorize: 'hunter2' }),
      /^authorize is of type string; allowed is a function such as onlyClosedRoutes\(bearerToken/,
    ],
    [
      'a sink that cannot be read',
      (client: FlagClient) => ({ client, metrics: {} }),
      /^metrics is .*; allowed is what has an expo/,
    ],
    [
      'a switch instead of a sink',
      (client: FlagClient) => ({ client, metrics: true }),
      /allowed is .*the textMetrics\(\)/,
    ],
    [
      'a word instead of a listener',
      (client: FlagClient) => ({ client, onError: 'log' }),
      /^onError is of type string; allowed is a function/,
    ],
    [
      'null for alerts',
      (client: FlagClient) => ({ client, alerts: null }),
      /^options of alerts are null; allowed is { forMs/,
    ],
    ['null for grafana', (client: FlagClient) => ({ client, grafana: null }), /^options of grafana are null/],
    ['null for stream', (client: FlagClient) => ({ client, stream: null }), /^options of stream are null/],
    [
      'a title that is no text',
      (client: FlagClient) => ({ client, grafana: { title: 5 } }),
      /^grafana\.title is of type/,
    ],
  ])('refuses %s and says what to give', async (_name, optionsOf, message) => {
    const options = optionsOf(await clientIn('fresh'));
    const attempt = (): unknown => createFlagHandler(options as never);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/hunter2/);
  });

  it('lists its paths, so that a router can pass on the others', async () => {
    const { paths } = createFlagHandler({ client: await clientIn('fresh'), prefix: '/f', metricsPrefix: '/m' });
    expect([...paths]).toEqual([
      ...['health', 'ready', 'live', 'status', 'refresh', 'stream', 'overrides'].map((name) => `/f/${name}`),
      ...['prometheus', 'dashboard', 'alerts', 'grafana', 'rules'].map((name) => `/m/${name}`),
    ]);
  });
});

describe('every answer', () => {
  it.each([
    ['200', '/feature-flags/health', 'GET'],
    ['503', '/feature-flags/ready', 'GET'],
    ['404', '/feature-flags/nothing', 'GET'],
    ['405', '/feature-flags/health', 'PUT'],
    ['204', '/feature-flags/health', 'OPTIONS'],
    ['200 to HEAD', '/feature-flags/live', 'HEAD'],
  ])('(%s) is not stored, not sniffed and not framed', async (_status, path, method) => {
    const { headers } = await handlerFor({ client: clientIn('never') })(path, { method });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });
});

describe('an unexpected error', () => {
  async function brokenClient(): Promise<FlagClient> {
    const client = await clientIn('fresh');
    vi.spyOn(client, 'health').mockImplementation(() => {
      throw new Error('redis://user:secret@host');
    });
    return client;
  }

  it('becomes a 500 without internals, and the listener gets it whole', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const response = await handlerFor({ client: brokenClient(), onError })('/feature-flags/health');
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toMatch(/secret|redis|at .*\.ts/);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'redis://user:secret@host' }));
  });

  it('is printed by its name alone when nobody listens', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {});
    await handlerFor({ client: brokenClient() })('/feature-flags/health');
    expect(print).toHaveBeenCalledOnce();
    expect(print.mock.calls[0]?.join(' ')).toContain('(Error)');
    expect(print.mock.calls[0]?.join(' ')).not.toContain('secret');
  });

  it('is printed once a minute however many requests meet it, with their number', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {});
    const handler = createFlagHandler({ client: await brokenClient() });
    const ask = () => handler(new Request('http://flags.test/feature-flags/health'));
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      for (let request = 0; request < 100; request += 1) expect((await ask()).status).toBe(500);
      expect(print).toHaveBeenCalledOnce();
      vi.advanceTimersByTime(60_000);
      await ask();
      expect(print.mock.calls.map(([line]) => String(line))).toEqual([
        expect.stringContaining('(Error)'),
        expect.stringContaining('(Error, 99 more since it was last said)'),
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is printed under one name where each has another', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {});
    let asked = 0;
    const handler = createFlagHandler({
      client: await clientIn('fresh'),
      authorize: () => {
        throw Object.assign(new Error('x'), { name: `Error${asked++}` });
      },
    });
    for (let request = 0; request < 100; request += 1) {
      await handler(new Request('http://flags.test/feature-flags/health'));
    }
    expect(print).toHaveBeenCalledTimes(21);
    expect(print.mock.lastCall?.[0]).toContain('(another error)');
  });

  it('is answered though the listener throws too', async () => {
    const onError = () => {
      throw new Error('listener');
    };
    expect((await handlerFor({ client: brokenClient(), onError })('/feature-flags/health')).status).toBe(500);
  });

  it('is answered when what comes is no request at all', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const handler = createFlagHandler({ client: await clientIn('fresh'), onError });
    for (const wrong of [undefined, null, {}, { url: 'nowhere' }, 7]) {
      expect((await handler(wrong as unknown as Request)).status).toBe(500);
    }
    expect(onError).toHaveBeenCalledTimes(5);
  });
});
