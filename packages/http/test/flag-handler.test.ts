import type { FlagClient } from '@clarity/flags-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFlagHandler, type FlagHandlerOptions } from '../src/index.ts';
import { clientIn } from './client-in-state.ts';

const origin = 'http://flags.test';

interface Options extends Partial<Omit<FlagHandlerOptions, 'client'>> {
  readonly client?: FlagClient | Promise<FlagClient>;
}

function handlerFor({ client = clientIn('fresh'), ...options }: Options = {}) {
  return async (path: string, init?: RequestInit) =>
    createFlagHandler({ client: await client, ...options })(new Request(origin + path, init));
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ type: 'about:blank', title: expect.any(String), status: response.status });
  return body;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('health', () => {
  it('answers 200 with what the client says about itself', async () => {
    const client = await clientIn('fresh');
    const response = await handlerFor({ client })('/feature-flags/health');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const body = (await response.json()) as object;
    expect(body).toMatchObject({ healthy: true, config_stale: false, freshness: 'fresh', refresh_mode: 'none' });
    expect(Object.keys(body)).toEqual(Object.keys(client.health()));
  });

  it.each(['never', 'stale'] as const)('answers 200 when the flags are in state %s, and says so', async (state) => {
    const response = await handlerFor({ client: clientIn(state) })('/feature-flags/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ healthy: false, freshness: state });
  });
});

describe('readiness', () => {
  it.each([
    ['never', '', 503],
    ['never', '?strict', 503],
    ['stale', '', 200],
    ['stale', '?strict=0', 200],
    ['stale', '?strict=false', 200],
    ['stale', '?strict', 503],
    ['stale', '?strict=1', 503],
    ['stale', '?strict=true', 503],
    ['fresh', '', 200],
    ['fresh', '?strict', 200],
  ] as const)('with flags in state %s, /ready%s answers %i', async (state, query, status) => {
    const response = await handlerFor({ client: clientIn(state) })(`/feature-flags/ready${query}`);
    expect(response.status).toBe(status);
    const body = status === 200 ? ((await response.json()) as object) : await problemOf(response);
    expect(body).toMatchObject({ ready: status === 200, freshness: state });
  });

  it.each(['', '?strict'])(
    'answers 503 on /ready%s once the client is closed, though its flags are fresh',
    async (query) => {
      const client = await clientIn('fresh');
      await client.close();
      const response = await handlerFor({ client })(`/feature-flags/ready${query}`);
      expect(response.status).toBe(503);
      const body = await problemOf(response);
      expect(body).toMatchObject({ ready: false, freshness: 'fresh' });
      expect(body['detail']).toMatch(/^The client is closed/);
    },
  );

  it('names the reason of the last failure, and not its message', async () => {
    const client = await clientIn('never');
    const body = await problemOf(await handlerFor({ client })('/feature-flags/ready'));
    expect(body['detail']).toContain('unavailable');
    expect(body['detail']).not.toContain(client.freshness().lastError?.message);
  });

  it('refuses a value of strict that it does not know', async () => {
    const response = await handlerFor()('/feature-flags/ready?strict=maybe');
    expect(response.status).toBe(400);
    expect((await problemOf(response))['detail']).toContain("'strict'");
  });
});

describe('liveness', () => {
  it('answers 200 though there are no flags', async () => {
    const response = await handlerFor({ client: clientIn('never') })('/feature-flags/live');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ live: true });
  });
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

describe('paths', () => {
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
      expect(() => createFlagHandler({ client, prefix })).toThrow(/prefix ".*segments of letters/);
    },
  );

  it.each([
    ['no options', () => undefined, /^options of createFlagHandler are missing; give { client }/],
    ['null', () => null, /^options of createFlagHandler are null; give { client }/],
    ['no client', () => ({}), /^client is missing; give the client that createFlagClient/],
    ['null as the client', () => ({ client: null }), /^client is null; give the client/],
    [
      'another object as the client',
      () => ({ client: {} }),
      /^client is no client but of type object; give the client/,
    ],
    ['a client instead of options', (client: FlagClient) => client, /given a client itself; give { client }/],
    [
      'a token instead of an authorizer',
      (client: FlagClient) => ({ client, authorize: 'hunter2' }),
      /^authorize is of type string; a function is allowed, such as onlyClosedRoutes\(bearerToken/,
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
      ...['health', 'ready', 'live', 'status', 'refresh', 'stream'].map((name) => `/f/${name}`),
      ...['prometheus', 'dashboard', 'alerts', 'grafana', 'rules'].map((name) => `/m/${name}`),
    ]);
  });
});

describe('authorizer', () => {
  const paths = ['/feature-flags/health', '/feature-flags/ready', '/feature-flags/live'];

  it.each(paths)('guards %s', async (path) => {
    const ask = handlerFor({ authorize: (request) => request.headers.get('authorization') === 'Bearer right' });
    const refused = await ask(path);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
    await problemOf(refused);
    expect((await ask(path, { headers: { authorization: 'Bearer right' } })).status).toBe(200);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('token abc123 is bad');
      },
    ],
    ['rejects', () => Promise.reject(new Error('token abc123 is bad'))],
    [
      'throws something that is no error',
      () => {
        throw null;
      },
    ],
  ])('stays closed when it %s, and tells only the listener why', async (_what, authorize) => {
    const onError = vi.fn<(error: unknown) => void>();
    const response = await handlerFor({ authorize, onError })('/feature-flags/health');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('abc123');
    expect(onError).toHaveBeenCalledOnce();
  });

  it('stays closed when it does not answer, and lets the caller go after 10 s', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const client = await clientIn('fresh');
    let ask = handlerFor({ client });
    const asking = new Promise<void>((resolve) => {
      const authorize = () => {
        resolve();
        return new Promise<boolean>(() => {});
      };
      ask = handlerFor({ client, authorize, onError });
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const asked = ask('/feature-flags/health');
      await asking;
      await vi.advanceTimersByTimeAsync(9_999);
      expect(onError).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      const response = await asked;
      expect(response.status).toBe(503);
      expect((await problemOf(response))['detail']).toContain('stays closed');
      expect(onError).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });

  it('may answer with a promise of another maker', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- that is what it is
    const authorize = (() => ({ then: (settle: (verdict: boolean) => void) => settle(true) })) as never;
    expect((await handlerFor({ authorize })('/feature-flags/health')).status).toBe(200);
  });

  it('leaves no timer once it has answered', async () => {
    const client = await clientIn('fresh');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const ask = handlerFor({ client, authorize: () => Promise.resolve(true) });
      expect((await ask('/feature-flags/health')).status).toBe(200);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([undefined, null, 1, 'yes', {}, { status: 200 }])('stays closed when it returns %j', async (verdict) => {
    const authorize = (() => verdict) as unknown as () => boolean;
    expect((await handlerFor({ authorize })('/feature-flags/health')).status).toBe(401);
  });

  it('may give its own answer, which is sent with the security headers', async () => {
    const authorize = () => Response.redirect('http://login.test/', 302);
    const response = await handlerFor({ authorize })('/feature-flags/health');
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('http://login.test/');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('stays closed when its own answer is a network error', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const response = await handlerFor({ authorize: () => Response.error(), onError })('/feature-flags/health');
    expect(response.status).toBe(500);
    expect(onError).toHaveBeenCalledOnce();
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
