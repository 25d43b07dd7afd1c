import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createFlagHandler } from '../src/index.ts';
import { clientIn } from './client-in-state.ts';

describe('in Hono', () => {
  it('answers under a route that keeps the path', async () => {
    const flagRoutes = createFlagHandler({ client: await clientIn('fresh') });
    const app = new Hono().all('/feature-flags/*', (c) => flagRoutes(c.req.raw)).get('/', (c) => c.text('app'));
    expect(await (await app.request('/feature-flags/health')).json()).toMatchObject({ healthy: true });
    expect((await app.request('/feature-flags/health', { method: 'HEAD' })).body).toBeNull();
    expect((await app.request('/feature-flags/health', { method: 'PUT' })).headers.get('allow')).toBe(
      'GET, HEAD, OPTIONS',
    );
    expect((await app.request('/feature-flags/nothing')).headers.get('content-type')).toBe('application/problem+json');
    expect(await (await app.request('/')).text()).toBe('app');
  });

  it('answers mounted, where Hono takes its own part off the path', async () => {
    const app = new Hono().mount('/ops/flags', createFlagHandler({ client: await clientIn('fresh'), prefix: '' }));
    expect((await app.request('/ops/flags/ready?strict')).status).toBe(200);
  });

  it('leaves other paths to the application, by the list of its own', async () => {
    const flagRoutes = createFlagHandler({ client: await clientIn('never'), prefix: '/f' });
    const app = new Hono()
      .use((c, next) => (flagRoutes.paths.has(c.req.path) ? flagRoutes(c.req.raw) : next()))
      .get('/f/mine', (c) => c.text('app'));
    expect((await app.request('/f/ready')).status).toBe(503);
    expect(await (await app.request('/f/mine')).text()).toBe('app');
  });
});
