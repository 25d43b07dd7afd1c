import { describe, expect, it, vi } from 'vitest';
import { at, json, type RoutePath, router, under } from '../../src/index.ts';

const origin = 'http://face.test';

function asking<Caller>(
  paths: readonly RoutePath<string, Caller>[],
  gate: Parameters<typeof router<string, Caller>>[0]['gate'] = async () => ({ caller: undefined }),
) {
  const report = vi.fn<(error: unknown) => void>();
  const answer = router({ paths, gate, report });
  return { report, answer, ask: (path: string, init?: RequestInit) => answer(new Request(origin + path, init)) };
}

const flag = at('/flags/{key}', {
  name: 'flag',
  access: 'open',
  GET: (_request, { parameters, url }) => json(200, { key: parameters.key, query: url.search }),
  PATCH: async (request, { parameters }) => json(200, { key: parameters.key, body: await request.text() }),
  DELETE: () => new Response(null, { status: 204 }),
});

describe('a route', () => {
  it('is told what stands in the path, and the address', async () => {
    const { ask } = asking([flag]);
    expect(await (await ask('/flags/a%2Fb?x=1')).json()).toEqual({ key: 'a/b', query: '?x=1' });
  });

  it('answers its own method', async () => {
    const { ask } = asking([flag]);
    expect(await (await ask('/flags/a', { method: 'PATCH', body: 'x' })).json()).toEqual({ key: 'a', body: 'x' });
    expect((await ask('/flags/a', { method: 'DELETE' })).status).toBe(204);
  });

  it.each(['POST', 'PUT', 'PROPFIND', 'constructor'])(
    'that is not there for %s is a 405 with those that are',
    async (method) => {
      const { ask } = asking([flag]);
      const response = await ask('/flags/a', { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE, OPTIONS');
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  it('answers HEAD like GET, without the body and with its length', async () => {
    const { ask } = asking([flag]);
    const get = await ask('/flags/a');
    const head = await ask('/flags/a', { method: 'HEAD' });
    expect([...head.headers]).toEqual([...get.headers]);
    expect(head.body).toBeNull();
  });

  it('without GET has no HEAD either', async () => {
    const { ask } = asking([at('/x', { name: 'x', access: 'open', POST: () => json(200, {}) })]);
    const response = await ask('/x', { method: 'HEAD' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  });

  it('that throws or rejects is a 500 without internals, and reported', async () => {
    const fails = () => Promise.reject(new Error('redis://user:secret@host'));
    const { ask, report } = asking([at('/x', { name: 'x', access: 'open', GET: fails })]);
    const response = await ask('/x');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(report).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: 'redis://user:secret@host' }));
  });

  it('stands below a prefix', async () => {
    const { ask } = asking(under('/admin', [flag]));
    expect((await ask('/admin/flags/a')).status).toBe(200);
    expect((await ask('/flags/a')).status).toBe(404);
  });
});

describe('before a route', () => {
  it('the gate is asked, with name and access, and its refusal is the answer', async () => {
    const gate = vi.fn<() => Promise<{ refusal: Response }>>(async () => ({ refusal: json(401, { no: true }) }));
    const { ask } = asking([flag], gate);
    expect((await ask('/flags/a')).status).toBe(401);
    expect(gate).toHaveBeenCalledExactlyOnceWith(
      expect.any(Request),
      expect.objectContaining({ name: 'flag', access: 'open' }),
    );
    expect((await ask('/flags/a', { method: 'HEAD' })).body).toBeNull();
  });

  it('whom it lets through the route is told', async () => {
    const who = at('/who', {
      name: 'who',
      access: 'closed',
      GET: (_request, { caller }: { readonly caller: { readonly actor: string } | undefined }) =>
        json(200, { actor: caller?.actor }),
    });
    const { ask } = asking([who], async () => ({ caller: { actor: 'ada' } }));
    expect(await (await ask('/who')).json()).toEqual({ actor: 'ada' });
  });

  it('nobody asks the gate about other paths, other methods and OPTIONS', async () => {
    const gate = vi.fn<() => Promise<{ refusal: Response }>>(async () => ({ refusal: json(401, {}) }));
    const { ask } = asking([flag], gate);
    expect((await ask('/other')).status).toBe(404);
    expect((await ask('/flags/a', { method: 'PUT' })).status).toBe(405);
    const options = await ask('/flags/a', { method: 'OPTIONS' });
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE, OPTIONS');
    expect(gate).not.toHaveBeenCalled();
  });
});

describe('F95 where a request shows what was typed', () => {
  it.each(['/x/../flags/a', '/./flags/a', '/%2e/flags/a', '/fl%61gs/a', '/flags/%61', '/flags/..', '/flags/a#b'])(
    '%s reaches no route',
    async (typed) => {
      const { answer } = asking([flag]);
      // As Deno.serve makes it; a Request of Node's own resolves its address.
      const request = Object.defineProperty(new Request(origin), 'url', { value: origin + typed });
      expect((await answer(request)).status).toBe(404);
    },
  );
});
