import { fileCache } from '@clarity/flags-file';
import { type CachedSnapshot, isStoreError, type StoreError } from '@clarity/flags-core/ports';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseForeign } from '../src/private-file.ts';
import { remove, sha256, temporaryDirectory } from './file-harness.ts';

const NEVER = new AbortController().signal;
const SNAPSHOT: CachedSnapshot = {
  text: '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}',
  revision: { epoch: 1_700_000_000_000, version: 7 },
  source: 'primary',
  verifiedAtMs: 1_763_812_800_000,
};

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'last-known-good.json');
});
afterEach(() => remove(directory));

async function refusal(call: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isStoreError(error)) throw new Error('the call did not reject with a StoreError');
  return error;
}

/** A sound envelope with some members changed. */
function envelope(changes: object): string {
  return JSON.stringify({ format: 1, textHash: sha256(SNAPSHOT.text), ...SNAPSHOT, ...changes });
}

function write(content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
}

describe('rights', () => {
  it('are 0600 for the file and 0700 for directories that it makes', async () => {
    const nested = join(directory, 'one', 'two', 'cache.json');
    await fileCache({ path: nested }).save(SNAPSHOT, NEVER);
    expect(statSync(nested).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'one', 'two')).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'one')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(directory, 'one', 'two'))).toEqual(['cache.json']);
  });

  it('are mended by the next save', async () => {
    write(envelope({}));
    chmodSync(path, 0o666);
    await fileCache({ path }).save(SNAPSHOT, NEVER);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each([0o620, 0o602, 0o666])('of mode %o let others write, so the cache is refused', async (mode) => {
    write(envelope({}));
    chmodSync(path, mode);
    const error = await refusal(fileCache({ path }).load(NEVER));
    expect(error).toMatchObject({ reason: 'invalid', retryable: false });
    expect(error.message).toBe(
      `refused the cache ${path}: its mode is ${mode.toString(8)}, so other users may write it; delete it, or set its mode to 600`,
    );
  });

  it('that let others read are not a reason to refuse it', async () => {
    write(envelope({}));
    chmodSync(path, 0o644);
    expect(await fileCache({ path }).load(NEVER)).toEqual(SNAPSHOT);
  });

  it('that let anyone replace it in its directory refuse it, but not in a sticky one', async () => {
    write(envelope({}));
    chmodSync(directory, 0o777);
    const error = await refusal(fileCache({ path }).load(NEVER));
    expect(error.message).toContain('its directory has mode 777, so any user may replace it');
    // To enter it, and to read it, is not to write.
    chmodSync(directory, 0o775);
    expect(await fileCache({ path }).load(NEVER)).toEqual(SNAPSHOT);
    chmodSync(directory, 0o1777);
    expect(await fileCache({ path }).load(NEVER)).toEqual(SNAPSHOT);
  });

  it('of a file of another user refuse it, of root do not', async () => {
    write(envelope({}));
    const [mine, theirs] = [1_000, 1_001];
    await expect(refuseForeign(path, { mode: 0o600, uid: theirs }, mine)).rejects.toThrow(
      `refused the cache ${path}: it belongs to user ${theirs} and this process runs as user ${mine}`,
    );
    await expect(refuseForeign(path, { mode: 0o600, uid: 0 }, mine)).resolves.toBeUndefined();
    await expect(refuseForeign(path, { mode: 0o600, uid: mine }, 0)).rejects.toThrow(`it belongs to user ${mine}`);
  });
});

describe('F53 a corrupt cache says what is wrong', () => {
  it.each([
    ['', 'it is not JSON'],
    ['{"format":1,', 'it is not JSON'],
    ['null', 'it is not a JSON object'],
    ['[]', 'its format is missing and this version reads 1'],
    [envelope({ format: 2 }), 'its format is 2 and this version reads 1'],
    [envelope({ text: 'edited by hand' }), 'its text does not match its hash'],
    [envelope({ text: 7 }), 'its text does not match its hash'],
    [envelope({ textHash: null }), 'its text does not match its hash'],
    [envelope({ source: '' }), 'it does not name its source'],
    [envelope({ verifiedAtMs: 'yesterday' }), 'it does not say when it was verified'],
    [envelope({ verifiedAtMs: -1 }), 'it does not say when it was verified'],
    [
      envelope({ verifiedAtMs: 0 }).replace('"verifiedAtMs":0', '"verifiedAtMs":1e999'),
      'it does not say when it was verified',
    ],
    [envelope({ revision: null }), 'its revision is malformed'],
    [envelope({ revision: {} }), 'its revision is malformed'],
    [envelope({ revision: { epoch: 1 } }), 'its revision is malformed'],
    [envelope({ revision: { epoch: 1, version: 2 ** 53 } }), 'its revision is malformed'],
    [envelope({ revision: { hash: '' } }), 'its revision is malformed'],
  ])('%s', async (content, found) => {
    write(content);
    const error = await refusal(fileCache({ path }).load(NEVER));
    expect(error).toMatchObject({ reason: 'invalid' });
    expect(error.message).toBe(
      `the cache ${path} is corrupt: ${found}; delete it, it is written again after the next good read`,
    );
  });

  it('F22 and members named like a prototype do nothing', async () => {
    write(envelope({}).replace('{', '{"__proto__":{"text":"polluted"},"constructor":1,'));
    expect(await fileCache({ path }).load(NEVER)).toEqual(SNAPSHOT);
    expect(({} as { text?: string }).text).toBeUndefined();
  });
});

describe('F53 a cache that cannot be used is an error with its path', () => {
  it('when a directory is in its place', async () => {
    mkdirSync(path);
    expect(await refusal(fileCache({ path }).load(NEVER))).toMatchObject({ reason: 'invalid' });
    const error = await refusal(fileCache({ path }).save(SNAPSHOT, NEVER));
    expect(error.message).toContain(path);
    expect(readdirSync(directory)).toEqual(['last-known-good.json']);
  });

  it('when a file is in its directory’s place', async () => {
    write('a file');
    const error = await refusal(fileCache({ path: join(path, 'cache.json') }).save(SNAPSHOT, NEVER));
    expect(error.message).toContain(`cannot make the directory ${path} for the cache`);
  });

  it('when it is too large to have been written by this cache', async () => {
    write('x'.repeat(100_000));
    const error = await refusal(fileCache({ path, maxBytes: 1_000 }).load(NEVER));
    expect(error).toMatchObject({ reason: 'too-large' });
  });
});

it('a link at its place is replaced by the file, and its target left alone', async () => {
  const target = join(directory, 'target');
  writeFileSync(target, 'precious');
  symlinkSync(target, path);
  await fileCache({ path }).save(SNAPSHOT, NEVER);
  expect(readFileSync(target, 'utf8')).toBe('precious');
  expect(await fileCache({ path }).load(NEVER)).toEqual(SNAPSHOT);
});

it('the largest text that may be saved can be loaded, also where JSON makes it longer', async () => {
  const text = '\u0001'.repeat(10_000);
  await fileCache({ path, maxBytes: 10_000 }).save({ ...SNAPSHOT, text }, NEVER);
  expect(await fileCache({ path, maxBytes: 10_000 }).load(NEVER)).toEqual({ ...SNAPSHOT, text });
});
