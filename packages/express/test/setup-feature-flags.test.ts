import type { Logger } from '@clarity/flags-core';
import { bearerToken, onlyClosedRoutes, textMetrics } from '@clarity/flags-http';
import type { Application } from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setupFeatureFlags } from '../src/index.ts';
import { listen, off, on, setUp, textOf, VERSIONS } from './express-app.ts';
import { scriptedFlags } from './scripted-flags.ts';

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(VERSIONS)('%s', (_name, express) => {
  describe('the routes', () => {
    it('answer under the prefix, before the routes of the app', async () => {
      const { app } = await setUp(express(), { all: on }, { prefix: '/ops/flags' });
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
      const { app } = await setUp(express(), { all: on });
      app.use((_request, response) => void response.send('app'));
      expect(await textOf((await listen(app)) + path)).toBe('app');
    });

    it('stand relative to the app that they were set up in', async () => {
      const { app } = await setUp(express(), { all: on });
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
      await setUp(
        express(),
        { notes: on },
        { ...ours, client: undefined, environment: 'test', logger, logLevel: 'warn', refreshInterval: 5 },
      );
      expect(lines).toEqual([expect.stringMatching(/^option "refreshInterval" is not known/)]);
    });

    it('take a body that a parser has read before: a refresh that is forced is forced', async () => {
      const app: Application = express();
      app.use(express.json(), express.urlencoded({ extended: true }), express.text());
      const { client } = await setUp(app, { all: on }, { authorize: () => true });
      const refresh = vi.spyOn(client, 'refresh');
      const origin = await listen(app);
      const address = `${origin}/feature-flags/refresh`;
      const post = async (type: string, body: string) =>
        (await fetch(address, { method: 'POST', headers: { 'content-type': type }, body })).status;
      expect(await post('application/json', '{"force":true}')).toBe(200);
      expect(refresh).toHaveBeenLastCalledWith({ force: true });
      expect(await post('application/json', '{"force":1}')).toBe(400);
      expect(await post('application/json', `{"a":"${'a'.repeat(70_000)}"}`)).toBe(413);
      expect(await post('application/x-www-form-urlencoded', 'force=true')).toBe(415);
      expect(await post('text/plain', '{"force":true}')).toBe(415);
      expect((await fetch(address, { method: 'POST' })).status).toBe(200);
      expect(refresh).toHaveBeenLastCalledWith({ force: false });
      expect(refresh).toHaveBeenCalledTimes(2);
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
      expect((await fetch(`${origin}/feature-flags/health`, init)).status).toBe(405);
    });

    it('say so where a body was read before and nothing of it was left', async () => {
      const app: Application = express();
      app.use((request, _response, next) => void request.resume().once('end', next));
      const onError = vi.fn<(error: Error) => void>();
      const { client } = await setUp(app, { all: on }, { authorize: () => true, onError });
      const refresh = vi.spyOn(client, 'refresh');
      const address = `${await listen(app)}/feature-flags/refresh`;
      expect((await fetch(address, { method: 'POST', body: '{"force":true}' })).status).toBe(500);
      expect(refresh).not.toHaveBeenCalled();
      expect(onError).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({
          cause: expect.objectContaining({ message: expect.stringContaining('was read before') }),
        }),
      );
    });

    it('are closed by an authorizer, and closed too when it throws', async () => {
      const onError = vi.fn<(error: Error) => void>();
      const authorize = (request: globalThis.Request) => {
        const token = request.headers.get('authorization');
        if (token === null) throw new Error('no token');
        return token === 'Bearer right';
      };
      const { app } = await setUp(express(), { all: on }, { authorize, onError });
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
        express(),
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
      const { app } = await setUp(express(), { all: on }, { metrics: false });
      const text = await textOf(`${await listen(app)}/metrics/feature-flags/prometheus`);
      expect(text).toContain('\nfeature_flag_stale_config 0\n');
      expect(text).not.toContain('feature_flag_refresh_');
    });

    it('come from the sink that was given, if it can be read', async () => {
      const metrics = textMetrics();
      metrics.count('feature_flag_notices_total', { outcome: 'known' }, 7);
      const { app } = await setUp(express(), { all: on }, { metrics, metricsPrefix: '/m' });
      expect(await textOf(`${await listen(app)}/m/prometheus`)).toContain('{outcome="known"} 7');
    });
  });

  describe('a store that is down', () => {
    it('does not fail the start: the wait ends, it is logged, fallbacks are served', async () => {
      const lines: string[] = [];
      const logger: Logger = { log: ({ message }) => void lines.push(message) };
      const { app, store, client } = await setUp(express(), undefined, {
        readyTimeoutMs: 20,
        logger,
        logLevel: 'warn',
      });
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
      const { client } = await setUp(express(), undefined, { readyTimeoutMs: 0 });
      expect(client.freshness().state).toBe('never');
    });
  });

  describe('bad options', () => {
    it.each([
      ['prefix', { prefix: 'flags/' }, /prefix is "flags\/"/],
      [
        'readyTimeoutMs',
        { readyTimeoutMs: -1 },
        /readyTimeoutMs is -1; allowed is a whole number from 0 to 2147483647 ms/,
      ],
      ['readyTimeoutMs', { readyTimeoutMs: Number.NaN }, /readyTimeoutMs is NaN/],
      ['refreshIntervalMs', { refreshIntervalMs: -5 }, /refreshIntervalMs/],
      ['client', { client: {} }, /client and source are both given/],
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
      ['no options', undefined, /^options of setupFeatureFlags are missing; allowed is { source }, or { client }$/],
      ['null', null, /^options of setupFeatureFlags are null/],
      [
        'neither source nor client',
        {},
        /^source is missing, and so is client; allowed is { source }, such as fileSource/,
      ],
      ['null as the client', { client: null }, /^client is null; allowed is { source }/],
      ['another object as the client', { client: {} }, /^client is of type object/],
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
        await expect(refused).rejects.toThrow(/^app is .*; allowed is an Express application: setupFeatureFlags\(app/);
      }
    });

    it('include a second call for one app', async () => {
      const { app, client } = await setUp(express(), { all: on });
      await expect(setupFeatureFlags(app, { client })).rejects.toThrow(
        'app is one that setupFeatureFlags was called on before',
      );
    });
  });
});
