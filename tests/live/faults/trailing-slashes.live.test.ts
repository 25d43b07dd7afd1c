// F68: hosts add or strip the slash at the end of a path, or mount us below one that we do not know of. Real hosts, and
// the page in a real browser: it has to find its routes behind each.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bearerToken, createFlagHandler, type FlagHandler, onlyClosedRoutes } from '@clarity/flags-http';
import { nodeListener } from '@clarity/flags-http/node';
import { createTestClient } from '@clarity/flags-testing';
import express from 'express';
import { Hono } from 'hono';
import { appendTrailingSlash, trimTrailingSlash } from 'hono/trailing-slash';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { openPage, shows } from '../support/live-page.ts';
import { type PathProxyKind, startPathProxy } from '../support/path-proxies.ts';

const token = 'the-token-of-the-slash-test';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
}, 60_000);

afterAll(() => browser.close());

function flagRoutes(options: { readonly prefix?: string; readonly trailingSlash?: boolean } = {}): FlagHandler {
  const client = createTestClient({ new_checkout: true });
  const handler = createFlagHandler({
    client,
    page: true,
    authorize: onlyClosedRoutes(bearerToken(token)),
    ...options,
  });
  onTestFinished(() => {
    handler.closeStreams();
    return client.close();
  });
  return handler;
}

async function served(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function behind(kind: PathProxyKind, handler: FlagHandler): Promise<number> {
  const proxy = await startPathProxy(kind, await served(nodeListener(handler)));
  onTestFinished(proxy.stop);
  return proxy.port;
}

/** Hono hands everything on to us, but for what its middleware redirects. */
function inHono(middleware: ReturnType<typeof trimTrailingSlash>, handler: FlagHandler): Promise<number> {
  const app = new Hono().use(middleware).all('*', (context) => handler(context.req.raw));
  return served(nodeListener((request) => Promise.resolve(app.fetch(request))));
}

function inExpress(at: string, handler: FlagHandler): Promise<number> {
  const app = express();
  app.use(at, nodeListener(handler));
  return served(app as RequestListener);
}

interface Host {
  readonly port: () => Promise<number>;
  readonly at: string;
}

const hosts: Readonly<Record<string, Host>> = {
  'nginx that strips slashes': {
    port: () => behind('nginx that strips slashes', flagRoutes()),
    at: '/feature-flags',
  },
  'nginx that adds slashes': {
    port: () => behind('nginx that adds slashes', flagRoutes({ trailingSlash: true })),
    at: '/feature-flags',
  },
  'nginx with us below a path': {
    port: () => behind('nginx with us below a path', flagRoutes({ prefix: '/ops' })),
    at: '/far/away/ops',
  },
  'Hono that strips slashes': {
    port: () => inHono(trimTrailingSlash({ alwaysRedirect: true }), flagRoutes()),
    at: '/feature-flags',
  },
  'Hono that adds slashes': {
    port: () => inHono(appendTrailingSlash({ alwaysRedirect: true }), flagRoutes({ trailingSlash: true })),
    at: '/feature-flags',
  },
  'Express with us below a path': { port: () => inExpress('/far/away', flagRoutes()), at: '/far/away/feature-flags' },
  'Express with us as the whole of a path': {
    port: () => inExpress('/far/away', flagRoutes({ prefix: '' })),
    at: '/far/away',
  },
};

describe.each(Object.entries(hosts))('behind %s', (_name, { port, at }) => {
  it('F68 the page is found with and without a slash, and finds its routes', { timeout: 60_000 }, async () => {
    const address = `http://127.0.0.1:${await port()}${at}`;
    for (const spelling of [address, `${address}/`]) {
      const { page, complaints } = await openPage(browser, `${spelling}#token=${token}`);
      await shows(page, '#connection', 'Connected');
      await shows(page, '#flags', 'new_checkout');
      await page.getByRole('button', { name: 'Refresh now' }).click();
      await shows(page, '#refreshed', /^Done: /);
      expect(complaints).toEqual([]);
    }
  });

  it('F68 a probe comes to health by either spelling that the host makes one', async () => {
    const response = await fetch(`http://127.0.0.1:${await port()}${at}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ healthy: true });
  });
});
