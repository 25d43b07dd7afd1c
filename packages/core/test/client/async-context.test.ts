import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { FlagFeed } from '../../src/ports/feed.ts';
import type { FlagSource } from '../../src/ports/source.ts';
import { documentText } from '../support/scripted-source.ts';

const requests = new AsyncLocalStorage<string>();

/** A store that notes in whose request each call to it is made; `next` resolves with the next one. */
function watchedStore() {
  const seen: string[] = [];
  let tell: (() => void)[] = [];
  const note = (what: string): void => {
    seen.push(`${what}: ${requests.getStore() ?? 'nobody'}`);
    for (const resolve of tell) resolve();
    tell = [];
  };
  let version = 0;
  const source: FlagSource = {
    name: 'watched',
    read: async () => {
      note('read');
      version += 1;
      return { kind: 'document', revision: { epoch: 1, version }, text: documentText(version) };
    },
    close: async () => {},
  };
  return { seen, note, source, next: () => new Promise<void>((resolve) => void tell.push(resolve)) };
}

describe('F63 what goes on in the background holds no request', () => {
  it('neither by a client that is made in one, nor by a refresh that is asked for in one', async () => {
    const { seen, source, next } = watchedStore();
    const client = requests.run('of the maker', () =>
      createFlagClient({
        source,
        refreshMode: 'periodic',
        refreshIntervalMs: 20,
        refreshJitter: 0,
        variables: false,
        logLevel: 'silent',
      }),
    );
    onTestFinished(() => client.close());
    await client.ready();
    await requests.run('of the asker', () => client.refresh());
    await next();
    await next();
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(new Set(seen)).toEqual(new Set(['read: nobody']));
  });

  it('nor by a feed, whose subscription and timers are the background’s, and what it brings about', async () => {
    const { seen, note, source, next } = watchedStore();
    let notice = (): void => {};
    const feed: FlagFeed = {
      name: 'watched',
      subscribe: async (listener) => {
        note('subscribe');
        notice = () => listener.notice({ kind: 'changed' });
        setTimeout(() => note('timer of the feed'), 0);
      },
      close: async () => {},
    };
    const client = requests.run('of the maker', () =>
      createFlagClient({
        source,
        feed,
        refreshMode: 'pubsub',
        minNoticeGapMs: 1,
        noticeSpreadMs: 0,
        variables: false,
        logLevel: 'silent',
      }),
    );
    onTestFinished(() => client.close());
    await client.ready();
    const read = next();
    requests.run('of a publisher', () => notice());
    await read;
    await next();
    expect(new Set(seen)).toEqual(new Set(['subscribe: nobody', 'read: nobody', 'timer of the feed: nobody']));
  });

  it('listeners and sinks hear of it outside of requests; the hooks of an evaluation stay with who asked', async () => {
    const { source } = watchedStore();
    const seen: string[] = [];
    const note = (what: string): void => void seen.push(`${what}: ${requests.getStore() ?? 'nobody'}`);
    let delivered = (): void => {};
    const delivery = new Promise<void>((resolve) => {
      delivered = resolve;
    });
    const variant = { type: 'string', variants: { x: 'x' }, fallthrough: 'x' };
    const client = createFlagClient({
      source: {
        ...source,
        read: async () => ({
          kind: 'document',
          revision: { hash: 'h' },
          text: JSON.stringify({ schemaVersion: 1, flags: { v: variant } }),
        }),
      },
      refreshMode: 'none',
      variables: false,
      logLevel: 'info',
      logger: { log: () => note('log') },
      hooks: [{ before: () => note('hook') }],
      exposures: {
        sink: () => {
          note('exposures');
          delivered();
        },
      },
    });
    onTestFinished(() => client.close());
    client.on('ready', () => note('listener'));
    await requests.run('of one who asks', async () => {
      await client.refresh();
      expect(requests.getStore()).toBe('of one who asks');
      client.details('v', { targetingKey: 'u' }, 'none');
    });
    await delivery;
    expect(new Set(seen)).toEqual(
      new Set(['log: nobody', 'listener: nobody', 'hook: of one who asks', 'exposures: nobody']),
    );
  });

  it('so that nothing of a request is held once it is over', async () => {
    const program = fileURLToPath(new URL('../support/request-in-memory.ts', import.meta.url));
    const child = spawn(process.execPath, ['--expose-gc', '--experimental-transform-types', '--no-warnings', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await once(child, 'close');
    expect(JSON.parse(output)).toEqual({ made: 'collected', refreshed: 'collected', reads: 'some', control: 'held' });
  }, 30_000);
});
