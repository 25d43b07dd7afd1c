// From an empty database to a served flag, by the command line and by variables.
import { createFlagClientFromEnv } from '@clarity/flags-node';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { cli, file } from '../../../packages/cli/test/cli-run.ts';
import { STARTING_MS } from '../support/postgres-server.ts';
import { placeOn, type Place, stopSharedServer } from './place.ts';
import { documentText, eventually, publish } from './postgres-clients.ts';

let place: Place;

beforeEach(async () => {
  place = await placeOn();
  onTestFinished(() => place.remove());
}, STARTING_MS);

afterAll(stopSharedServer);

describe('setup', () => {
  it('makes the tables and rights that are asked for, and may be run again', async () => {
    await place.sql('DROP SCHEMA feature_flags CASCADE');
    const first = await cli(['publish', place.writerUrl, await file('flags.json', documentText(1)), '--yes']);
    expect(first).toMatchObject({ code: 3, err: expect.stringContaining('run clarity-flags setup') });
    for (let time = 1; time <= 2; time += 1) {
      const { code, out, err } = await cli([
        'setup',
        place.url,
        '--reader',
        place.reader,
        '--writer',
        place.writer,
        '--format',
        'text',
      ]);
      expect(err).toBe('');
      expect(code).toBe(0);
      expect(out).toBe(`postgres:feature_flags is set up; ${place.reader} may read; ${place.writer} may publish\n`);
    }
    const published = await cli(['publish', place.writerUrl, await file('flags.json', documentText(1)), '--yes']);
    expect(published).toMatchObject({ code: 0, err: '' });
    const shown = await cli(['show', place.readerUrl, '--raw']);
    expect(shown).toMatchObject({ code: 0, out: documentText(1) });
  });

  it('prints the statements of the schema in the address, and runs nothing', async () => {
    const { code, out } = await cli(['setup', `${place.url}?schema=other`, '--print', '--writer', 'de"ploy']);
    expect(code).toBe(0);
    expect(out).toContain('CREATE TABLE IF NOT EXISTS "other".documents');
    expect(out).toContain('TO "de""ploy";');
    expect(await place.sql("SELECT to_regnamespace('other')")).toEqual([[null]]);
    await place.sql(`CREATE ROLE "de""ploy"`);
    onTestFinished(async () => void (await place.sql('DROP OWNED BY "de""ploy"; DROP ROLE "de""ploy"')));
    await place.sql(out);
    expect(await place.sql('SELECT version FROM other.schema_version')).toEqual([['1']]);
  });

  it('says of a store that needs none that it needs none', async () => {
    const { code, out } = await cli(['setup', 'flags.json', '--format', 'text']);
    expect(code).toBe(0);
    expect(out).toMatch(/needs no setup: publish to it/);
  });
});

describe('doctor', () => {
  it('finds a store that is set up and published to sound', async () => {
    await publish(place.writerUrl, 1);
    const { code, out } = await cli(['doctor', place.readerUrl, '--format', 'text']);
    expect(code).toBe(0);
    expect(out).toMatch(/the server is that of the last publication/);
    expect(out).toMatch(/a crash loses nothing that was published/);
    expect(out).not.toMatch(/battery/);
  });
});

describe('FEATURE_FLAG_STORE_URL', () => {
  it('with a postgres: address gives source and feed of its schema and namespace', async () => {
    const url = `${place.writerUrl}?namespace=shop`;
    const first = await cli(['publish', url, await file('flags.json', documentText(1)), '--yes']);
    expect(first.code).toBe(0);
    const client = await createFlagClientFromEnv({
      variables: { ENVIRONMENT: 'production', FEATURE_FLAG_STORE_URL: `${place.readerUrl}?namespace=shop` },
      refreshIntervalMs: 120_000,
      logLevel: 'silent',
    });
    onTestFinished(() => client.close());
    await client.ready();
    expect(client.isEnabled('is_1')).toBe(true);
    await eventually(() => expect(client.health()).toMatchObject({ feed: 'up', refresh_mode: 'both' }));
    await cli(['publish', url, await file('flags.json', documentText(2)), '--yes']);
    await eventually(() => expect(client.isEnabled('is_2')).toBe(true));
  });
});
