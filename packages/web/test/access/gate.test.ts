import { describe, expect, it, vi } from 'vitest';
import { gate, namedCaller, yes } from '../../src/index.ts';

type Access = Parameters<ReturnType<typeof gate>>[1]['access'];

async function through(
  authorize: ((request: Request, route: unknown) => unknown) | undefined,
  admitted: (verdict: unknown) => unknown = yes,
  access: Access = 'closed',
) {
  const report = vi.fn<(error: unknown) => void>();
  const ask = gate({ authorize, admitted, opening: 'authorize: someone', report });
  const admission = await ask(new Request('http://face.test/'), { name: 'status', access });
  if ('caller' in admission) return { caller: admission.caller, report };
  const { refusal } = admission;
  const { detail } = (await refusal
    .clone()
    .json()
    .catch(() => ({}))) as { readonly detail?: string };
  return { status: refusal.status, detail, refusal, report };
}

describe('without an authorizer', () => {
  it('a closed route is closed, and its answer says how to open it', async () => {
    const { status, detail, refusal } = await through(undefined);
    expect(status).toBe(401);
    expect(detail).toMatch(/^The route 'status' is closed .*, such as authorize: someone\.$/);
    expect(refusal?.headers.get('www-authenticate')).toBe('Bearer realm="feature-flags"');
  });

  it.each(['open', 'public'] as const)('a route that is %s lets everybody through', async (access) => {
    expect(await through(undefined, yes, access)).toMatchObject({ caller: undefined });
  });
});

describe('an authorizer', () => {
  it.each([
    ['closed', true],
    ['open', false],
  ] as const)('is told which route is asked for, and whether it is %s', async (access, closedByDefault) => {
    const authorize = vi.fn<(request: Request, route: unknown) => boolean>(() => true);
    expect(await through(authorize, yes, access)).toMatchObject({ caller: true });
    expect(authorize).toHaveBeenCalledExactlyOnceWith(expect.any(Request), { name: 'status', closedByDefault });
  });

  it('is not asked about what is public', async () => {
    const authorize = vi.fn<() => boolean>(() => false);
    expect(await through(authorize, yes, 'public')).toMatchObject({ caller: undefined });
    expect(authorize).not.toHaveBeenCalled();
  });

  it('gives the answer itself by a Response, which gets the security headers', async () => {
    const { status, refusal } = await through(() => Response.redirect('http://login.test/', 302), namedCaller);
    expect(status).toBe(302);
    expect(refusal?.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('keeps the route closed by all that it throws or rejects with, which is reported', async () => {
    for (const authorize of [
      () => Promise.reject(new Error('abc123')),
      () => {
        throw new Error('abc123');
      },
    ]) {
      const { status, detail, report } = await through(authorize);
      expect(status).toBe(500);
      expect(detail).not.toContain('abc123');
      expect(report).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: 'abc123' }));
    }
  });

  it('keeps the route closed when it does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const asked = through(() => new Promise(() => {}));
      await vi.advanceTimersByTimeAsync(10_000);
      const { status, report } = await asked;
      expect(status).toBe(503);
      expect(report).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ message: "the authorizer of the route 'status' has not answered after 10000 ms" }),
      );
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('an authorizer that says who asks', () => {
  it('lets that one through', async () => {
    const caller = { actor: 'ada', roles: ['editor'] };
    expect(await through(() => Promise.resolve(caller), namedCaller)).toMatchObject({ caller });
  });

  it.each([false, null, undefined])('refuses by %j', async (verdict) => {
    expect(await through(() => verdict, namedCaller)).toMatchObject({ status: 401 });
  });

  it('keeps the route closed when it lets somebody through whom nobody can name, and is told of the mistake', async () => {
    const { status, report } = await through(() => true, namedCaller);
    expect(status).toBe(500);
    expect(report).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        message: expect.stringContaining('what the authorizer gave is true; allowed is { actor'),
      }),
    );
  });
});
