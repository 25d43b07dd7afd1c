// F90 A primary dies before its standby got the last commits, and the standby takes over.
import { recordingListener } from '@clarity/flags-testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watch } from '../redis/watched-client.ts';
import { type PostgresServer, startPostgres, STARTING_MS } from '../support/postgres-server.ts';
import { PRIMARY, startStandby } from '../support/postgres-standby.ts';
import { type Place, placeOn } from './place.ts';
import { documentText, eventually, never, publish, refusal, storeAt } from './postgres-clients.ts';

let primary: PostgresServer;
let standby: PostgresServer;
let place: Place;

beforeEach(async () => {
  primary = await startPostgres({ settings: PRIMARY });
  place = await placeOn(primary);
  await publish(place.writerUrl, 1);
  standby = await startStandby(primary);
}, STARTING_MS);

afterEach(async () => {
  await standby.stop();
  await primary.stop();
});

const onStandby = (url: string): string => url.replace(`:${primary.port}/`, `:${standby.port}/`);
const versionOnStandby = async (): Promise<unknown> =>
  (await standby.sql('SELECT version FROM feature_flags.documents', place.database))[0]?.[0];

it('a standby is read and examined; publishing and listening are refused there, with what to do', async () => {
  const { source, publisher, feed, inspector } = storeAt({ url: onStandby(place.writerUrl) });
  expect(await source.read(undefined, never)).toMatchObject({ text: documentText(1) });
  expect((await inspector.inspect(never)).findings.map(({ state }) => state)).toEqual(['good', 'good']);
  for (const attempt of [
    () => publisher.restore(documentText(2), never),
    () => feed.subscribe(recordingListener(), never),
  ]) {
    const error = await refusal(attempt());
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(error.message).toMatch(/standby, or read only.*address of the primary/);
  }
});

it.each([1, 5])(
  'F79 F90 %i publications that are lost leave clients where they were, and the next one reaches all of them',
  async (lost) => {
    const before = storeAt({ url: place.writerUrl });
    let { source } = before;
    // As by a name that leads to whichever server is the primary.
    const watched = watch(
      { name: 'postgres', read: (known, signal) => source.read(known, signal), close: async () => undefined },
      undefined,
      { refreshMode: 'none' },
    );
    let { revision } = await source.read(undefined, never);
    await standbyIsLeftBehind();
    for (let n = 2; n <= lost + 1; n += 1) revision = await before.publisher.publish(documentText(n), revision, never);
    await watched.client.refresh();
    await watched.serves(lost + 1);
    await primary.kill();
    await standby.sql('SELECT pg_promote()');

    const after = storeAt({ url: onStandby(place.writerUrl) });
    ({ source } = after);
    await watched.client.refresh();
    await watched.serves(lost + 1);
    expect((await source.read(undefined, never)).revision).toMatchObject({ version: 1 });
    const conflict = await refusal(after.publisher.publish(documentText(100), revision, never));
    expect(conflict).toMatchObject({ reason: 'conflict', revision: { version: 1 } });
    expect(conflict.message).toMatch(/the store lost what was published since/);
    const next = await after.publisher.restore(documentText(100), never);
    expect(next.warnings?.map(({ kind }) => kind)).toEqual(['lost-writes', 'store-restarted']);
    await watched.client.refresh();
    await watched.serves(100);
    expect(watched.said()).toMatch(/lost-writes|lost_writes/);
    // Publishing again is no surprise any more.
    expect((await after.publisher.publish(documentText(101), next, never)).warnings).toBeUndefined();
  },
  60_000,
);

/** It receives nothing more of what the primary confirms. */
async function standbyIsLeftBehind(): Promise<void> {
  await eventually(async () => expect(await versionOnStandby()).toBe('1'));
  await standby.sql("ALTER SYSTEM SET primary_conninfo = ''");
  await standby.sql('SELECT pg_reload_conf()');
  await eventually(async () => expect(await standby.sql('SELECT count(*) FROM pg_stat_wal_receiver')).toEqual([['0']]));
}
