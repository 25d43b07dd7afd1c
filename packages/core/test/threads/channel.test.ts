import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { FlagClient } from '../../src/client/flag-client.ts';
import type { FlagClientOptions } from '../../src/client/options/options.ts';
import { InvalidOptionsError } from '../../src/client/options/option-reader.ts';
import type { LogEntry } from '../../src/refresh/protocol.ts';
import { type FollowOptions, followFlags, shareFlags } from '../../src/threads.ts';
import { manualFeed } from '../support/manual-feed.ts';
import { holds, scriptedSource } from '../support/scripted-source.ts';

const open: { close(): unknown }[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

/** Both ends in one thread: what is asked here does not need two. */
function channel(): { readonly port1: MessagePort; readonly port2: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  return { port1, port2 };
}

function sharing(options: Partial<FlagClientOptions> = {}): FlagClient {
  const source = scriptedSource(holds(1));
  const flags = createFlagClient({ source, variables: false, logLevel: 'silent', ...options });
  open.push(flags);
  return flags;
}

function follow(port: MessagePort, options: FollowOptions = { logLevel: 'silent' }): FlagClient {
  const follower = followFlags(port, options);
  open.push(follower);
  return follower;
}

describe('a channel', () => {
  it.each([[null], [undefined], ['text'], [{ kind: 'update' }], [{ kind: 'refresh' }], [[1]]])(
    'may carry messages of an application, such as %j, at both ends',
    async (message) => {
      const { port1, port2 } = channel();
      const flags = sharing();
      shareFlags(flags, port1);
      const follower = follow(port2);
      const heard = Promise.all([once(port1, 'message'), once(port2, 'message')]);
      port2.postMessage(message);
      port1.postMessage(message);
      await heard;
      await follower.ready();
      expect(follower.isEnabled('a')).toBe(true);
    },
  );
});

describe('a follower', () => {
  it('says at once that the client which it follows is gone, and only once', async () => {
    const { port1, port2 } = channel();
    const flags = sharing();
    shareFlags(flags, port1);
    const lines: LogEntry[] = [];
    const follower = follow(port2, { logger: { log: (line) => lines.push(line) } });
    await follower.ready();
    const told = new Promise((resolve) => follower.on('error', resolve));
    const ended = once(port2, 'close');
    await flags.close();
    expect(await told).toMatchObject({ reason: 'closed', source: 'followed client' });
    await ended;
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: the client that this one follows is closed; its last good flags are served',
    ]);
    expect(follower.health()).toMatchObject({ closed: false, last_error: { reason: 'closed' } });
    expect(follower.isEnabled('a')).toBe(true);
  });

  it('shows no feed of a thread that is gone as up, though it died without a word', async () => {
    const { port1, port2 } = channel();
    const flags = sharing({ feed: manualFeed(), refreshMode: 'both' });
    shareFlags(flags, port1);
    const follower = follow(port2);
    await follower.ready();
    await vi.waitFor(() => expect(follower.health().feed).toBe('up'));
    const told = new Promise((resolve) => follower.on('error', resolve));
    port1.close();
    await told;
    expect(follower.health()).toMatchObject({ feed: 'none', feed_error: null, last_error: { reason: 'closed' } });
  });

  it('says nothing of the kind when it is closed itself', async () => {
    const { port1, port2 } = channel();
    shareFlags(sharing(), port1);
    const lines: LogEntry[] = [];
    const follower = follow(port2, { logger: { log: (line) => lines.push(line) } });
    await follower.ready();
    const ended = once(port1, 'close');
    await follower.close();
    await ended;
    expect(lines).toEqual([]);
    expect(follower.health()).toMatchObject({ closed: true, last_error: null });
  });

  it('of a client that was closed before has its last good flags', async () => {
    const { port1, port2 } = channel();
    const flags = sharing();
    await flags.ready();
    await flags.close();
    shareFlags(flags, port1);
    const follower = follow(port2);
    await follower.ready();
    expect(follower.isEnabled('a')).toBe(true);
    expect(await follower.refresh()).toMatchObject({ ok: false, reason: 'closed' });
  });

  it('refuses what is not a logger', () => {
    const { port2 } = channel();
    expect(() => follow(port2, { logger: {} as never })).toThrow(InvalidOptionsError);
  });
});
