import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFlagClient, type FlagClient, type Logger, type PinnedFlags } from '@clarity/flags-core';
import express5, { type Application, type Request } from 'express';
import express4 from 'express-4';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { bearerToken, onlyClosedRoutes, textMetrics } from '@clarity/flags-http';
import { setupFeatureFlags } from '../src/index.ts';
import { scriptedFlags } from './scripted-flags.ts';

const on = { status: 'enabled' };
const off = { status: 'disabled' };
const forAda = { status: 'beta', betaUsers: ['ada'] };

const ends: (() => Promise<unknown>)[] = [];

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function listening(server: Server): Promise<string> {
  if (!server.listening) await once(server, 'listening');
  ends.push(() => closeServer(server));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function listen(app: Application): Promise<string> {
  return listening(app.listen(0, '127.0.0.1'));
}

async function isClosed(client: FlagClient): Promise<boolean> {
  const result = await client.refresh();
  return !result.ok && result.reason === 'closed';
}

async function textOf(address: string, init?: RequestInit): Promise<string> {
  return (await fetch(address, init)).text();
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  vi.restoreAllMocks();
});

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('%s', (_name, express) => {
  /** An app over a store in memory, set up and to be closed after the test. */
  async function setUp(flags: Record<string, unknown> | undefined, options: Record<string, unknown> = {}) {
    const app: Application = express();
    const store = scriptedFlags(flags);
    const client = await setupFeatureFlags(app, {
      source: store.source,
      variables: false,
      logLevel: 'silent',
      ...options,
    });
    ends.push(() => client.close());
    return { app, store, client };
  }

  describe('req.flags', () => {
    it('answers for the context of the request', async () => {
      const { app } = await setUp(
        { notes: forAda },
        { context: ({ query }: Request) => ({ userId: String(query['user']) }) },
      );
      app.get('/', (request, response) => void response.json(request.flags.details('notes', false)));
      const address = await listen(app);
      expect(JSON.parse(await textOf(`${address}/?user=ada`))).toMatchObject({
        value: true,
        reason: 'TARGETING_MATCH',
      });
      expect(JSON.parse(await textOf(`${address}/?user=bob`))).toMatchObject({ value: false });
    });

    it('derives the context at the first question, when authentication has run, and only once', async () => {
      const context = vi.fn<(request: Request) => object>((request) => ({
        targetingKey: request.get('x-user-checked'),
      }));
      const { app } = await setUp({ notes: forAda }, { context });
      app.use((request, _response, next) => {
        request.headers['x-user-checked'] = 'ada';
        next();
      });
      app.get('/asks', (request, response) => {
        response.json([request.flags.isEnabled('notes'), request.flags.isEnabled('notes')]);
      });
      app.get('/does-not', (_request, response) => void response.json([]));
      const address = await listen(app);
      expect(await textOf(`${address}/does-not`)).toBe('[]');
      expect(context).not.toHaveBeenCalled();
      expect(await textOf(`${address}/asks`)).toBe('[true,true]');
      expect(context).toHaveBeenCalledOnce();
    });

    it('sees one snapshot from the first question to the last', async () => {
      const { app, store, client } = await setUp({ notes: on });
      app.get('/', async (request, response) => {
        const before = request.flags.isEnabled('notes');
        store.put({ notes: off });
        await client.refresh();
        response.json({ before, after: request.flags.isEnabled('notes'), now: client.isEnabled('notes') });
      });
      const address = await listen(app);
      expect(JSON.parse(await textOf(address))).toEqual({ before: true, after: true, now: false });
      expect(JSON.parse(await textOf(address))).toMatchObject({ before: false });
    });

    it('is there in routers and sub-applications', async () => {
      const { app } = await setUp({ notes: on });
      const answer = (request: Request, response: { json(body: unknown): unknown }) => {
        response.json(request.flags.isEnabled('notes'));
      };
      const router = express.Router();
      router.get('/', answer);
      const sub: Application = express();
      sub.get('/', answer);
      app.use('/router', router).use('/sub', sub);
      const address = await listen(app);
      expect(await textOf(`${address}/router`)).toBe('true');
      expect(await textOf(`${address}/sub`)).toBe('true');
    });

    it.each([
      [
        'throws',
        () => {
          throw new Error('session of ada is broken');
        },
      ],
      ['returns a promise', async () => ({ targetingKey: 'ada' })],
      ['returns a promise that rejects', () => Promise.reject(new Error('no database'))],
    ])('evaluates without a context when the context option %s, and the request goes on', async (_what, context) => {
      const onError = vi.fn<(error: Error) => void>();
      const { app } = await setUp({ notes: forAda, all: on }, { context, onError });
      app.get('/', (request, response) => {
        response.json([request.flags.isEnabled('notes'), request.flags.isEnabled('all')]);
      });
      expect(await textOf(await listen(app))).toBe('[false,true]');
      expect(onError).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ message: expect.stringContaining('context option'), cause: expect.any(Error) }),
      );
    });

    it.each([null, undefined, 'ada', 7])(
      'evaluates without a context when the context option returns %j',
      async (context) => {
        const { app } = await setUp({ all: on }, { context: () => context });
        app.get('/', (request, response) => void response.json(request.flags.isEnabled('all')));
        expect(await textOf(await listen(app))).toBe('true');
      },
    );

    it('is logged once a minute, and without the words of the application, when its context fails in every request', async () => {
      const { app } = await setUp(
        { all: on },
        {
          context: () => {
            throw new TypeError('ada has no session');
          },
          logLevel: 'warn',
        },
      );
      app.get('/', (request, response) => void response.json(request.flags.isEnabled('all')));
      const address = await listen(app);
      for (const _ of [1, 2, 3]) expect(await textOf(address)).toBe('true');
      const lines = vi
        .mocked(console.warn)
        .mock.calls.map((call) => call.join(' '))
        .filter((line) => line.includes('context option'));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('(TypeError)');
      expect(lines[0]).not.toContain('ada');
    });

    it('gives fallbacks when even the client throws', async () => {
      const client = createFlagClient({
        source: scriptedFlags({ all: on }).source,
        variables: false,
        logLevel: 'silent',
      });
      ends.push(() => client.close());
      vi.spyOn(client, 'forContext').mockImplementation(() => {
        throw new Error('broken');
      });
      const app: Application = express();
      const onError = vi.fn<(error: Error) => void>();
      await setupFeatureFlags(app, { client, onError });
      app.get('/', ({ flags }, response) => {
        response.json([
          flags.isEnabled('all'),
          flags.isEnabled('all', true),
          flags.value('size', 3),
          flags.details('size', 4),
          flags.all(),
          flags.revision,
        ]);
      });
      expect(JSON.parse(await textOf(await listen(app)))).toEqual([
        false,
        true,
        3,
        expect.objectContaining({ flagKey: 'size', value: 4, reason: 'ERROR', errorCode: 'GENERAL' }),
        {},
        null,
      ]);
      expect(onError).toHaveBeenCalledOnce();
    });
  });

  describe('the routes', () => {
    it('answer under the prefix, before the routes of the app', async () => {
      const { app } = await setUp({ all: on }, { prefix: '/ops/flags' });
      app.use((_request, response) => void response.status(418).send('app'));
      const address = await listen(app);
      const health = await fetch(`${address}/ops/flags/health`);
      expect(health.status).toBe(200);
      expect(health.headers.get('cache-control')).toBe('no-store');
      expect(await health.json()).toMatchObject({ healthy: true, freshness: 'fresh', refresh_mode: 'none' });
      expect((await fetch(`${address}/ops/flags/ready?strict`)).status).toBe(200);
      expect((await fetch(`${address}/ops/flags/live`, { method: 'HEAD' })).status).toBe(200);
      expect((await fetch(`${address}/ops/flags/live`, { method: 'DELETE' })).status).toBe(405);
    });

    it.each([
      '/feature-flags',
      '/feature-flags/',
      '/feature-flags/mine',
      '/feature-flags/health/',
      '/feature-flags//health',
      '//feature-flags/health',
      '/feature-flags/%68ealth',
      '/x/..%2ffeature-flags/health',
    ])('leave %s to the app', async (path) => {
      const { app } = await setUp({ all: on });
      app.use((_request, response) => void response.send('app'));
      expect(await textOf((await listen(app)) + path)).toBe('app');
    });

    it('stand relative to the app that they were set up in', async () => {
      const { app } = await setUp({ all: on });
      const outer: Application = express();
      outer.use('/api', app);
      const address = await listen(outer);
      expect((await fetch(`${address}/api/feature-flags/live`)).status).toBe(200);
      expect((await fetch(`${address}/feature-flags/live`)).status).toBe(404);
    });

    it('have options that the client is not asked for, so that it warns of misspelt ones only', async () => {
      const lines: string[] = [];
      const logger: Logger = { log: ({ message }) => void lines.push(message) };
      const routes = { prefix: '/f', metricsPrefix: '/m', authorize: () => true, page: true, alerts: {}, grafana: {} };
      const ours = { ...routes, stream: {}, context: () => ({}), readyTimeoutMs: 1_000, onError: () => {} };
      await setUp({ notes: on }, { ...ours, client: undefined, logger, logLevel: 'warn', refreshInterval: 5 });
      expect(lines).toEqual([expect.stringMatching(/^option "refreshInterval" is not known/)]);
    });

    it('answer though a body parser has read the request before', async () => {
      const app: Application = express();
      app.use(express.json());
      const client = await setupFeatureFlags(app, {
        source: scriptedFlags({ all: on }).source,
        variables: false,
        logLevel: 'silent',
      });
      ends.push(() => client.close());
      const address = await listen(app);
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
      expect((await fetch(`${address}/feature-flags/health`, init)).status).toBe(405);
    });

    it('are closed by an authorizer, and closed too when it throws', async () => {
      const onError = vi.fn<(error: Error) => void>();
      const authorize = (request: globalThis.Request) => {
        const token = request.headers.get('authorization');
        if (token === null) throw new Error('no token');
        return token === 'Bearer right';
      };
      const { app } = await setUp({ all: on }, { authorize, onError });
      const address = `${await listen(app)}/feature-flags/health`;
      expect((await fetch(address)).status).toBe(500);
      expect((await fetch(address, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
      expect((await fetch(address, { headers: { authorization: 'Bearer right' } })).status).toBe(200);
      expect(onError).toHaveBeenCalledOnce();
    });
  });

  describe('metrics', () => {
    it('are counted and served without a word, and show the page and the stream once they are opened', async () => {
      const { app } = await setUp(
        { all: on },
        { page: true, authorize: onlyClosedRoutes(bearerToken('a-token-for-the-test')) },
      );
      const address = await listen(app);
      const text = await textOf(`${address}/metrics/feature-flags/prometheus`);
      expect(text).toContain('\nfeature_flag_refresh_success_total 1\n');
      expect(await textOf(`${address}/feature-flags/`)).toContain('<h1>Feature flags</h1>');
      expect((await fetch(`${address}/feature-flags/status`)).status).toBe(401);
      const headers = { authorization: 'Bearer a-token-for-the-test' };
      expect((await fetch(`${address}/feature-flags/status`, { headers })).status).toBe(200);
      const refreshed = await fetch(`${address}/feature-flags/refresh`, { method: 'POST', headers });
      expect(await refreshed.json()).toMatchObject({ ok: true });
    });

    it('are only those of the moment when they are switched off', async () => {
      const { app } = await setUp({ all: on }, { metrics: false });
      const text = await textOf(`${await listen(app)}/metrics/feature-flags/prometheus`);
      expect(text).toContain('\nfeature_flag_stale_config 0\n');
      expect(text).not.toContain('feature_flag_refresh_');
    });

    it('come from the sink that was given, if it can be read', async () => {
      const metrics = textMetrics();
      metrics.count('feature_flag_notices_total', { outcome: 'known' }, 7);
      const { app } = await setUp({ all: on }, { metrics, metricsPrefix: '/m' });
      expect(await textOf(`${await listen(app)}/m/prometheus`)).toContain('{outcome="known"} 7');
    });
  });

  describe('a store that is down', () => {
    it('does not fail the start: the wait ends, it is logged, fallbacks are served', async () => {
      const lines: string[] = [];
      const logger: Logger = { log: ({ message }) => void lines.push(message) };
      const { app, store, client } = await setUp(undefined, { readyTimeoutMs: 20, logger, logLevel: 'warn' });
      expect(
        lines.filter((line) => line.includes('within 20 ms') && line.includes('starts with what there is')),
      ).toHaveLength(1);
      app.get('/', (request, response) => void response.json(request.flags.isEnabled('all', true)));
      const address = await listen(app);
      expect(await textOf(address)).toBe('true');
      expect((await fetch(`${address}/feature-flags/ready`)).status).toBe(503);
      expect((await fetch(`${address}/feature-flags/live`)).status).toBe(200);
      // Once the first read has had its second attempt.
      await vi.waitFor(
        async () => {
          const health = await fetch(`${address}/feature-flags/health`);
          expect(health.status).toBe(200);
          expect(await health.json()).toMatchObject({
            healthy: false,
            freshness: 'never',
            last_error: { reason: 'unavailable' },
          });
        },
        { timeout: 5_000 },
      );

      store.put({ all: off });
      expect(await client.refresh({ force: true })).toMatchObject({ ok: true });
      expect(await textOf(address)).toBe('false');
      expect((await fetch(`${address}/feature-flags/ready`)).status).toBe(200);
    });

    it('is not waited for when readyTimeoutMs is 0', async () => {
      const { client } = await setUp(undefined, { readyTimeoutMs: 0 });
      expect(client.freshness().state).toBe('never');
    });
  });

  describe('closing', () => {
    it('follows the server that app.listen made', async () => {
      const { app, client, store } = await setUp({ all: on });
      const server = app.listen(0, '127.0.0.1');
      const address = await listening(server);
      await textOf(address);
      expect(store.source.closed).toBe(false);
      await closeServer(server);
      await vi.waitFor(() => expect(store.source.closed).toBe(true));
      expect(await isClosed(client)).toBe(true);
      expect(client.isEnabled('all')).toBe(true);
    });

    it('ends the streams of a server that closes, which would wait for them for ever', async () => {
      const { app } = await setUp({ all: on }, { authorize: () => true });
      const server = app.listen(0, '127.0.0.1');
      const address = await listening(server);
      const stream = await fetch(`${address}/feature-flags/stream`);
      const closed = once(server, 'close');
      server.close();
      expect(await stream.text()).toContain('event: freshness');
      server.closeIdleConnections();
      await closed;
    });

    it('waits for the last of several servers', async () => {
      const { app, client } = await setUp({ all: on });
      const [first, second] = [app.listen(0, '127.0.0.1'), app.listen(0, '127.0.0.1')];
      await listening(first);
      await listening(second);
      await closeServer(first);
      expect(await isClosed(client)).toBe(false);
      await closeServer(second);
      expect(await isClosed(client)).toBe(true);
    });

    it('follows a server that was handed over, also one that listens already', async () => {
      for (const early of [true, false]) {
        const app: Application = express();
        const server = createServer(app);
        if (early) await listening(server.listen(0, '127.0.0.1'));
        const store = scriptedFlags({ all: on });
        const client = await setupFeatureFlags(app, {
          source: store.source,
          variables: false,
          logLevel: 'silent',
          server,
        });
        if (!early) await listening(server.listen(0, '127.0.0.1'));
        await closeServer(server);
        expect(await isClosed(client)).toBe(true);
      }
    });

    it('does not follow a server that could not listen', async () => {
      const { app, client } = await setUp({ all: on });
      const { port } = new URL(await listen(app));
      const second = app.listen(Number(port), '127.0.0.1');
      await once(second, 'error');
      second.close();
      expect(await isClosed(client)).toBe(false);
    });

    it('leaves a given client open', async () => {
      const client = createFlagClient({
        source: scriptedFlags({ all: on }).source,
        variables: false,
        logLevel: 'silent',
      });
      ends.push(() => client.close());
      const app: Application = express();
      expect(await setupFeatureFlags(app, { client })).toBe(client);
      const server = app.listen(0, '127.0.0.1');
      await listening(server);
      await closeServer(server);
      expect(await isClosed(client)).toBe(false);
    });

    it('may be done by hand as well, before or after the server', async () => {
      const { app, client } = await setUp({ all: on });
      app.get('/', (request, response) => void response.json(request.flags.isEnabled('all')));
      const server = app.listen(0, '127.0.0.1');
      const address = await listening(server);
      await client.close();
      expect(await textOf(address)).toBe('true');
      await closeServer(server);
      await client.close();
      expect(await isClosed(client)).toBe(true);
    });
  });

  describe('bad options', () => {
    it.each([
      ['prefix', { prefix: 'flags/' }, /prefix "flags\/"/],
      ['readyTimeoutMs', { readyTimeoutMs: -1 }, /readyTimeoutMs -1 is not an integer from 0/],
      ['readyTimeoutMs', { readyTimeoutMs: Number.NaN }, /readyTimeoutMs NaN/],
      ['refreshIntervalMs', { refreshIntervalMs: -5 }, /refreshIntervalMs/],
      ['client', { client: {} }, /client and source were both given/],
    ])('(%s) are refused, and nothing is mounted', async (_option, options, message) => {
      const app: Application = express();
      const mount = vi.spyOn(app, 'use');
      const refused = setupFeatureFlags(app, {
        source: scriptedFlags({ all: on }).source,
        variables: false,
        ...options,
      } as never);
      await expect(refused).rejects.toThrow(message);
      expect(mount).not.toHaveBeenCalled();
      await setupFeatureFlags(app, {
        source: scriptedFlags({ all: on }).source,
        variables: false,
        logLevel: 'silent',
      }).then((client) => client.close());
    });

    it.each([
      ['no options', undefined, /^options of setupFeatureFlags are missing; give { source }, or { client }$/],
      ['null', null, /^options of setupFeatureFlags are null/],
      ['neither source nor client', {}, /^neither source nor client is given; give { source }, such as fileSource/],
      ['null as the client', { client: null }, /^client is null; give { source }/],
      ['another object as the client', { client: {} }, /^client is no client but of type object/],
    ])('(%s) are refused with what to give', async (_name, options, message) => {
      const app: Application = express();
      const mount = vi.spyOn(app, 'use');
      const refused = setupFeatureFlags(app, options as never);
      await expect(refused).rejects.toThrow(TypeError);
      await expect(refused).rejects.toThrow(message);
      expect(mount).not.toHaveBeenCalled();
    });

    it('include something else than an application', async () => {
      for (const app of [undefined, null, {}, express.Router()]) {
        const refused = setupFeatureFlags(app as never, { source: scriptedFlags({ all: on }).source });
        await expect(refused).rejects.toThrow(
          /^the first argument is no Express application; call setupFeatureFlags\(app/,
        );
      }
    });

    it('include a second call for one app', async () => {
      const { app, client } = await setUp({ all: on });
      await expect(setupFeatureFlags(app, { client })).rejects.toThrow('called before on this app');
    });
  });
});

it('req.flags is typed on the Request of Express', () => {
  expectTypeOf<Request['flags']>().toEqualTypeOf<PinnedFlags>();
});
