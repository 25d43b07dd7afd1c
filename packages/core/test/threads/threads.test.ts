import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { FlagClient } from '../../src/client/flag-client.ts';
import type { LogEntry } from '../../src/refresh/protocol.ts';
import { followFlags, shareFlags } from '../../src/threads.ts';
import type { SharerMessage } from '../../src/threads/update.ts';
import { StoreError } from '../../src/ports/store-error.ts';
import { manualFeed } from '../support/manual-feed.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

function sharing(): { source: ReturnType<typeof scriptedSource>; flags: FlagClient } {
  const source = scriptedSource(holds(1));
  const flags = createFlagClient({ source, variables: false, logLevel: 'silent' });
  open.push(flags);
  return { source, flags };
}

type Answer = Record<string, unknown>;

interface Follower {
  post(question: string): void;
  /** The worker's next message. */
  hear(): Promise<Answer>;
  ask(question: string): Promise<Answer>;
  readonly exited: Promise<unknown>;
}

function follow(flags: FlagClient): Follower {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./follower.ts', import.meta.url), {
    workerData: { flags: port2 },
    transferList: [port2],
    execArgv: ['--no-warnings'],
  });
  shareFlags(flags, port1);
  open.push({ close: () => worker.terminate() });
  const post = (question: string): void => worker.postMessage({ ask: question });
  const hear = async (): Promise<Answer> => ((await once(worker, 'message')) as [Answer])[0];
  return {
    post,
    hear,
    ask(question) {
      post(question);
      return hear();
    },
    exited: once(worker, 'exit'),
  };
}

// Starting a thread takes as long as the machine wants.
describe('F47 threads that follow', { timeout: 30_000 }, () => {
  it('serve what the sharing client serves, through its one connection', async () => {
    const { source, flags } = sharing();
    const [one, two] = [follow(flags), follow(flags)];
    const seen = await Promise.all([one.ask('ready'), two.ask('ready')]);
    for (const state of seen) {
      expect(state).toMatchObject({
        state: 'fresh',
        revision: counted(1),
        origin: { kind: 'primary', name: 'store' },
        a: true,
      });
    }
    expect(source.reads).toBe(1);
  });

  it('show why its feed is down and its cache not written', async () => {
    const feed = manualFeed();
    const flags = createFlagClient({
      source: scriptedSource(holds(1)),
      feed,
      refreshMode: 'both',
      cache: {
        name: 'disk',
        load: async () => undefined,
        save: () => Promise.reject(new StoreError('unavailable', 'no space is left')),
      },
      variables: false,
      logLevel: 'silent',
    });
    open.push(flags);
    const worker = follow(flags);
    // What is asked and what is shared come by two channels.
    const shows = (health: object): Promise<void> =>
      vi.waitFor(async () => expect(await worker.ask('state')).toMatchObject({ health }));
    await worker.ask('ready');
    await shows({ feed: 'up', feed_error: null, cache_error: { message: 'no space is left' } });
    feed.down();
    await shows({ feed: 'down', feed_error: { message: 'feed lost', source: 'feed' } });
    feed.up();
    await shows({ feed: 'up', feed_error: null });
  });

  it('refresh through it, and are told of failures like everybody else', async () => {
    const { source, flags } = sharing();
    const worker = follow(flags);
    await worker.ask('ready');
    source.behaviour = holds(2);
    expect(await worker.ask('refresh')).toMatchObject({
      result: { ok: true, outcome: 'changed', revision: counted(2) },
    });
    expect(await worker.ask('state')).toMatchObject({ revision: counted(2) });
    source.behaviour = fails('unavailable');
    for (let i = 0; i < 3; i++) await worker.ask('refresh');
    expect(await worker.ask('state')).toMatchObject({ breaker: 'open', a: true });
    expect(source.mostFlights).toBe(1);
  });

  it('F15 F90 are told once of a document that is refused, and of writes that the store lost, and a thread that comes later sees it in health', async () => {
    const { source, flags } = sharing();
    const worker = follow(flags);
    await worker.ask('ready');
    source.behaviour = { kind: 'holds', revision: counted(2), text: '{"schemaVersion":1,"flags":{}}' };
    for (let i = 0; i < 3; i++) await worker.ask('refresh');
    source.behaviour = {
      kind: 'holds',
      revision: counted(1, 2_000),
      text: documentText(1),
      ancestors: [counted(0, 0)],
    };
    for (let i = 0; i < 3; i++) await worker.ask('refresh');
    const lost_writes = { source: 'store', lost: '1000.1', adopted: '2000.1' };
    const late = follow(flags);
    await late.ask('ready');
    expect(await late.ask('state')).toMatchObject({ health: { lost_writes }, heard: [] });
    expect(await worker.ask('state')).toMatchObject({
      health: { lost_writes, rejected_document: null },
      heard: ['rejected', 'store.lost-writes'],
    });
  });

  it('are sent each document once, however often it is verified', async () => {
    const { source, flags } = sharing();
    await flags.ready();
    const { port1, port2 } = new MessageChannel();
    open.push({ close: async () => port2.close() });
    shareFlags(flags, port1);
    const documents: unknown[] = [];
    port2.on('message', (message: { 'clarity-flags': SharerMessage }) => {
      const told = message['clarity-flags'];
      if (told.kind === 'update') documents.push(told.update.served?.document?.flags);
    });
    const next = async (): Promise<unknown> => {
      const known = documents.length;
      await flags.refresh();
      await vi.waitFor(() => expect(documents.length).toBeGreaterThan(known));
      return documents.at(-1);
    };
    port2.postMessage({ 'clarity-flags': { kind: 'join' } });
    await vi.waitFor(() => expect(documents).toHaveLength(1));
    expect(documents[0]).toHaveProperty('a');
    expect(await next()).toBeUndefined();
    expect(await next()).toBeUndefined();
    source.behaviour = holds(2);
    expect(await next()).toHaveProperty('a');
    expect(await next()).toBeUndefined();
  });

  it('swap each document whole', async () => {
    const { source, flags } = sharing();
    const worker = follow(flags);
    await worker.ask('ready');
    await worker.ask('torn');
    const said = worker.hear();
    for (let version = 2; version <= 50; version++) {
      const status = version % 2 === 0 ? 'enabled' : 'disabled';
      const entries = Array.from({ length: 20 }, (_, i) => [`f${i}`, { status }]);
      const text = JSON.stringify({ schemaVersion: 1, flags: Object.fromEntries(entries) });
      source.behaviour = { kind: 'holds', revision: counted(version), text };
      await flags.refresh();
    }
    expect(await said).toEqual({ looks: 49, torn: 0 });
  });

  it('end with the client that they follow, keep their last good flags, and let their thread exit', async () => {
    const { flags } = sharing();
    const worker = follow(flags);
    await worker.ask('ready');
    await flags.close();
    expect(await worker.ask('refresh')).toMatchObject({ result: { ok: false, reason: 'closed' } });
    expect(await worker.ask('state')).toMatchObject({ a: true });
    worker.post('close');
    expect(await worker.exited).toEqual([0]);
  });

  it.each([
    ['production', 'info'],
    ['development', 'warn'],
  ])('tell of a key that no flag has as the sharing client does: in %s at %s', async (environment, level) => {
    vi.stubEnv('NODE_ENV', environment);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { flags } = sharing();
    const { port1, port2 } = new MessageChannel();
    shareFlags(flags, port1);
    const lines: LogEntry[] = [];
    const follower = followFlags(port2, { logLevel: 'info', logger: { log: (entry) => void lines.push(entry) } });
    open.push(follower);
    await follower.ready();
    expect(lines).toMatchObject([{ level: 'info', fields: { environment } }]);
    follower.isEnabled('no_such_flag');
    expect(lines.slice(1)).toMatchObject([{ level, fields: { flag: 'no_such_flag' } }]);
  });
});
