// F65: what a mistake in one entry of a document does to clients, new ones and those that have served before.
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEdgeFlagClient } from '../../src/edge/edge-flag-client.ts';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import { fallback } from '../../src/client/options/fallback.ts';
import type { FlagClientOptions } from '../../src/client/options/options.ts';
import type { CachedSnapshot } from '../../src/ports/snapshot-cache.ts';
import type { FlagSource, ReadDocument } from '../../src/ports/source.ts';

const MISTAKE = '$.flags.bad.status: found 5, allowed: enabled, disabled, beta, canary';
const GOOD = { checkout: { status: 'enabled' }, bad: { status: 'enabled' } };
const ONE_BAD = { checkout: { status: 'enabled' }, bad: { status: 5 } };

const textOf = (flags: object): string => JSON.stringify({ schemaVersion: 1, flags });

/** A store whose document the test changes; each has another revision. */
function store(flags: object, more: Partial<ReadDocument> = {}) {
  let version = 1;
  let text = textOf(flags);
  const source: FlagSource = {
    name: 'store',
    read: async (known) => {
      const revision = { epoch: 1, version };
      const same = known !== undefined && 'version' in known && known.version === version;
      return same ? { kind: 'unchanged', revision } : { kind: 'document', text, revision, complete: true, ...more };
    },
    close: async () => undefined,
  };
  return {
    source,
    publish(next: object) {
      version += 1;
      text = textOf(next);
    },
  };
}

function open(options: FlagClientOptions) {
  const lines: string[] = [];
  const logger = { log: (entry: unknown) => void lines.push(JSON.stringify(entry)) };
  const client = createFlagClient({ variables: false, refreshMode: 'none', logger, logLevel: 'warn', ...options });
  onTestFinished(() => client.close());
  return { client, lines };
}

describe('a document with a mistake in one flag', () => {
  it('F65 gives a new client all the others, and health, log and details name the one', async () => {
    const { source } = store(ONE_BAD);
    const { client, lines } = open({ source });
    await client.ready();
    expect(client.isEnabled('checkout')).toBe(true);
    expect(client.details('bad', {}, true)).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'PARSE_ERROR',
      errorMessage: MISTAKE,
    });
    expect(client.health()).toMatchObject({
      freshness: 'fresh',
      set_aside_flags: [{ flag: 'bad', reason: MISTAKE }],
      rejected_document: null,
      last_error: null,
    });
    expect(lines.filter((line) => line.includes('set aside'))).toEqual([expect.stringContaining(MISTAKE)]);
    expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'unchanged' });
  });

  it('F65 changes nothing for a client that has the last good document, and the mended one is adopted', async () => {
    const { source, publish } = store(GOOD);
    const { client } = open({ source });
    await client.ready();
    publish({ ...ONE_BAD, checkout: { status: 'disabled' } });
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'invalid_document' });
    expect([client.isEnabled('checkout'), client.isEnabled('bad')]).toEqual([true, true]);
    expect(client.health()).toMatchObject({
      set_aside_flags: [],
      rejected_document: { message: MISTAKE, revision: '1.2' },
    });
    publish({ ...GOOD, checkout: { status: 'disabled' } });
    expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
    expect(client.isEnabled('checkout')).toBe(false);
  });

  it('F65 replaces a bootstrap by what is left, and a bootstrap itself must have none', async () => {
    const { source } = store(ONE_BAD);
    const { client } = open({ source, bootstrap: textOf({ checkout: { status: 'disabled' } }) });
    await client.ready();
    expect(client.isEnabled('checkout')).toBe(true);
    expect(client.health()).toMatchObject({ origin: { kind: 'primary' }, set_aside_flags: [{ flag: 'bad' }] });
    expect(() => open({ source, bootstrap: textOf(ONE_BAD) })).toThrow(MISTAKE);
  });

  it('F65 comes after a whole document of a fallback source, and before a fallback that is down', async () => {
    const whole = open({ source: fallback([store(ONE_BAD).source, { ...store(GOOD).source, name: 'other' }]) });
    await whole.client.ready();
    expect(whole.client.isEnabled('bad')).toBe(true);
    expect(whole.client.health()).toMatchObject({ freshness: 'degraded', rejected_document: { message: MISTAKE } });

    const both = open({ source: fallback([store(ONE_BAD).source, { ...store({ bad: null }).source, name: 'other' }]) });
    await both.client.ready();
    expect(both.client.health()).toMatchObject({ freshness: 'fresh', rejected_document: null, last_error: null });

    const down: FlagSource = { name: 'down', read: () => Promise.reject(new Error('down')), close: async () => {} };
    const left = open({ source: fallback([store(ONE_BAD).source, down]) });
    await left.client.ready();
    expect(left.client.isEnabled('checkout')).toBe(true);
    expect(left.client.health()).toMatchObject({ freshness: 'fresh', rejected_document: null, last_error: null });
  });

  it('F65 what is left is kept in the cache, and served by the process that starts while the store is down', async () => {
    let saved: CachedSnapshot | undefined;
    const cache = {
      name: 'cache',
      load: async () => saved,
      save: async (snapshot: CachedSnapshot) => {
        saved = snapshot;
      },
    };
    const first = open({ source: store(ONE_BAD).source, cache });
    await first.client.ready();
    await expect.poll(() => saved).toBeDefined();
    const down: FlagSource = { name: 'store', read: () => Promise.reject(new Error('down')), close: async () => {} };
    const { client } = open({ source: down, cache });
    await client.ready({ from: 'any' });
    expect(client.isEnabled('checkout')).toBe(true);
    expect(client.health()).toMatchObject({
      origin: { kind: 'cache' },
      cache_error: null,
      set_aside_flags: [{ flag: 'bad', reason: MISTAKE }],
    });
  });

  it('F65 a whole document from the cache stays, as the last good one', async () => {
    const saved: CachedSnapshot = {
      text: textOf(GOOD),
      revision: { epoch: 1, version: 0 },
      source: 'store',
      verifiedAtMs: 0,
    };
    const cache = { name: 'cache', load: async () => saved, save: async () => undefined };
    const { client } = open({ source: store(ONE_BAD).source, cache });
    await client.ready({ from: 'any' });
    await client.refresh();
    expect(client.isEnabled('bad')).toBe(true);
    expect(client.health()).toMatchObject({ origin: { kind: 'cache' }, rejected_document: { message: MISTAKE } });
  });

  it('F65 gives a new client at the edge all the others, too', async () => {
    const flags = createEdgeFlagClient({ source: store(ONE_BAD).source });
    await flags.ready();
    expect(flags.isEnabled('checkout')).toBe(true);
    expect(flags.details('bad', {}, true)).toMatchObject({ value: true, reason: 'ERROR', errorMessage: MISTAKE });
    expect(flags.facts().setAside).toMatchObject([{ flagKey: 'bad' }]);
  });
});

describe('a store with an entry for each flag', () => {
  const problem = {
    path: '/f/bad',
    found: 'text',
    allowed: 'a flag',
    message: 'the parameter /f/bad: found text, allowed: a flag',
  };
  const unreadable = [{ flagKey: 'bad', problem }];

  it('F65 is followed past an entry that turns bad: each is a publication of its own', async () => {
    const { source, publish } = store(GOOD, { perFlag: { unreadable: [] } });
    const { client } = open({ source });
    await client.ready();
    publish({ ...ONE_BAD, checkout: { status: 'disabled' } });
    expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
    expect(client.isEnabled('checkout')).toBe(false);
    expect(client.health()).toMatchObject({ freshness: 'fresh', set_aside_flags: [{ flag: 'bad', reason: MISTAKE }] });
  });

  it('F65 says in its own words what of an entry no flag could be made of', async () => {
    const { source } = store({ ...GOOD, bad: null, waits: null }, { perFlag: { unreadable } });
    const { client } = open({ source });
    await client.ready();
    expect(client.isEnabled('checkout')).toBe(true);
    expect(client.details('bad', {}, true).errorMessage).toBe(problem.message);
    expect(client.health().set_aside_flags).toEqual([
      { flag: 'waits', reason: expect.stringContaining('$.flags.waits: found null') },
      { flag: 'bad', reason: problem.message },
    ]);
  });

  it('F65 of which no entry is a flag is refused in those words', async () => {
    const { source } = store({ bad: null }, { perFlag: { unreadable } });
    const { client } = open({ source });
    expect(await client.refresh()).toMatchObject({ ok: false, message: `store: ${problem.message}` });
  });

  it('F50 is not harmed by a source that fills this in wrongly', async () => {
    for (const perFlag of [{}, { unreadable: 7 }, { unreadable: [null, { flagKey: 1 }, { flagKey: 'x' }] }]) {
      const { source } = store(ONE_BAD, { perFlag } as unknown as Partial<ReadDocument>);
      const { client } = open({ source });
      await client.ready();
      expect(client.health().set_aside_flags).toEqual([{ flag: 'bad', reason: MISTAKE }]);
    }
  });
});
