// Rows F14 to F23 of the fault list over real HTTP: what arrives is wrong.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpStore, startHttpStore } from '../support/http-store.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { flags, type FollowedClient, followAddress, type Following } from './followed-client.ts';

const LONG_AGO_MS = Date.UTC(2026, 0, 1);

let store: HttpStore;
let proxy: TcpProxy;
let followed: FollowedClient | undefined;

beforeEach(async () => {
  store = await startHttpStore();
  proxy = await startProxy({ port: store.port });
});

afterEach(async () => {
  try {
    await followed?.finish();
  } finally {
    followed = undefined;
    await proxy.stop();
    await store.stop();
  }
});

/** A client that has read a good document with `checkout` on, through the proxy. */
async function followGood(options: Following = {}): Promise<FollowedClient> {
  store.put(flags('enabled'), { modifiedAtMs: LONG_AGO_MS });
  followed = followAddress(`http://127.0.0.1:${proxy.port}/flags.json`, options);
  await followed.client.ready();
  expect(followed.client.isEnabled('checkout')).toBe(true);
  return followed;
}

function expectLastGood({ client }: FollowedClient, revision: string | null): void {
  expect(client.isEnabled('checkout')).toBe(true);
  expect(client.health().revision).toBe(revision);
}

describe('payloads over HTTP', () => {
  it('F14 a document without flags is refused, the last good one is kept, and the breaker stays closed', async () => {
    const { client } = await followGood();
    const { revision } = client.health();
    store.put('{"schemaVersion":1,"flags":{}}', { modifiedAtMs: LONG_AGO_MS });
    for (let n = 0; n < 4; n += 1) expect(await client.refresh()).toMatchObject({ ok: false });
    expectLastGood(followed!, revision);
    expect(client.breakerState()).toBe('closed');
  });

  it.each([
    ['corrupt JSON', flags('disabled').replace('"checkout"', 'checkout')],
    ['of another schema', flags('disabled').replace('"schemaVersion": 1', '"schemaVersion": "one"')],
  ])('F15 a whole document that is %s is refused, not downloaded again, and told about', async (_what, text) => {
    const { client, sink, logged, events } = await followGood();
    const before = client.health();
    const verifiedAtMs = client.freshness().verifiedAtMs;
    store.put(text, { modifiedAtMs: LONG_AGO_MS });

    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'invalid_document' });
    const afterFirst = store.requests.length;
    for (let n = 0; n < 4; n += 1)
      expect(await client.refresh()).toMatchObject({ ok: false, reason: 'invalid_document' });

    // Asked about, and answered without a body.
    expect(store.requests.slice(afterFirst).map(({ status }) => status)).toEqual([304, 304, 304, 304]);
    expectLastGood(followed!, before.revision);
    expect(client.breakerState()).toBe('closed');
    expect(client.freshness().verifiedAtMs).toBe(verifiedAtMs);
    expect(client.health().rejected_document).toMatchObject({
      message: expect.stringMatching(/line \d+|schemaVersion/),
    });
    expect(events.filter((name) => name === 'rejected')).toEqual(['rejected']);
    expect(sink.total('feature_flag_rejected_documents_total')).toBe(1);
    expect(sink.value('feature_flag_refresh_failure_total', { error_type: 'invalid_document' })).toBe(5);
    const complaints = logged.filter(({ level }) => level === 'error');
    expect(complaints).toMatchObject([{ fields: { reason: 'invalid_document', error: expect.any(String) } }]);

    store.put(flags('disabled'), { modifiedAtMs: LONG_AGO_MS });
    expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
    expect(client.isEnabled('checkout')).toBe(false);
    expect(client.health()).toMatchObject({ healthy: true, rejected_document: null });
  });

  it('F15 what is not UTF-8 is refused and not downloaded again', async () => {
    const { client } = await followGood();
    const { revision } = client.health();
    store.put(Buffer.from(flags('disabled', 'größer'), 'latin1'), { modifiedAtMs: LONG_AGO_MS });
    expect(await client.refresh()).toMatchObject({ ok: false, message: expect.stringContaining('not UTF-8') });
    const asked = store.requests.length;
    expect(await client.refresh()).toMatchObject({ ok: false });
    expect(store.requests.slice(asked).map(({ status }) => status)).toEqual([304]);
    expectLastGood(followed!, revision);
    expect(client.breakerState()).toBe('closed');
  });

  it.each([
    ['a reset', 'reset'],
    ['an end', 'end'],
  ] as const)('F16 a body that is cut by %s is refused and counted by the breaker', async (_what, by) => {
    const { client, until } = await followGood({ breaker: { recoveryTimeoutMs: 60_000 } });
    const { revision } = client.health();
    store.put(flags('disabled', 'x'.repeat(50_000)), { modifiedAtMs: LONG_AGO_MS });
    proxy.cut();
    proxy.cutAfter(10_000, by);

    const asked = store.requests.length;
    for (let n = 0; n < 3; n += 1) expect(await client.refresh()).toMatchObject({ ok: false });
    // Each refresh and its one retry; the first attempt of all may still meet the connection that was cut.
    expect(store.requests.length - asked).toBeGreaterThanOrEqual(5);
    expect(store.requests.length - asked).toBeLessThanOrEqual(6);
    await until('the breaker is open', () => client.breakerState() === 'open');
    expectLastGood(followed!, revision);
    expect(client.health().rejected_document).toBeNull();
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'circuit_breaker_open' });

    await proxy.mend();
    expect(await client.refresh({ force: true })).toMatchObject({ ok: true, outcome: 'changed' });
    expect(client.breakerState()).toBe('closed');
    expect(client.isEnabled('checkout')).toBe(false);
  });

  it('F16 a gzip stream that ends too early is refused and counted', async () => {
    const { client } = await followGood();
    const { revision } = client.health();
    const gzip = createGzip();
    gzip.end(flags('disabled', randomBytes(20_000).toString('hex')));
    const whole = Buffer.concat((await gzip.toArray()) as Buffer[]);
    store.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(whole.subarray(0, 8_000));
    });
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'invalid' });
    expectLastGood(followed!, revision);
    expect(client.freshness().breaker.failures).toBe(1);
    expect(client.health().rejected_document).toBeNull();
  });

  it('F17 a body that differs from its announced digest is read once more', async () => {
    const { client } = await followGood();
    store.put(flags('disabled'), { modifiedAtMs: LONG_AGO_MS });
    let wrong = 1;
    const digest = `sha-256=:${Buffer.alloc(32, 7).toString('base64')}:`;
    store.answer((_request, response, serve) => {
      if (wrong > 0) response.setHeader('content-digest', digest);
      wrong -= 1;
      serve();
    });
    const asked = store.requests.length;
    expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
    expect(store.requests.length - asked).toBe(2);
    expect(client.isEnabled('checkout')).toBe(false);
  });

  it('F17 a digest that never fits keeps the last good document', async () => {
    const { client } = await followGood();
    const { revision } = client.health();
    store.put(flags('disabled'), { modifiedAtMs: LONG_AGO_MS });
    store.answer((_request, response, serve) => {
      response.setHeader('repr-digest', `sha-256=:${Buffer.alloc(32, 7).toString('base64')}:`);
      serve();
    });
    const asked = store.requests.length;
    expect(await client.refresh()).toMatchObject({
      ok: false,
      reason: 'invalid',
      message: expect.stringContaining('digest'),
    });
    expect(store.requests.length - asked).toBe(2);
    expectLastGood(followed!, revision);
  });

  it.each([
    ['text/html', 'text/html; charset=utf-8'],
    ['application/json, as some portals claim', 'application/json'],
  ])('F18 an HTML page with status 200 and the type %s counts as a store that is down', async (_what, type) => {
    const { client, until } = await followGood();
    const { revision } = client.health();
    store.answer((_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end('<!doctype html><html><body>Sign in to the guest network</body></html>');
    });
    for (let n = 0; n < 3; n += 1) expect(await client.refresh()).toMatchObject({ ok: false, reason: 'invalid' });
    await until('the breaker is open', () => client.breakerState() === 'open');
    expectLastGood(followed!, revision);
    expect(client.health().rejected_document).toBeNull();

    store.mend();
    expect(await client.refresh({ force: true })).toMatchObject({ ok: true, outcome: 'unchanged' });
  });

  it('F19 a document of 10 MB is refused with its limit, and not downloaded again', async () => {
    const { client } = await followGood();
    const { revision } = client.health();
    store.put(flags('disabled', 'x'.repeat(10_000_000)), { modifiedAtMs: LONG_AGO_MS });
    expect(await client.refresh()).toMatchObject({
      ok: false,
      reason: 'too-large',
      message: expect.stringContaining('4194304'),
    });
    const asked = store.requests.length;
    expect(await client.refresh()).toMatchObject({ ok: false });
    expect(store.requests.slice(asked).map(({ status }) => status)).toEqual([304]);
    expectLastGood(followed!, revision);
    expect(client.breakerState()).toBe('closed');
  });

  it('F20 inflation of a bomb without end stops at the cap, and its connection is dropped', async () => {
    const { client } = await followGood();
    const { revision } = client.health();
    const zeros = Buffer.alloc(1 << 20);
    let inflatedBytes = 0;
    let gone: Promise<unknown> | undefined;
    store.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      gone = once(response, 'close');
      const gzip = createGzip();
      const pour = (): void => {
        if (response.closed) return;
        inflatedBytes += zeros.length;
        if (gzip.write(zeros)) setImmediate(pour);
        else gzip.once('drain', pour);
      };
      gzip.pipe(response);
      pour();
    });
    expect(await client.refresh()).toMatchObject({
      ok: false,
      reason: 'too-large',
      message: expect.stringContaining('4194304'),
    });
    await gone;
    // What the kernel's buffers hold of zeros inflates to some hundred megabytes; without the cap it would never end.
    expect(inflatedBytes).toBeGreaterThan(4 << 20);
    expectLastGood(followed!, revision);
    expect(client.breakerState()).toBe('closed');
  });

  it('F21 JSON nested 100,000 deep is refused', async () => {
    const { client } = await followGood();
    const { revision } = client.health();
    store.put(`{"schemaVersion":1,"flags":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`, {
      modifiedAtMs: LONG_AGO_MS,
    });
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'invalid_document' });
    expectLastGood(followed!, revision);
  });

  it('F23 a byte-order mark is skipped', async () => {
    const { client } = await followGood();
    store.put(`\ufeff${flags('disabled')}`, { modifiedAtMs: LONG_AGO_MS });
    expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
    expect(client.isEnabled('checkout')).toBe(false);
  });
});
