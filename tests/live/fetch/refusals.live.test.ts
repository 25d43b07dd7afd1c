// What is taken for a document and what is not, and what the errors say.
import type { FetchSourceOptions } from '@clarity/flags-fetch';
import type { FlagSource } from '@clarity/flags-core/ports';
import { once } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HttpStore } from '../support/http-store.ts';
import { LONG_AGO_MS, refusalOf, secretSource, startFilledStore, TEXT as text, TOKEN } from './refused-source.ts';

const signal = new AbortController().signal;
let store: HttpStore;

beforeEach(async () => {
  store = await startFilledStore();
});

const sourceOf = (options: Partial<FetchSourceOptions> = {}): FlagSource => secretSource(store, options);

function answer(status: number, headers: OutgoingHttpHeaders = {}, body: string | Uint8Array = ''): void {
  store.answer((_request, response) => void response.writeHead(status, headers).end(body));
}

describe('the status', () => {
  it.each([
    [401, 'unauthorized', false],
    [403, 'unauthorized', false],
    [404, 'not-found', false],
    [410, 'not-found', false],
    [429, 'throttled', true],
    [408, 'unavailable', true],
    [425, 'unavailable', true],
    [500, 'unavailable', true],
    [502, 'unavailable', true],
    [503, 'unavailable', true],
    [504, 'unavailable', true],
    [400, 'unavailable', false],
    [418, 'unavailable', false],
  ])('%i is %s (retryable: %s), and the body is not repeated', async (status, reason, retryable) => {
    answer(status, { 'content-type': 'application/json' }, `{"echo":"${TOKEN}"}`);
    const error = await refusalOf(sourceOf());
    expect(error).toMatchObject({ reason, retryable, notADocument: false });
    expect(error.message).toContain(String(status));
    expect(error.message).toContain(store.url);
  });

  it.each([201, 202, 203, 204, 205, 206, 226])('%i has no document for us', async (status) => {
    answer(status, { 'content-type': 'application/json' }, status === 204 || status === 205 ? '' : text);
    expect(await refusalOf(sourceOf())).toMatchObject({ reason: 'invalid', notADocument: true });
  });

  it.each([
    ['7', 7_000],
    ['0', 0],
  ])('F28 Retry-After: %s is obeyed', async (value, ms) => {
    answer(503, { 'retry-after': value });
    expect((await refusalOf(sourceOf())).retryAfterMs).toBe(ms);
  });

  it("F28 a Retry-After date is read by the server's clock", async () => {
    answer(429, { date: 'Thu, 01 Jan 2026 12:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT' });
    expect((await refusalOf(sourceOf())).retryAfterMs).toBe(30_000);
  });

  it.each(['soon', '-5', '1.5', 'Thu, 99 Jan 2026 12:00:30 GMT'])('Retry-After: %s says nothing', async (value) => {
    answer(429, { 'retry-after': value });
    expect((await refusalOf(sourceOf())).retryAfterMs).toBeUndefined();
  });
});

describe('the content type', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/vnd.clarity.flags+json',
    'application/problem+json;v=1',
  ])('%s is JSON', async (type) => {
    answer(200, { 'content-type': type }, text);
    expect(await sourceOf().read(undefined, signal)).toMatchObject({ kind: 'document', text });
  });

  it.each([
    'text/html',
    'text/html; charset=utf-8',
    'text/plain',
    'binary/octet-stream',
    'application/jsonp',
    'text/json',
    'application/xml+json/html',
  ])('F18 %s is refused, and counts as a store that is down', async (type) => {
    answer(200, { 'content-type': type }, text);
    const error = await refusalOf(sourceOf());
    expect(error).toMatchObject({ reason: 'invalid', notADocument: true });
    expect(error.message).toContain(type.split(';')[0]);
  });

  it('must be there', async () => {
    answer(200, {}, text);
    const error = await refusalOf(sourceOf());
    expect(error).toMatchObject({
      reason: 'invalid',
      notADocument: true,
      message: expect.stringContaining('no content type'),
    });
  });

  it('of another kind is accepted when the user says so, in upper or lower case', async () => {
    answer(200, { 'content-type': 'Text/Plain; charset=utf-8' }, text);
    const source = sourceOf({ contentTypes: ['text/PLAIN'] });
    expect(await source.read(undefined, signal)).toMatchObject({ kind: 'document', text });
  });
});

describe('the size', () => {
  it('is refused from Content-Length on, without the body', async () => {
    let closed: Promise<unknown> | undefined;
    store.answer((_request, response) => {
      closed = once(response, 'close');
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5_000_000 });
      response.write('{');
    });
    expect(await refusalOf(sourceOf())).toMatchObject({ reason: 'too-large', notADocument: false });
    await closed;
  });

  it('is counted while it streams, and the connection is let go', async () => {
    let closed: Promise<unknown> | undefined;
    store.answer((_request, response) => {
      closed = once(response, 'close');
      response.writeHead(200, { 'content-type': 'application/json' });
      const pour = (): void => {
        if (response.destroyed) return;
        if (response.write('x'.repeat(10_000))) setImmediate(pour);
        else response.once('drain', pour);
      };
      pour();
    });
    expect(await refusalOf(sourceOf({ maxBytes: 100_000 }))).toMatchObject({ reason: 'too-large' });
    await closed;
  });

  it('of exactly the limit is accepted, and one byte more is not', async () => {
    const bytes = new TextEncoder().encode(text).length;
    expect(await sourceOf({ maxBytes: bytes }).read(undefined, signal)).toMatchObject({ kind: 'document', text });
    expect(await refusalOf(sourceOf({ maxBytes: bytes - 1 }))).toMatchObject({
      reason: 'too-large',
      message: expect.stringMatching(new RegExp(`${bytes} bytes.*${bytes - 1}`)),
    });
  });

  it('that is too large is not downloaded again until the document changes', async () => {
    const source = sourceOf({ maxBytes: 100 });
    store.put(text + ' '.repeat(200), { modifiedAtMs: LONG_AGO_MS });
    const { revision } = await refusalOf(source);
    expect(await source.read(revision, signal)).toMatchObject({ kind: 'unchanged', revision });
    expect(store.requests.map(({ status }) => status)).toEqual([200, 304]);
    store.put(text, { modifiedAtMs: LONG_AGO_MS });
    expect(await source.read(revision, signal)).toMatchObject({ kind: 'document', text });
  });
});

describe('the body', () => {
  it('F16 that is shorter than announced is not a document', async () => {
    store.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length + 10 });
      response.write(text, () => response.socket?.end());
    });
    expect(await refusalOf(sourceOf())).toMatchObject({ reason: 'invalid', notADocument: true, retryable: true });
  });

  it('F16 without its last chunk is not a document', async () => {
    store.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(text, () => response.socket?.end());
    });
    expect(await refusalOf(sourceOf())).toMatchObject({ reason: 'invalid', notADocument: true });
  });

  it('that is not UTF-8 is refused as a whole document, with its revision', async () => {
    answer(200, { 'content-type': 'application/json' }, Buffer.from('{"a":"größe"}', 'latin1'));
    const error = await refusalOf(sourceOf());
    expect(error).toMatchObject({ reason: 'invalid', notADocument: false, revision: { hash: expect.any(String) } });
  });

  it('F23 keeps its byte-order mark for the decoder', async () => {
    answer(200, { 'content-type': 'application/json' }, `\ufeff${text}`);
    expect(await sourceOf().read(undefined, signal)).toMatchObject({ kind: 'document', text: `\ufeff${text}` });
  });

  it('that is empty is left to the decoder', async () => {
    answer(200, { 'content-type': 'application/json' });
    expect(await sourceOf().read(undefined, signal)).toMatchObject({ kind: 'document', text: '' });
  });
});
