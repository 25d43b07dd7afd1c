// Rows F24 to F26, F28 and F52 of the fault list over real HTTP: the store is slow, silent, unreachable or refuses.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpStore, startHttpStore } from '../support/http-store.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { flags, type FollowedClient, followAddress, type Following } from './followed-client.ts';

const LONG_AGO_MS = Date.UTC(2026, 0, 1);

let store: HttpStore;
let proxy: TcpProxy;
let url: string;
let followed: FollowedClient | undefined;

beforeEach(async () => {
  store = await startHttpStore();
  proxy = await startProxy({ port: store.port });
  url = `http://127.0.0.1:${proxy.port}/flags.json`;
  store.put(flags('enabled'), { modifiedAtMs: LONG_AGO_MS });
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

function follow(address: string, options: Following = {}): FollowedClient {
  followed = followAddress(address, options);
  return followed;
}

async function followGood(options: Following = {}): Promise<FollowedClient> {
  const good = follow(url, options);
  await good.client.ready();
  expect(good.client.isEnabled('checkout')).toBe(true);
  return good;
}

/** Reads every 200 ms, and gives up after 150. */
const QUICK = { refreshMode: 'periodic', refreshIntervalMs: 200, timeoutMs: 150, staleAfterMs: 60_000 } as const;

describe('an HTTP source that does not answer as it should', () => {
  it('F24 a body that drips is ended by the one deadline, and its connection with it', async () => {
    const { client } = await followGood({ timeoutMs: 400 });
    store.put(flags('disabled', 'x'.repeat(1_000)), { modifiedAtMs: LONG_AGO_MS });
    proxy.cut();
    await proxy.idle();
    proxy.trickle(1, 10);

    // The first attempt may still meet the connection that was cut.
    await client.refresh();
    const closed = proxy.nextClose();
    const beganMs = performance.now();
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'timeout' });
    expect(performance.now() - beganMs).toBeLessThan(1_500);
    await closed;
    expect(client.isEnabled('checkout')).toBe(true);
    expect(client.freshness().breaker.failures).toBe(2);

    await proxy.mend();
    expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
  });

  it('F24 headers that drip are ended by the same deadline', async () => {
    const { client } = await followGood({ timeoutMs: 300 });
    proxy.cut();
    await proxy.idle();
    proxy.trickle(1, 20);
    await client.refresh();
    const closed = proxy.nextClose();
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'timeout' });
    await closed;
  });

  it('F25 a server that accepts and never answers: timeouts, then the breaker, then by itself back', async () => {
    const { client, until, sink } = await followGood({ ...QUICK, breaker: { recoveryTimeoutMs: 300 } });
    const { revision } = client.health();
    proxy.freeze();
    await until('the breaker is open', () => client.breakerState() === 'open');
    expect(sink.value('feature_flag_refresh_failure_total', { error_type: 'timeout' })).toBeGreaterThanOrEqual(3);
    expect(client.isEnabled('checkout')).toBe(true);
    expect(client.health().revision).toBe(revision);
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'circuit_breaker_open' });

    store.put(flags('disabled'), { modifiedAtMs: LONG_AGO_MS });
    await proxy.mend();
    await until('the new flags are served', () => !client.isEnabled('checkout'));
    expect(client.breakerState()).toBe('closed');
  });

  it('F25 a half-open connection is given up, and the next attempt takes another', async () => {
    const { client, until } = await followGood({ ...QUICK, breaker: { recoveryTimeoutMs: 300 } });
    const accepted = proxy.accepted();
    proxy.drop();
    await until('a refresh failed', () => client.freshness().refreshFailures > 0);
    store.put(flags('disabled'), { modifiedAtMs: LONG_AGO_MS });
    // The connections made so far stay dead.
    await proxy.mend();
    await until('the new flags are served', () => !client.isEnabled('checkout'));
    expect(proxy.accepted()).toBeGreaterThan(accepted);
  });

  it('a server that is restarted is followed again by itself', async () => {
    const { client, until } = await followGood({ ...QUICK, breaker: { recoveryTimeoutMs: 300 } });
    await proxy.down();
    await until('the breaker is open', () => client.breakerState() === 'open');
    expect(client.health().last_error).toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('ECONN'),
    });
    store.put(flags('disabled'), { modifiedAtMs: LONG_AGO_MS });
    await proxy.mend();
    await until('the new flags are served', () => !client.isEnabled('checkout'));
    expect(client.health()).toMatchObject({ healthy: true, circuit_breaker_state: 'closed', last_error: null });
  });

  it('F26 a host name that is not found is tried again with backoff, and recovers by itself', async () => {
    let resolves = false;
    const attempts: number[] = [];
    const { client, until } = follow('https://flags.invalid/flags.json', {
      refreshMode: 'periodic',
      refreshIntervalMs: 20_000,
      staleAfterMs: 60_000,
      fetching: {
        // Until the name is found the real fetch asks the real resolver for it.
        fetch: (address, init) => {
          attempts.push(performance.now());
          return fetch(resolves ? address.replace('https://flags.invalid', store.origin) : address, init);
        },
      },
    });
    await until('the first refresh failed', () => client.health().last_error !== null);
    expect(client.health().last_error).toMatchObject({
      reason: 'unavailable',
      message: expect.stringMatching(/host name was not found \((ENOTFOUND|EAI_AGAIN)\)/),
    });
    expect(client.isEnabled('checkout')).toBe(false);
    // The refresh and its one retry.
    expect(attempts.length).toBe(2);

    resolves = true;
    await until('flags are served', () => client.isEnabled('checkout'));
    // Half a second at least, and far below the interval.
    const [, second = 0, third = 0] = attempts;
    expect(third - second).toBeGreaterThanOrEqual(490);
    expect(third - second).toBeLessThan(5_000);
  });

  it('F28 a store that throttles is asked at most once more, and not before it said', async () => {
    const { client } = await followGood({ timeoutMs: 5_000 });
    const arrivals: number[] = [];
    store.answer((_request, response) => {
      arrivals.push(performance.now());
      response.writeHead(429, { 'retry-after': '1' }).end('slow down');
    });
    const result = await client.refresh();
    expect(result).toMatchObject({ ok: false, reason: 'throttled', retryAfterMs: 1_000 });
    expect(arrivals.length).toBe(2);
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThanOrEqual(990);
    expect(client.isEnabled('checkout')).toBe(true);
  });

  it('F28 a wait beyond the deadline is not begun', async () => {
    const { client } = await followGood();
    for (const [status, reason] of [
      [429, 'throttled'],
      [503, 'unavailable'],
    ] as const) {
      const asked = store.requests.length;
      store.answer((_request, response) => {
        const until = new Date(Date.now() + 120_000).toUTCString();
        response.writeHead(status, { 'retry-after': until }).end();
      });
      const result = await client.refresh();
      expect(result).toMatchObject({ ok: false, reason });
      expect(result.ok ? 0 : result.retryAfterMs).toBeGreaterThan(115_000);
      expect(store.requests.length - asked).toBe(1);
    }
  });

  it('F28 the schedule waits as long as the store asked', async () => {
    const { client, until } = await followGood({ ...QUICK, refreshIntervalMs: 1_500, timeoutMs: 400 });
    const arrivals: number[] = [];
    store.answer((_request, response) => {
      arrivals.push(performance.now());
      response.writeHead(429, { 'retry-after': '1' }).end();
    });
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'throttled' });
    expect(arrivals.length).toBe(1);
    store.answer((_request, _response, serve) => {
      arrivals.push(performance.now());
      serve();
    });
    await until('a refresh landed', () => client.freshness().refreshFailures === 0);
    // The first backoff alone would be half a second to a second.
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('F33 credentials that expire are asked for at each read, and the new ones used', async () => {
    let token = 'tok-old';
    store.requireToken('tok-old');
    const { client } = await followGood({ fetching: { headers: async () => ({ authorization: `Bearer ${token}` }) } });
    store.requireToken('tok-new');
    expect(await client.refresh()).toMatchObject({ ok: false, reason: 'unauthorized' });
    token = 'tok-new';
    expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'unchanged' });
  });

  it('F43 close during a read that hangs settles at once, and ends the request', async () => {
    const { client } = await followGood();
    store.answer(() => undefined);
    const arrived = store.nextRequest();
    const refreshing = client.refresh();
    const request = await arrived;
    const ended = store.nextAnswer();
    await client.close();
    expect(await refreshing).toMatchObject({ ok: false, reason: 'closed' });
    await ended;
    expect(request.status).toBe(0);
  });

  it('F52 with the source down at start code defaults are served, with the reason, until it is up', async () => {
    await proxy.down();
    const { client, until, events } = follow(url, { ...QUICK, breaker: { recoveryTimeoutMs: 300 } });
    await expect(client.ready({ timeoutMs: 200 })).rejects.toThrow(/freshness: never.*ECONNREFUSED/s);
    expect(client.isEnabled('checkout')).toBe(false);
    expect(client.isEnabled('checkout', {}, true)).toBe(true);
    expect(client.health()).toMatchObject({
      healthy: false,
      freshness: 'never',
      last_error: { reason: 'unavailable' },
    });

    const ready = client.ready({ timeoutMs: 10_000 });
    await proxy.mend();
    await ready;
    await until('flags are fresh', () => client.freshness().state === 'fresh');
    expect(client.isEnabled('checkout')).toBe(true);
    expect(events.filter((name) => name === 'ready')).toEqual(['ready']);
  });

  it('F52 with the source down at start the bootstrap is served as stale, and replaced when it is up', async () => {
    await proxy.down();
    const { client, until } = follow(url, {
      ...QUICK,
      breaker: { recoveryTimeoutMs: 300 },
      bootstrap: flags('disabled'),
    });
    await client.ready({ from: 'any' });
    await until('the first refresh failed', () => client.health().last_error !== null);
    expect(client.health()).toMatchObject({
      config_stale: true,
      origin: { kind: 'bootstrap' },
      last_error: { reason: 'unavailable', message: expect.stringContaining('ECONNREFUSED') },
    });
    await proxy.mend();
    await until('the remote document is served', () => client.isEnabled('checkout'));
    expect(client.health()).toMatchObject({ config_stale: false, origin: { kind: 'primary' } });
  });
});
