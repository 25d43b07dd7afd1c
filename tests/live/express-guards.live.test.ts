// Handlers behind flags in real Express applications: what Express makes of a function, by more than calling it.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type FlagEvaluations, whenEnabled } from '@clarity/flags-core';
import express5, { type Application, type ErrorRequestHandler, type RequestHandler } from 'express';
import express4 from 'express-4';
import { describe, expect, it, onTestFinished } from 'vitest';

const flags = { isEnabled: (key: string) => key === 'on' } as unknown as FlagEvaluations;

/** Asks a server of this app. */
async function asking(app: Application): Promise<(path: string) => Promise<string>> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return async (path) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return `${response.status} ${await response.text()}`;
  };
}

describe.each([
  ['4', express4],
  ['5', express5],
])('F64 in Express %s', (_version, express) => {
  const fails: RequestHandler = () => {
    throw new Error('failed');
  };

  it.each([
    ['on', '500 by the new handler'],
    ['off', '500 by the old handler'],
  ])('a handler of errors is one behind a flag that is %s, and no good request reaches it', async (key, answer) => {
    const app = express();
    const handleError: ErrorRequestHandler = (_error, _request, response, _next) =>
      void response.status(500).send('by the new handler');
    const pass: ErrorRequestHandler = (error, _request, _response, next) => next(error);
    const last: ErrorRequestHandler = (_error, _request, response, _next) =>
      void response.status(500).send('by the old handler');
    app.get('/fails', fails);
    app.use(whenEnabled(key, handleError, { flags, fallback: pass }), last);
    app.get('/good', (_request, response) => void response.send('good'));
    const ask = await asking(app);
    expect([await ask('/fails'), await ask('/good')]).toEqual([answer, '200 good']);
  });

  it.each([
    ['an application', (): Application => express()],
    ['a router', (): Application => express.Router() as unknown as Application],
  ])('%s behind a flag is reached through the flag alone', async (_what, make) => {
    const inner = make();
    inner.get('/page', (_request, response) => void response.send('the new page'));
    const skip: RequestHandler = (_request, _response, next) => next();
    const app = express();
    app.use('/on', whenEnabled('on', inner as RequestHandler, { flags, fallback: skip }));
    app.use('/off', whenEnabled('off', inner as RequestHandler, { flags, fallback: skip }));
    app.use((_request, response) => void response.status(404).send('no page'));
    const ask = await asking(app);
    expect([await ask('/on/page'), await ask('/off/page')]).toEqual(['200 the new page', '404 no page']);
  });
});
