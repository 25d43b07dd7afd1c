import { fileSource } from '@clarity/flags-file';
import {
  isStoreError,
  type FlagSource,
  type ReadDocument,
  type Revision,
  type StoreError,
} from '@clarity/flags-core/ports';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remove, sha256, temporaryDirectory } from './file-harness.ts';

const NEVER = new AbortController().signal;
const TEXT = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';
const SAME_LENGTH = '{"schemaVersion":1,"flags":{"b":{"status":"enabled"}}}';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'flags.json');
});
afterEach(() => remove(directory));

async function document(source: FlagSource, known?: Revision): Promise<ReadDocument> {
  const result = await source.read(known, NEVER);
  if (result.kind !== 'document') throw new Error(`the read says ${result.kind}`);
  return result;
}

async function refusal(reading: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isStoreError(error)) throw new Error('the read did not reject with a StoreError');
  return error;
}

describe('what is read', () => {
  it('comes with the hash of its bytes and the time of its last modification', async () => {
    writeFileSync(path, TEXT);
    utimesSync(path, 1_763_812_800, 1_763_812_800.125);
    expect(await document(fileSource({ path }))).toEqual({
      kind: 'document',
      text: TEXT,
      complete: true,
      revision: { hash: sha256(TEXT) },
      publishedAtMs: 1_763_812_800_125,
    });
  });

  it('may be named by a file URL or a relative path', async () => {
    writeFileSync(path, TEXT);
    for (const given of [pathToFileURL(path), relative(process.cwd(), path)]) {
      expect((await document(fileSource({ path: given }))).text).toBe(TEXT);
    }
  });

  it('F23 keeps a byte-order mark, which the decoder skips', async () => {
    writeFileSync(path, `\uFEFF${TEXT}`);
    const { text, revision } = await document(fileSource({ path }));
    expect(text).toBe(`\uFEFF${TEXT}`);
    expect(revision).toEqual({ hash: sha256(text) });
  });

  it('is found through links', async () => {
    writeFileSync(path, TEXT);
    const link = join(directory, 'link.json');
    symlinkSync('flags.json', link);
    expect((await document(fileSource({ path: link }))).text).toBe(TEXT);
  });
});

describe('a change', () => {
  it('of the same length under the same time of modification is seen', async () => {
    writeFileSync(path, TEXT);
    const { atime, mtime } = statSync(path);
    const source = fileSource({ path });
    const { revision } = await document(source);
    writeFileSync(path, SAME_LENGTH);
    utimesSync(path, atime, mtime);
    expect((await document(source, revision)).text).toBe(SAME_LENGTH);
  });

  it('to the same content is unchanged', async () => {
    writeFileSync(path, TEXT);
    const source = fileSource({ path });
    const { revision } = await document(source);
    writeFileSync(`${path}.new`, TEXT);
    renameSync(`${path}.new`, path);
    expect((await source.read(revision, NEVER)).kind).toBe('unchanged');
  });

  it('that is written half is waited for', async () => {
    writeFileSync(path, TEXT);
    const source = fileSource({ path });
    const { revision } = await document(source);
    truncateSync(path);
    appendFileSync(path, SAME_LENGTH.slice(0, 30));
    setTimeout(() => appendFileSync(path, SAME_LENGTH.slice(30)), 80);
    expect((await document(source, revision)).text).toBe(SAME_LENGTH);
  });

  it('that left the file empty for a moment is waited for', async () => {
    writeFileSync(path, '');
    setTimeout(() => writeFileSync(path, TEXT), 80);
    expect((await document(fileSource({ path }))).text).toBe(TEXT);
  });

  it('that looks whole in the middle of being written is not taken half', async () => {
    const half = '{"schemaVersion":1,"flags":{"a":{"status":"disabled"}}}';
    writeFileSync(path, half);
    setTimeout(() => writeFileSync(path, TEXT), 20);
    expect((await document(fileSource({ path }))).text).toBe(TEXT);
  });

  it('by delete and create does not show the gap', async () => {
    writeFileSync(path, TEXT);
    const source = fileSource({ path });
    const { revision } = await document(source);
    rmSync(path);
    setTimeout(() => writeFileSync(path, SAME_LENGTH), 20);
    expect((await document(source, revision)).text).toBe(SAME_LENGTH);
  });

  it('that never ends makes the read unavailable, not wrong', async () => {
    writeFileSync(path, '{');
    const writer = setInterval(() => appendFileSync(path, ' '), 5);
    const error = await refusal(fileSource({ path }).read(undefined, NEVER));
    clearInterval(writer);
    expect(error).toMatchObject({ reason: 'unavailable', retryable: true });
    expect(error.message).toContain(`cannot read ${path}: it kept changing`);
  });
});

describe('F14 an empty file', () => {
  it('counts as it stands once it rests', async () => {
    writeFileSync(path, '');
    expect((await document(fileSource({ path }))).text).toBe('');
  });
});

describe('a refusal names the path, what was found, and what to do', () => {
  it('F12 for a file that does not exist', async () => {
    const error = await refusal(fileSource({ path }).read(undefined, NEVER));
    expect(error).toMatchObject({ reason: 'not-found', retryable: false });
    expect(error.message).toBe(`cannot read ${path}: it does not exist (ENOENT); create it, or correct the path`);
  });

  it('for a link to nothing', async () => {
    symlinkSync('nowhere.json', path);
    expect(await refusal(fileSource({ path }).read(undefined, NEVER))).toMatchObject({ reason: 'not-found' });
  });

  it('for a path through a file', async () => {
    writeFileSync(path, TEXT);
    const error = await refusal(fileSource({ path: join(path, 'flags.json') }).read(undefined, NEVER));
    expect(error).toMatchObject({ reason: 'not-found' });
    expect(error.message).toContain('a part of the path is not a directory');
  });

  it('for a directory', async () => {
    mkdirSync(path);
    const error = await refusal(fileSource({ path }).read(undefined, NEVER));
    expect(error).toMatchObject({ reason: 'invalid' });
    expect(error.message).toBe(`cannot read ${path}: it is a directory; name a regular file`);
  });

  it('F25 for a pipe, which would hang', async () => {
    execFileSync('mkfifo', [path]);
    const error = await refusal(fileSource({ path }).read(undefined, NEVER));
    expect(error).toMatchObject({ reason: 'invalid' });
    expect(error.message).toContain('not a regular file');
  });

  it('F19 for a file that is too large', async () => {
    writeFileSync(path, TEXT);
    const error = await refusal(fileSource({ path, maxBytes: 10 }).read(undefined, NEVER));
    expect(error).toMatchObject({ reason: 'too-large', retryable: false });
    expect(error.message).toBe(
      `${path} has ${TEXT.length} bytes and at most 10 are allowed; remove flags, or raise maxBytes`,
    );
    expect((await document(fileSource({ path, maxBytes: TEXT.length }))).text).toBe(TEXT);
  });

  it('for bytes that are not UTF-8, with the hash so that it is not read for ever', async () => {
    const bytes = Buffer.from([0x7b, 0xc3, 0x28, 0x7d]);
    writeFileSync(path, bytes);
    const error = await refusal(fileSource({ path }).read(undefined, NEVER));
    expect(error).toMatchObject({ reason: 'invalid', revision: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(error.message).toBe(`cannot read ${path}: it holds bytes that are not UTF-8; save it as UTF-8`);
  });

  it('for UTF-16, by its name', async () => {
    writeFileSync(path, Buffer.from(`\uFEFF${TEXT}`, 'utf16le'));
    const error = await refusal(fileSource({ path }).read(undefined, NEVER));
    expect(error.message).toBe(`cannot read ${path}: it is UTF-16; save it as UTF-8`);
  });
});

describe('an abort', () => {
  it('ends a read that waits for a file to rest', async () => {
    writeFileSync(path, '{');
    const stop = new AbortController();
    const reading = fileSource({ path }).read(undefined, stop.signal);
    setTimeout(() => stop.abort(), 20);
    const error = await refusal(reading);
    expect(error).toMatchObject({ reason: 'timeout', retryable: true });
    expect(error.message).toContain(`stopped by the caller before it could read ${path}`);
  });
});

describe('options', () => {
  it.each([
    [{ path: '' }, 'path is ""'],
    [{ path: 'a\0b' }, 'has no zero bytes'],
    [{ path: new URL('https://example.com/flags.json') }, 'protocol https:'],
    [{ path: 7 as unknown as string }, 'path is of type number'],
    [{ path: 'a', maxBytes: 0 }, 'maxBytes is 0; allowed is a whole number from 1 to 268435456'],
    [{ path: 'a', maxBytes: Number.NaN }, 'maxBytes is NaN'],
    [{ path: 'a', maxBytes: 2 ** 40 }, 'maxBytes is 1099511627776'],
  ])('%j are refused with name, value and what is allowed', (options, message) => {
    expect(() => fileSource(options)).toThrow(message);
  });

  it('name the source', () => {
    expect(fileSource({ path }).name).toBe('file:flags.json');
    expect(fileSource({ path, name: 'flags of the house' }).name).toBe('flags of the house');
  });
});
