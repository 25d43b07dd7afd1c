import { describe, expect, it, vi } from 'vitest';
import { bearerToken, createFlagHandler, onlyClosedRoutes } from '../src/index.ts';
import { clientIn } from './client-in-state.ts';
import { scriptedClient } from './scripted-client.ts';

const origin = 'http://flags.test';
const token = 'a-token-of-some-length';
const authorization = `Bearer ${token}`;
const flags = {
  banner: { status: 'enabled' },
  checkout: { status: 'disabled' },
  insights: { status: 'beta', betaUsers: ['ada'] },
};

interface Asked extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly duplex?: 'half';
}

async function openHandler(options: Parameters<typeof scriptedClient>[1] = {}) {
  const scripted = await scriptedClient(flags, options);
  const handler = createFlagHandler({ client: scripted.client, authorize: onlyClosedRoutes(bearerToken(token)) });
  const ask = (path: string, init: Asked = {}) =>
    handler(new Request(origin + path, { ...init, headers: { authorization, ...init.headers } }));
  return { ...scripted, handler, ask };
}

const closed = [
  ['GET', '/feature-flags/status'],
  ['GET', '/feature-flags/stream'],
  ['POST', '/feature-flags/refresh'],
  ['GET', '/feature-flags/overrides'],
] as const;
const open = [
  '/feature-flags/health',
  '/feature-flags/ready',
  '/feature-flags/live',
  '/metrics/feature-flags/prometheus',
  '/metrics/feature-flags/dashboard',
  '/metrics/feature-flags/alerts',
  '/metrics/feature-flags/grafana',
  '/metrics/feature-flags/rules',
];

describe('access', () => {
  it.each(closed)('%s %s is closed until there is an authorizer, and says how to open it', async (method, path) => {
    const handler = createFlagHandler({ client: await clientIn('fresh') });
    const response = await handler(new Request(origin + path, { method }));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const { detail } = (await response.json()) as { detail: string };
    expect(detail).toContain('onlyClosedRoutes(bearerToken(token))');
  });

  it.each(open)('GET %s is open until there is an authorizer', async (path) => {
    const client = await clientIn('fresh');
    expect((await createFlagHandler({ client })(new Request(origin + path))).status).toBe(200);
    const authorize = vi.fn<() => boolean>(() => false);
    expect((await createFlagHandler({ client, authorize })(new Request(origin + path))).status).toBe(401);
    expect(authorize).toHaveBeenCalledOnce();
  });

  it.each(closed)('%s %s is opened by the token alone', async (method, path) => {
    const { handler, ask } = await openHandler();
    const without = await handler(new Request(origin + path, { method }));
    expect(without.status).toBe(401);
    expect(await without.text()).not.toContain(token);
    const response = await ask(path, { method });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  it.each(open)('GET %s needs no token where only closed routes ask for one', async (path) => {
    const { handler } = await openHandler();
    expect((await handler(new Request(origin + path))).status).toBe(200);
  });

  it('tells the authorizer which route is asked for', async () => {
    const asked: unknown[] = [];
    const handler = createFlagHandler({
      client: await clientIn('fresh'),
      authorize: (_request, route) => {
        asked.push(route);
        return false;
      },
    });
    await handler(new Request(`${origin}/feature-flags/status`));
    await handler(new Request(`${origin}/metrics/feature-flags/rules`));
    expect(asked).toEqual([
      { name: 'status', closedByDefault: true },
      { name: 'rules', closedByDefault: false },
    ]);
  });
});

describe('status', () => {
  it('shows health, alerts, callers of the stream and every flag, those without a value included', async () => {
    const { ask, client } = await openHandler({ overrides: { checkout: true } });
    const body = (await (await ask('/feature-flags/status')).json()) as Record<string, unknown>;
    expect(body['health']).toMatchObject({ healthy: true, revision: client.health().revision });
    expect(body['alerts']).toEqual([]);
    expect(body['stream']).toEqual({ clients: 0, dropped: 0 });
    const plain = { overridden: false, overridden_until: null, set_aside: false };
    expect(body['flags']).toEqual([
      { ...plain, key: 'banner', does: 'on for everybody', value: true },
      { ...plain, key: 'checkout', does: 'off for everybody', value: true, overridden: true },
      { ...plain, key: 'insights', does: 'on for 1 tester; off else', value: null },
    ]);
  });

  it('says what ranges, experiments and conditions on buckets and flags do', async () => {
    const { ask, publish } = await openHandler();
    const split = { kind: 'split', variants: [{ variant: 'on', ranges: [[0, 5000]] }] };
    const rule = (when: object, serve: unknown): object => ({ rules: [{ when, serve }], fallthrough: 'off' });
    await publish({
      asked: { type: 'boolean', ...rule({ flag: 'ranges', variants: ['on'] }, 'on') },
      bucket: {
        type: 'boolean',
        ...rule({ bucket: { salt: 's', from: 0, to: 5000 } }, { ...split, gaps: 'continue' }),
      },
      experiment: { type: 'boolean', fallthrough: { ...split, otherwise: 'off', experiment: { id: 'e', phase: 1 } } },
      ranges: { type: 'boolean', fallthrough: { ...split, otherwise: 'off', by: ['id', 'deviceId'] } },
    });
    const { flags: shown } = (await (await ask('/feature-flags/status')).json()) as { flags: { does: string }[] };
    expect(shown.map(({ does }) => does)).toEqual([
      'on where flag ranges serves on; off else',
      '5 % of users in 5 % of users (buckets 0 to 5000 of 100000, salt s), others go on; off else',
      'experiment e, phase 1: 5 % on, others off',
      '5 % by id or deviceId',
    ]);
    expect(shown.every((flag) => !(flag as { set_aside?: boolean }).set_aside)).toBe(true);
  });

  it('F22 F57 names set-aside flags and flags with names of the language’s own objects', async () => {
    const { ask, publish } = await openHandler();
    const strange = JSON.parse(`{
      "__proto__": { "status": "enabled" }, "constructor": { "status": "disabled" },
      "later": { "type": "boolean", "variants": { "on": true, "off": false }, "offVariant": "off",
        "rules": [{ "when": { "attribute": "a", "operator": "fromTheFuture", "value": 1 }, "serve": "on" }], "fallthrough": "on" }
    }`) as Record<string, unknown>;
    await publish(strange);
    const { flags: shown } = (await (await ask('/feature-flags/status')).json()) as { flags: { key: string }[] };
    expect(shown.map(({ key }) => key)).toEqual(['__proto__', 'constructor', 'later']);
    expect(shown[2]).toMatchObject({ key: 'later', does: null, value: null, overridden: false, set_aside: true });
    expect(shown[1]).toMatchObject({ key: 'constructor', does: 'off for everybody' });
  });
});

describe('refresh', () => {
  const refresh = '/feature-flags/refresh';
  const asJson = { 'content-type': 'application/json' };

  it('reads the store and says what became of it', async () => {
    const { ask, source } = await openHandler();
    const reads = source.reads.length;
    const response = await ask(refresh, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ok: true, outcome: 'unchanged', revision: '1.1' });
    expect(source.reads.length).toBe(reads + 1);
  });

  it('answers 503 with the reason and a time to wait while the breaker is open, and probes when forced', async () => {
    const { ask, fail, source } = await openHandler({ breaker: { failureThreshold: 1 } });
    await fail();
    const reads = source.reads.length;
    const refused = await ask(refresh, { method: 'POST', headers: asJson, body: '{"force":false}' });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      status: 503,
      reason: 'circuit_breaker_open',
      retry_after_seconds: Number(refused.headers.get('retry-after')),
    });
    expect(source.reads.length).toBe(reads);
    expect((await ask(refresh, { method: 'POST', headers: asJson, body: '{"force":true}' })).status).toBe(503);
    expect(source.reads.length).toBe(reads + 1);
  });

  it.each([
    ['not JSON', '{force', 400],
    ['an array', '[true]', 400],
    ['null', 'null', 400],
    ['a force that is no boolean', '{"force":"yes"}', 400],
    ['members that it does not know', '{"force":true,"x":1}', 400],
    ['a prototype', '{"__proto__":{"force":true}}', 400],
    ['too long', `{"force":true${' '.repeat(1_100)}}`, 413],
  ])('refuses a body that is %s', async (_what, body, status) => {
    const { ask, source } = await openHandler();
    const reads = source.reads.length;
    const response = await ask(refresh, { method: 'POST', headers: asJson, body });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(source.reads.length).toBe(reads);
  });

  it('stops reading a body that never ends', async () => {
    const { ask } = await openHandler();
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(512).fill(32));
      },
    });
    expect((await ask(refresh, { method: 'POST', headers: asJson, body, duplex: 'half' })).status).toBe(413);
    expect(sent).toBeLessThan(10);
  });

  it('refuses a body that does not say it is JSON', async () => {
    const { ask } = await openHandler();
    const body = '{"force":true}';
    expect((await ask(refresh, { method: 'POST', headers: { 'content-type': 'text/plain' }, body })).status).toBe(415);
  });

  it.each(['cross-site', 'same-site'])('refuses a request that a browser calls %s', async (site) => {
    const { ask, source } = await openHandler();
    const reads = source.reads.length;
    expect((await ask(refresh, { method: 'POST', headers: { 'sec-fetch-site': site } })).status).toBe(403);
    expect(source.reads.length).toBe(reads);
  });

  // Over plain HTTP browsers name the origin and nothing else.
  it.each(['http://evil.test', 'https://flags.test.evil.test', 'http://flags.test:81', 'null', ''])(
    'refuses a request without a body from a page of %j',
    async (page) => {
      const { ask, source } = await openHandler();
      const reads = source.reads.length;
      expect((await ask(refresh, { method: 'POST', headers: { origin: page } })).status).toBe(403);
      const form = { origin: page, 'content-type': 'application/x-www-form-urlencoded' };
      expect((await ask(refresh, { method: 'POST', headers: form, body: '' })).status).toBe(403);
      const disguised = { origin: page, 'content-type': 'text/plain; application/json' };
      expect((await ask(refresh, { method: 'POST', headers: disguised, body: '{"force":true}' })).status).toBe(403);
      expect(source.reads.length).toBe(reads);
    },
  );

  it.each(['http://flags.test', 'https://flags.test'])('takes one from its own page of %s', async (page) => {
    const { ask } = await openHandler();
    expect((await ask(refresh, { method: 'POST', headers: { origin: page } })).status).toBe(200);
  });

  it('takes JSON from its own page behind a proxy that hides the host: no other site’s page can send it unasked', async () => {
    const { ask, handler } = await openHandler();
    const headers = { ...asJson, origin: 'http://public.test' };
    expect((await ask(refresh, { method: 'POST', headers, body: '{}' })).status).toBe(200);
    const preflight = { origin: 'http://evil.test', 'access-control-request-headers': 'content-type' };
    const allowed = await handler(new Request(origin + refresh, { method: 'OPTIONS', headers: preflight }));
    expect([...allowed.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    const admitted = { ...headers, 'sec-fetch-site': 'cross-site' };
    expect((await ask(refresh, { method: 'POST', headers: admitted, body: '{}' })).status).toBe(403);
  });

  it('refuses to guess what a body said that the authorizer has read, and takes one of which it read a copy', async () => {
    const { client, source } = await openHandler();
    const onError = vi.fn<(error: unknown) => void>();
    const refreshed = async (read: (request: Request) => Promise<string>): Promise<number> => {
      const authorize = async (request: Request) => (await read(request)) === '{"force":true}';
      const handler = createFlagHandler({ client, authorize, onError });
      const init = { method: 'POST', headers: asJson, body: '{"force":true}' };
      return (await handler(new Request(origin + refresh, init))).status;
    };
    const reads = source.reads.length;
    expect(await refreshed((request) => request.text())).toBe(500);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: expect.stringContaining('request.clone()') }),
    );
    expect(source.reads.length).toBe(reads);
    expect(await refreshed((request) => request.clone().text())).toBe(200);
  });

  it('answers GET with 405', async () => {
    const { ask } = await openHandler();
    const response = await ask(refresh);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  });

  it('answers 503 when the client is closed', async () => {
    const { ask, client } = await openHandler();
    await client.close();
    const response = await ask(refresh, { method: 'POST' });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ reason: 'closed' });
  });
});
