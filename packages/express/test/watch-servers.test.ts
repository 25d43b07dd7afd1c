import { once } from 'node:events';
import { createServer } from 'node:http';
import { createFlagClient, type FlagClient } from '@clarity/flags-core';
import type { Application } from 'express';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { setupFeatureFlags } from '../src/index.ts';
import { watchServers } from '../src/watch-servers.ts';
import { closeServer, listen, listening, on, setUp, textOf, VERSIONS } from './express-app.ts';
import { scriptedFlags } from './scripted-flags.ts';

async function isClosed(client: FlagClient): Promise<boolean> {
  const result = await client.refresh();
  return !result.ok && result.reason === 'closed';
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(VERSIONS)('%s', (_name, express) => {
  describe('closing', () => {
    it('follows the server that app.listen made', async () => {
      const { app, client, store } = await setUp(express(), { all: on });
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
      const { app } = await setUp(express(), { all: on }, { authorize: () => true });
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
      const { app, client } = await setUp(express(), { all: on });
      const [first, second] = [app.listen(0, '127.0.0.1'), app.listen(0, '127.0.0.1')];
      await listening(first);
      await listening(second);
      await closeServer(first);
      expect(await isClosed(client)).toBe(false);
      await closeServer(second);
      expect(await isClosed(client)).toBe(true);
    });

    it('is over with the last server: one that comes and goes later closes nothing again', async () => {
      const app: Application = express();
      const watcher = { closing: vi.fn<() => void>(), closed: vi.fn<() => void>() };
      watchServers(app, undefined, watcher);
      for (let times = 1; times <= 2; times++) {
        const server = app.listen(0, '127.0.0.1');
        await listening(server);
        await closeServer(server);
        expect(watcher.closed).toHaveBeenCalledTimes(1);
        expect(watcher.closing).toHaveBeenCalledTimes(times);
      }
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
      const { app, client } = await setUp(express(), { all: on });
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
      onTestFinished(() => client.close());
      const app: Application = express();
      expect(await setupFeatureFlags(app, { client })).toBe(client);
      const server = app.listen(0, '127.0.0.1');
      await listening(server);
      await closeServer(server);
      expect(await isClosed(client)).toBe(false);
    });

    it('may be done by hand as well, before or after the server', async () => {
      const { app, client } = await setUp(express(), { all: on });
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
});
