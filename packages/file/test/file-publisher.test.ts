import { filePublisher } from '@clarity/flags-file';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal, remove, sha256, temporaryDirectory } from './file-harness.ts';
import { leftIn } from './left-beside.ts';

const NEVER = new AbortController().signal;
const OLD = '{"schemaVersion":1,"flags":{"old":{"status":"enabled"}}}';
const NEW = '{"schemaVersion":1,"flags":{"new":{"status":"enabled"}}}';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'flags.json');
});
afterEach(() => remove(directory));

function read(): string {
  return readFileSync(path, 'utf8');
}

describe('what is written', () => {
  it('keeps the mode of the old file, for every umask', async () => {
    for (const mode of [0o600, 0o640, 0o666]) {
      writeFileSync(path, OLD);
      chmodSync(path, mode);
      await filePublisher({ path }).publish(NEW, { hash: sha256(OLD) }, NEVER);
      expect(statSync(path).mode & 0o777).toBe(mode);
    }
  });

  it('keeps the owner of the old file, when this process may give it away', async () => {
    writeFileSync(path, OLD);
    const [user, group] = process.getuid?.() === 0 ? [65_534, 65_534] : [statSync(path).uid, statSync(path).gid];
    chownSync(path, user, group);
    await filePublisher({ path }).publish(NEW, { hash: sha256(OLD) }, NEVER);
    expect(statSync(path)).toMatchObject({ uid: user, gid: group });
    expect(read()).toBe(NEW);
  });

  it('goes to the target of a link, and the link stays', async () => {
    mkdirSync(join(directory, 'real'));
    const target = join(directory, 'real', 'target.json');
    symlinkSync(join('real', 'target.json'), path);
    const publisher = filePublisher({ path });
    const revision = await publisher.publish(OLD, 'absent', NEVER);
    await publisher.publish(NEW, revision, NEVER);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(lstatSync(target).isFile()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe(NEW);
    expect(leftIn(join(directory, 'real'))).toEqual(['target.json']);
  });

  it('leaves neither lock nor temporary file, also after a refusal', async () => {
    const publisher = filePublisher({ path });
    await publisher.publish(OLD, 'absent', NEVER);
    await refusal(publisher.publish(NEW, 'absent', NEVER));
    await refusal(publisher.publish('{}', { hash: sha256(OLD) }, NEVER));
    expect(leftIn(directory)).toEqual(['flags.json']);
  });
});

describe('a refusal', () => {
  it('F36 for a conflict says what was expected, what is there, and what to do', async () => {
    writeFileSync(path, OLD);
    const error = await refusal(filePublisher({ path }).publish(NEW, { hash: sha256(NEW) }, NEVER));
    expect(error).toMatchObject({ reason: 'conflict', retryable: false, revision: { hash: sha256(OLD) } });
    expect(error.message).toBe(
      `${path} was expected to hold ${sha256(NEW).slice(0, 12)} and holds ${sha256(OLD).slice(0, 12)}; read it again and publish on top of that`,
    );
  });

  it('for a revision of a store that counts says that a file does not', async () => {
    writeFileSync(path, OLD);
    const error = await refusal(filePublisher({ path }).publish(NEW, { epoch: 1, version: 2 }, NEVER));
    expect(error.message).toContain('a file is known by its hash and does not count');
  });

  it('for an invalid document names path and place, and does not touch the file', async () => {
    writeFileSync(path, OLD);
    const bad = '{"schemaVersion":1,"flags":{"a":{"status":"canary","rolloutPercentage":"many"}}}';
    const error = await refusal(filePublisher({ path }).publish(bad, { hash: sha256(OLD) }, NEVER));
    expect(error.reason).toBe('invalid');
    expect(error.message).toContain(`the document for ${path} was not written`);
    expect(error.message).toContain('rolloutPercentage');
    expect(read()).toBe(OLD);
  });

  it('F14 for a document without flags, unless that is allowed', async () => {
    const empty = '{"schemaVersion":1,"flags":{}}';
    expect(await refusal(filePublisher({ path }).publish(empty, 'absent', NEVER))).toMatchObject({ reason: 'invalid' });
    await filePublisher({ path, allowEmpty: true }).publish(empty, 'absent', NEVER);
    expect(read()).toBe(empty);
  });

  it('F19 for a document that is too large', async () => {
    const error = await refusal(filePublisher({ path, maxBytes: 10 }).publish(NEW, 'absent', NEVER));
    expect(error).toMatchObject({ reason: 'too-large' });
    expect(error.message).toContain('10 bytes');
  });

  it('F23 for half of a surrogate pair, which UTF-8 cannot hold', async () => {
    const halved = NEW.replace('new', 'a\uD83E');
    expect(await refusal(filePublisher({ path }).publish(halved, 'absent', NEVER))).toMatchObject({
      reason: 'invalid',
    });
  });

  it('for a directory that does not exist', async () => {
    const missing = join(directory, 'missing', 'flags.json');
    const error = await refusal(filePublisher({ path: missing }).publish(NEW, 'absent', NEVER));
    expect(error).toMatchObject({ reason: 'not-found' });
    expect(error.message).toContain(missing);
  });

  it('for a directory in place of the file', async () => {
    mkdirSync(path);
    expect(await refusal(filePublisher({ path }).restore(NEW, NEVER))).toMatchObject({ reason: 'invalid' });
  });

  it.each([
    [{ lockStaleAfterMs: 1 }, 'lockStaleAfterMs is 1; allowed is a whole number from 100 to 600000'],
    [{ maxBytes: -1 }, 'maxBytes is -1'],
  ])('for the options %j', (options, message) => {
    expect(() => filePublisher({ path, ...options })).toThrow(message);
  });
});

describe('a restore', () => {
  it('F13 goes over what is not a document, and over what is too large to read', async () => {
    writeFileSync(path, 'garbage');
    await filePublisher({ path }).restore(OLD, NEVER);
    expect(read()).toBe(OLD);
    truncateSync(path, 5_000_000);
    await filePublisher({ path }).restore(NEW, NEVER);
    expect(read()).toBe(NEW);
  });
});
