// How a check of an unchanged document costs no download, and why it never says "unchanged" wrongly.
import { fetchSource, type FetchSourceOptions } from '@clarity/flags-fetch';
import type { FlagSource, ReadDocument, Revision } from '@clarity/flags-core/ports';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpStore, type HttpStoreOptions, startHttpStore } from '../support/http-store.ts';

const LONG_AGO_MS = Date.UTC(2026, 0, 1, 12);
const signal = new AbortController().signal;

let store: HttpStore;
let source: FlagSource;

afterEach(async () => {
  await source.close();
  await store.stop();
});

async function open(serverOptions: HttpStoreOptions = {}, options: Partial<FetchSourceOptions> = {}): Promise<void> {
  store = await startHttpStore(serverOptions);
  source = fetchSource({ url: store.url, ...options });
}

async function readDocument(known?: Revision): Promise<ReadDocument> {
  const result = await source.read(known, signal);
  if (result.kind !== 'document') throw new Error('the read says unchanged');
  return result;
}

const document = (n: number): string =>
  JSON.stringify({ schemaVersion: 1, flags: { counter: { status: 'enabled', metadata: { n } } } });
const statuses = (): number[] => store.requests.map(({ status }) => status);

describe('a conditional read', () => {
  it.each([
    ['ETag', 'etag', 'if-none-match'],
    ['Last-Modified', 'last-modified', 'if-modified-since'],
  ] as const)('with %s costs no body', async (_what, validators, header) => {
    await open({ validators });
    store.put(document(1), { modifiedAtMs: LONG_AGO_MS });
    const { revision, publishedAtMs } = await readDocument();
    expect(await source.read(revision, signal)).toMatchObject({ kind: 'unchanged', revision });
    expect(statuses()).toEqual([200, 304]);
    expect(store.requests.map(({ headers }) => header in headers)).toEqual([false, true]);
    expect(publishedAtMs).toBe(validators === 'etag' ? undefined : LONG_AGO_MS);
  });

  it('is not made by a caller who knows nothing', async () => {
    await open();
    store.put(document(1), { modifiedAtMs: LONG_AGO_MS });
    await readDocument();
    await readDocument();
    expect(statuses()).toEqual([200, 200]);
    expect(store.requests.some(({ headers }) => 'if-none-match' in headers)).toBe(false);
  });

  it('asks about what this caller knows, not about what another client of the source has read since', async () => {
    await open();
    store.put(document(1), { modifiedAtMs: LONG_AGO_MS });
    const first = await readDocument();
    store.put(document(2), { modifiedAtMs: LONG_AGO_MS + 1_000 });
    const second = await readDocument();
    // The first client still knows the first document. With the tag of the second it would be told "unchanged".
    const caughtUp = await readDocument(first.revision);
    expect(caughtUp.text).toBe(document(2));
    expect(caughtUp.revision).toEqual(second.revision);
    expect(await source.read(second.revision, signal)).toMatchObject({ kind: 'unchanged', revision: second.revision });
  });

  it('keeps several clients of one source apart, however they take turns', async () => {
    await open();
    const known: (Revision | undefined)[] = [undefined, undefined, undefined];
    let current = '';
    for (let n = 0; n < 40; n += 1) {
      current = document(n % 5);
      store.put(current, { modifiedAtMs: LONG_AGO_MS + n * 1_000 });
      const at = (n * 7) % 3;
      const reading = [0, 1, 2].filter((index) => index !== at);
      await Promise.all(
        reading.map(async (index) => {
          const result = await source.read(known[index], signal);
          if (result.kind === 'document') expect(result.text).toBe(current);
          else expect(result.revision).toEqual(known[index]);
          known[index] = result.revision;
        }),
      );
      expect(known[(at + 1) % 3]).toEqual(known[(at + 2) % 3]);
    }
  });

  it('the same bytes under a new ETag are unchanged', async () => {
    await open({ validators: 'etag' });
    store.put(document(1), { etag: '"first"' });
    const { revision } = await readDocument();
    store.put(document(1), { etag: '"second"' });
    expect(await source.read(revision, signal)).toMatchObject({ kind: 'unchanged', revision });
    expect(await source.read(revision, signal)).toMatchObject({ kind: 'unchanged', revision });
    expect(statuses()).toEqual([200, 200, 304]);
  });

  it('the revision is the SHA-256 of the body', async () => {
    await open();
    store.put('{"schemaVersion":1}');
    const { revision } = await readDocument();
    expect(revision).toEqual({ hash: '0e9561cfb83d50990a103b3896fe249a11fe27fa28985448187f93ec12116d72' });
  });

  it('a tag that was given within a moment of the change is not trusted: two changes may share it', async () => {
    // As nginx does: the tag is made of size and seconds.
    await open();
    const nowMs = Date.now();
    store.put(document(1), { modifiedAtMs: nowMs, etag: '"6743-2a"' });
    const { revision } = await readDocument();
    store.put(document(2), { modifiedAtMs: nowMs, etag: '"6743-2a"' });
    expect((await readDocument(revision)).text).toBe(document(2));
  });

  it('a date alone is trusted a minute after the change', async () => {
    await open({ validators: 'last-modified' });
    store.put(document(1), { modifiedAtMs: Date.now() - 30_000 });
    const { revision } = await readDocument();
    expect(await source.read(revision, signal)).toMatchObject({ kind: 'unchanged' });
    expect(statuses()).toEqual([200, 200]);
    store.put(document(1), { modifiedAtMs: Date.now() - 62_000 });
    await source.read(revision, signal);
    await source.read(revision, signal);
    expect(statuses()).toEqual([200, 200, 200, 304]);
  });

  it('a 304 that names another tag is not believed', async () => {
    await open({ validators: 'etag' });
    store.put(document(1));
    const { revision } = await readDocument();
    store.put(document(2));
    store.answer((request, response, serve) => {
      if (request.headers['if-none-match'] === undefined) return serve();
      response.writeHead(304, { etag: '"something else"' }).end();
    });
    expect((await readDocument(revision)).text).toBe(document(2));
  });

  it('a 304 that nobody asked for is refused', async () => {
    await open();
    store.answer((_request, response) => void response.writeHead(304).end());
    await expect(source.read(undefined, signal)).rejects.toMatchObject({ reason: 'invalid', notADocument: true });
    await expect(source.read({ hash: 'a'.repeat(64) }, signal)).rejects.toMatchObject({
      reason: 'invalid',
      notADocument: true,
    });
  });

  it('weak tags count', async () => {
    await open({ validators: 'etag' });
    store.put(document(1), { etag: 'W/"abc"' });
    const { revision } = await readDocument();
    expect(await source.read(revision, signal)).toMatchObject({ kind: 'unchanged' });
    expect(statuses()).toEqual([200, 304]);
  });

  it('what is not a tag is not sent back', async () => {
    await open({ validators: 'etag' });
    store.put(document(1), { etag: 'not quoted' });
    const { revision } = await readDocument();
    expect(await source.read(revision, signal)).toMatchObject({ kind: 'unchanged' });
    expect(statuses()).toEqual([200, 200]);
  });

  it('asks caches on the way to look, unless told otherwise', async () => {
    await open();
    store.put(document(1));
    await readDocument();
    expect(store.requests[0]?.headers['cache-control']).toBe('no-cache');
    const patient = fetchSource({ url: store.url, headers: { 'Cache-Control': 'max-age=30' } });
    await patient.read(undefined, signal);
    expect(store.requests[1]?.headers['cache-control']).toBe('max-age=30');
    await patient.close();
  });

  it('times come from Last-Modified and Date, and from a cache only what cannot deceive', async () => {
    await open();
    store.put(document(1), { modifiedAtMs: LONG_AGO_MS });
    const { publishedAtMs, storeTimeMs } = await readDocument();
    expect(publishedAtMs).toBe(LONG_AGO_MS);
    expect(Math.abs((storeTimeMs ?? 0) - Date.now())).toBeLessThan(5_000);
    store.answer((_request, response, serve) => {
      response.setHeader('age', '600');
      serve();
    });
    const cached = await readDocument();
    expect(cached.publishedAtMs).toBe(LONG_AGO_MS);
    expect(cached.storeTimeMs).toBeUndefined();
  });
});
