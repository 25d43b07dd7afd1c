import type { Application, ErrorRequestHandler, Request } from 'express';
import { describe, expect, it } from 'vitest';
import { requireFlag } from '../src/index.ts';
import { listen, setUp, VERSIONS } from './express-app.ts';

const flags = {
  insights: { status: 'beta', betaUsers: ['ada'] },
  open: { status: 'enabled' },
  shut: { status: 'disabled' },
};

describe.each(VERSIONS)('requireFlag in %s', (_name, express) => {
  async function setUpFor(stored: Record<string, unknown> | null = flags): Promise<Application> {
    const { app } = await setUp(express(), stored ?? undefined, {
      readyTimeoutMs: stored === null ? 0 : 5_000,
      context: (request: Request) => ({ targetingKey: String(request.query['user'] ?? '') }),
    });
    return app;
  }

  it('lets those on for whom the flag is on, and answers 404 to others without saying why', async () => {
    const app = await setUpFor();
    app.get('/insights', requireFlag('insights'), (_request, response) => void response.send('insights'));
    const address = await listen(app);
    expect(await (await fetch(`${address}/insights?user=ada`)).text()).toBe('insights');

    const refused = await fetch(`${address}/insights?user=bob`);
    expect(refused.status).toBe(404);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.headers.get('cache-control')).toBe('no-store');
    const text = await refused.text();
    expect(JSON.parse(text)).toEqual({ type: 'about:blank', title: 'Not Found', status: 404 });
    expect(text).not.toContain('insights');
  });

  it('guards a router and everything under it', async () => {
    const app = await setUpFor();
    const router = express.Router();
    router.get('/deep/inside', (_request, response) => void response.send('inside'));
    app.use('/shut', requireFlag('shut'), router);
    app.use('/open', requireFlag('open'), router);
    const address = await listen(app);
    expect((await fetch(`${address}/shut/deep/inside`)).status).toBe(404);
    expect(await (await fetch(`${address}/open/deep/inside`)).text()).toBe('inside');
  });

  it('gives the answer that the application wants instead', async () => {
    const app = await setUpFor();
    app.get(
      '/shut',
      requireFlag('shut', { otherwise: (_request, response) => void response.status(403).send('not yet') }),
      (_request, response) => void response.send('shut'),
    );
    app.get('/passed-on', requireFlag('shut', { otherwise: (_request, _response, next) => next('route') }));
    app.get('/passed-on', (_request, response) => void response.send('the old one'));
    const address = await listen(app);
    const refused = await fetch(`${address}/shut`);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toBe('not yet');
    expect(await (await fetch(`${address}/passed-on`)).text()).toBe('the old one');
  });

  it.each([
    ['an error', new Error('no template')],
    ['nothing at all', undefined],
    ['what would let the request on', 'route'],
  ])(
    'fails the request, and neither hangs nor lets it on, when what is answered instead rejects with %s',
    async (_what, reason) => {
      const app = await setUpFor();
      const otherwise = () => Promise.reject(reason);
      app.get('/shut', requireFlag('shut', { otherwise }), (_request, response) => void response.send('shut'));
      app.get('/shut', (_request, response) => void response.send('the next route'));
      const failures: unknown[] = [];
      const handleError: ErrorRequestHandler = (error, _request, response, _next) => {
        failures.push(error);
        response.status(500).end();
      };
      app.use(handleError);
      expect((await fetch(`${await listen(app)}/shut`)).status).toBe(500);
      expect(failures).toEqual([reason instanceof Error ? reason : expect.objectContaining({ cause: reason })]);
    },
  );

  it('is shut while there are no flags, unless its fallback says otherwise', async () => {
    const app = await setUpFor(null);
    app.get('/shut', requireFlag('open'), (_request, response) => void response.send('shut'));
    app.get('/open', requireFlag('open', { fallback: true }), (_request, response) => void response.send('open'));
    const address = await listen(app);
    expect((await fetch(`${address}/shut`)).status).toBe(404);
    expect(await (await fetch(`${address}/open`)).text()).toBe('open');
  });

  it('fails the request with a sentence where setupFeatureFlags was not called', async () => {
    const app: Application = express();
    app.get('/', requireFlag('open'));
    const failures: unknown[] = [];
    const handleError: ErrorRequestHandler = (error, _request, response, _next) => {
      failures.push(error);
      response.status(500).end();
    };
    app.use(handleError);
    expect((await fetch(await listen(app))).status).toBe(500);
    expect(failures).toEqual([expect.objectContaining({ message: expect.stringContaining('setupFeatureFlags') })]);
  });
});

it.each(['', undefined, 7])('requireFlag refuses the key %j', (key) => {
  expect(() => requireFlag(key as string)).toThrow('allowed is the key of a flag');
});

it('says what to give where its options are null', () => {
  expect(() => requireFlag('a', null as never)).toThrow(
    /^options of requireFlag are null; allowed is { fallback, otherwise }/,
  );
});
