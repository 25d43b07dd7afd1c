import { createFlagClient, type PinnedFlags } from '@clarity/flags-core';
import type { Application, Request } from 'express';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';
import { setupFeatureFlags } from '../src/index.ts';
import { forAda, listen, off, on, setUp, textOf, VERSIONS } from './express-app.ts';
import { scriptedFlags } from './scripted-flags.ts';

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(VERSIONS)('%s', (_name, express) => {
  describe('req.flags', () => {
    it('answers for the context of the request', async () => {
      const { app } = await setUp(
        express(),
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
      const { app } = await setUp(express(), { notes: forAda }, { context });
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
      const { app, store, client } = await setUp(express(), { notes: on });
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
      const { app } = await setUp(express(), { notes: on });
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
      // oxlint-disable-next-line unicorn/no-thenable -- that is what it is
      ['returns a promise of another maker', () => ({ then: (settle: (value: object) => void) => settle({}) })],
      ['returns a promise that rejects', () => Promise.reject(new Error('no database'))],
    ])('evaluates without a context when the context option %s, and the request goes on', async (_what, context) => {
      const onError = vi.fn<(error: Error) => void>();
      const { app } = await setUp(express(), { notes: forAda, all: on }, { context, onError });
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
        const { app } = await setUp(express(), { all: on }, { context: () => context });
        app.get('/', (request, response) => void response.json(request.flags.isEnabled('all')));
        expect(await textOf(await listen(app))).toBe('true');
      },
    );

    it('is logged once a minute, and without the words of the application, when its context fails in every request', async () => {
      const { app } = await setUp(
        express(),
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
      onTestFinished(() => client.close());
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
});

it('req.flags is typed on the Request of Express', () => {
  expectTypeOf<Request['flags']>().toEqualTypeOf<PinnedFlags>();
});
