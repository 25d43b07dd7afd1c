import { describe, expect, it, vi } from 'vitest';
import { onlyClosedRoutes } from '../src/index.ts';
import { handlerFor, problemOf } from './asked-handler.ts';
import { clientIn } from './client-in-state.ts';

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

  it.each([
    ['no text', { actor: 7 }, 'of type number'],
    ['blank', { actor: ' ' }, 'empty'],
    ['too long', { actor: 'a'.repeat(201) }, 'too long'],
  ])(
    'stays closed for a caller whose name is %s, and says what an authorizer may give',
    async (_what, named, found) => {
      const onError = vi.fn<(error: unknown) => void>();
      const response = await handlerFor({ authorize: () => named as never, onError })('/feature-flags/status');
      expect(response.status).toBe(500);
      expect(onError.mock.calls[0]?.[0]).toHaveProperty(
        'message',
        `the actor that the authorizer gave is ${found}; allowed is true, { actor: 'ada' } with an actor of 1 to 200 characters, false, or a Response`,
      );
    },
  );

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

it.each([undefined, null, 'hunter2-hunter2-hunter2'])(
  'onlyClosedRoutes refuses what is no authorizer (%#)',
  (given) => {
    const attempt = () => onlyClosedRoutes(given as never);
    expect(attempt).toThrow(
      /^the authorizer of onlyClosedRoutes is .*; allowed is a function such as bearerToken\(token\)$/,
    );
    expect(attempt).not.toThrow(/hunter2/);
  },
);
