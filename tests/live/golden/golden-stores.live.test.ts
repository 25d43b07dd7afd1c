// F90 The stores of earlier versions, read and published upon by the newest, and the other way round: an update disarms
// nobody.
import { createFlagClient } from '@clarity/flags-core';
import {
  compareRevisions,
  type CountedRevision,
  type FlagSource,
  isCounted,
  type Revision,
} from '@clarity/flags-core/ports';
import { redisPublisher, redisSource } from '@clarity/flags-redis';
import { ssmPublisher, ssmSource } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { silentLogger } from '@clarity/flags-testing';
import { Redis } from 'ioredis';
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';

const KEY = 'feature_flags:document';
const PATH = '/shop/flags';
const never = new AbortController().signal;

const golden = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8');
const fieldsOf = async (name: string) => JSON.parse(await golden(name)) as Readonly<Record<string, string>>;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const document = (n: number): string =>
  JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'enabled', metadata: { n } } } });

/** Whether a client over the source serves the flag that all these documents have. */
async function serves(source: FlagSource): Promise<boolean> {
  const flags = createFlagClient({ source, refreshMode: 'none', variables: false, logger: silentLogger });
  try {
    await flags.ready();
    return flags.isEnabled('new_checkout');
  } finally {
    await flags.close();
  }
}

function counted(revision: Revision): CountedRevision {
  if (isCounted(revision)) return revision;
  throw new Error('it does not count');
}

describe('F90 a hash in Redis before it had meta', () => {
  let server: RedisServer;
  let held: Readonly<Record<string, string>>;

  beforeEach(async () => {
    server = await startRedis();
    held = await fieldsOf('redis-0.0.json');
    await server.command('HSET', KEY, ...Object.entries(held).flat());
  });

  afterEach(() => server.stop());

  const revisionOf = ({ epoch, v, sha256: hash = '' }: Readonly<Record<string, string>>) => ({
    epoch: Number(epoch),
    version: Number(v),
    hash,
  });

  function publisher() {
    const opened = redisPublisher({ url: server.url });
    onTestFinished(() => opened.close());
    return opened;
  }

  /** Publishes as a program does that was not updated. */
  async function publishAsBefore(text: string, expected: CountedRevision): Promise<readonly unknown[]> {
    const redis = new Redis(server.url);
    try {
      const { epoch, version, hash = '' } = expected;
      const channel = 'feature_flags:config-changed';
      const head = '{"clarity":1,"namespace":"feature_flags","database":0,';
      return (await redis.eval(
        await golden('redis-publish-0.0.lua'),
        1,
        KEY,
        'revision',
        String(epoch),
        String(version),
        hash,
        sha256(text),
        randomUUID(),
        text,
        'PUBLISH',
        channel,
        channel,
        head,
        String(Date.now()),
      )) as unknown[];
    } finally {
      redis.disconnect();
    }
  }

  /** Reads as a program does that was not updated: its fields, all of their kind, and the hash of the document. */
  async function readAsBefore(): Promise<string> {
    const reply = (await server.command('HMGET', KEY, 'epoch', 'v', 'sha256', 'at', 'bytes', 'doc')) as string[];
    const [epoch = '', v = '', hash = '', at = '', bytes = '', doc = ''] = reply;
    for (const number of [epoch, v, at, bytes]) expect(number).toMatch(/^\d{1,16}$/);
    expect(hash).toBe(sha256(doc));
    expect(Number(bytes)).toBe(Buffer.byteLength(doc));
    return doc;
  }

  it('is read as it is, and nothing is said of what it stands on', async () => {
    const source = redisSource({ url: server.url });
    const read = await source.read(undefined, never);
    expect(read).toMatchObject({ kind: 'document', text: held['doc'], revision: revisionOf(held) });
    expect(read).not.toHaveProperty('ancestors');
    expect(await serves(source)).toBe(true);
  });

  it('is published upon and restored over, and read by a reader that was not updated', async () => {
    const before = revisionOf(held);
    const next = await publisher().publish(document(1), before, never);
    expect(next).toMatchObject({ version: 3 });
    expect(next.warnings).toBeUndefined();
    expect(compareRevisions(next, before)).toBe('newer');
    expect(await readAsBefore()).toBe(document(1));
    const source = redisSource({ url: server.url });
    const { epoch, version } = before;
    expect(await source.read(undefined, never)).toMatchObject({ ancestors: [{ epoch, version }] });
    await publisher().restore(document(2), never);
    expect(await readAsBefore()).toBe(document(2));
    expect(await serves(source)).toBe(true);
  });

  it('is published upon by publishers of both versions in turn, and every client adopts each', async () => {
    const source = redisSource({ url: server.url });
    onTestFinished(() => source.close());
    let last = counted(await publisher().publish(document(1), revisionOf(held), never));
    for (let n = 2; n <= 7; n += 2) {
      expect((await publishAsBefore(document(n), last))[0]).toBe('published');
      const theirs = await source.read(last, never);
      expect(theirs).toMatchObject({ kind: 'document', text: document(n) });
      expect(theirs).not.toHaveProperty('ancestors');
      expect(compareRevisions(theirs.revision, last)).toBe('newer');
      last = counted(await publisher().publish(document(n + 1), theirs.revision, never));
      const { epoch, version } = counted(theirs.revision);
      const ours = await source.read(theirs.revision, never);
      expect(ours).toMatchObject({ kind: 'document', text: document(n + 1), ancestors: [{ epoch, version }] });
      expect(compareRevisions(ours.revision, theirs.revision)).toBe('newer');
    }
  });
});

describe('F90 a chunked document in SSM before its manifest named what it stands on', () => {
  let server: SsmServer;
  let manifest: { readonly epoch: number; readonly v: number; readonly sha256: string };

  beforeEach(async () => {
    server = await startSsmServer();
    const parameters = await fieldsOf('ssm-0.0.json');
    for (const [name, value] of Object.entries(parameters)) {
      server.store.put({ name, value, overwrite: true, type: 'String' }, Date.now());
    }
    manifest = JSON.parse(parameters[`${PATH}/manifest`] ?? '') as typeof manifest;
  });

  afterEach(() => server.stop());

  const place = () =>
    ({
      layout: 'chunked',
      path: PATH,
      endpoint: server.endpoint,
      region: server.region,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    }) as const;

  /**
   * Reads as a program does that was not updated: the members of then, all of their kind, and the hash of the document.
   */
  function readAsBefore(): string {
    const { value } = server.store.find(`${PATH}/manifest`);
    expect(value.length).toBeLessThanOrEqual(4_096);
    const members = JSON.parse(value) as Readonly<Record<string, unknown>>;
    const { clarity, encoding, epoch, v, folder, chunks, bytes, sha256: hash, base } = members;
    expect([clarity, encoding]).toEqual([1, 'gzip-base64']);
    for (const number of [epoch, v, chunks, bytes]) expect(Number.isSafeInteger(number)).toBe(true);
    expect(folder).toMatch(/^[0-9a-f]{12}-[0-9a-f]{8}$/);
    expect(base === undefined || typeof base === 'string').toBe(true);
    const names = Array.from({ length: Number(chunks) }, (_, n) => `${String(folder)}/${String(n).padStart(3, '0')}`);
    const encoded = names.map((name) => server.store.find(`${PATH}/${name}`).value).join('');
    const text = gunzipSync(Buffer.from(encoded, 'base64')).toString();
    expect(sha256(text)).toBe(hash);
    return text;
  }

  it('is read as it is, published upon and restored over, and read by a reader that was not updated', async () => {
    const source = ssmSource(place());
    const read = await source.read(undefined, never);
    const { epoch, v: version, sha256: hash } = manifest;
    expect(read).toMatchObject({ kind: 'document', revision: { epoch, version, hash } });
    expect(read).not.toHaveProperty('ancestors');
    expect(readAsBefore()).toBe(read.kind === 'document' && read.text);

    const publisher = ssmPublisher(place());
    onTestFinished(() => publisher.close());
    const next = await publisher.publish(document(1), read.revision, never);
    expect(compareRevisions(next, read.revision)).toBe('newer');
    expect(await source.read(read.revision, never)).toMatchObject({ ancestors: [{ epoch, version }] });
    expect(readAsBefore()).toBe(document(1));
    for (let n = 2; n <= 40; n += 1) await publisher.restore(document(n), never);
    expect(readAsBefore()).toBe(document(40));
    expect(await serves(source)).toBe(true);
  });
});
