// Each store that tells its time, an hour away from ours: what clients show goes by it.
import { createFlagClient } from '@clarity/flags-core';
import type { FlagSource } from '@clarity/flags-core/ports';
import { fetchSource } from '@clarity/flags-fetch';
import { type SsmPublisherOptions, ssmPublisher, ssmSource } from '@clarity/flags-ssm';
import { startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpStore } from './support/http-store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The clock of a store, which may be set. */
type StoreClock = () => number;
/** A store with this clock, which holds one flag, published just now. */
type OpenStore = (nowMs: StoreClock, flag: object) => Promise<FlagSource>;

const documentOf = (flag: object): string => JSON.stringify({ schemaVersion: 1, flags: { open_there: flag } });

const overHttp: OpenStore = async (nowMs, flag) => {
  const store = await startHttpStore();
  onTestFinished(() => store.stop());
  store.put(documentOf(flag), { modifiedAtMs: nowMs() });
  store.answer((_request, response, serve) => {
    response.setHeader('date', new Date(nowMs()).toUTCString());
    serve();
  });
  return fetchSource({ url: store.url });
};

const inSsm =
  (layout: 'chunked' | 'single' | 'per-flag'): OpenStore =>
  async (nowMs, flag) => {
    const server = await startSsmServer({ now: nowMs });
    onTestFinished(() => server.stop());
    const place = {
      path: '/shop/flags',
      endpoint: server.endpoint,
      region: server.region,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    };
    const put = (name: string, value: string): unknown =>
      server.store.put({ name, value, type: 'String', overwrite: false }, nowMs());
    if (layout === 'single') put(place.path, documentOf(flag));
    else if (layout === 'per-flag') put(`${place.path}/open_there`, JSON.stringify(flag));
    else {
      const publisher = ssmPublisher({ ...place, layout } as SsmPublisherOptions);
      await publisher.restore(documentOf(flag), AbortSignal.timeout(5_000));
      await publisher.close();
    }
    // Not from memory, where a clock that is set meanwhile cannot be seen.
    return ssmSource({ ...place, layout, ...(layout === 'per-flag' && { minIntervalMs: 0 }) });
  };

describe.each([
  ['a web server', overHttp],
  ['a chunked document in SSM', inSsm('chunked')],
  ['one parameter in SSM', inSsm('single')],
  ['a parameter for each flag in SSM', inSsm('per-flag')],
])('a client of %s', (_, open) => {
  it.each([
    ['an hour ahead', HOUR_MS],
    ['an hour behind', -HOUR_MS],
  ])('goes by its clock when that is %s, and again when it is set', async (_where, offsetMs) => {
    let setByMs = 0;
    const nowMs = (): number => Date.now() + offsetMs + setByMs;
    const there = (ms: number): string => new Date(nowMs() + ms).toISOString();
    const flag = { status: 'enabled', schedule: { onAt: there(-30 * MINUTE_MS), offAt: there(30 * MINUTE_MS) } };
    const flags = createFlagClient({
      source: await open(nowMs, flag),
      refreshMode: 'none',
      variables: false,
      logLevel: 'silent',
    });
    onTestFinished(() => flags.close());
    await flags.ready();
    const shows = (ageMs: number): void => {
      const { clockOffsetMs, publicationAgeMs } = flags.freshness();
      // Dates on the wire have whole seconds, and the test takes some.
      expect(Math.abs((clockOffsetMs ?? 0) - offsetMs - setByMs)).toBeLessThan(MINUTE_MS);
      expect(Math.abs((publicationAgeMs ?? 0) - ageMs)).toBeLessThan(MINUTE_MS);
    };
    expect(flags.isEnabled('open_there')).toBe(true);
    shows(0);
    // Nothing new but the time.
    for (const minutes of [20, 40]) {
      setByMs = minutes * MINUTE_MS;
      expect(await flags.refresh()).toMatchObject({ ok: true, outcome: 'unchanged' });
      expect(flags.isEnabled('open_there')).toBe(minutes < 30);
      shows(setByMs);
    }
  });
});
