import { filePublisher } from '@clarity/flags-file';
import { isStoreError, type StoreError } from '@clarity/flags-core/ports';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lockPath, takeLock, temporaryPath } from '../src/exclusive-lock.ts';
import { replaceFile } from '../src/replace-file.ts';
import { remove, sha256, temporaryDirectory } from './file-harness.ts';

const NEVER = new AbortController().signal;
const OLD = '{"schemaVersion":1,"flags":{"old":{"status":"enabled"}}}';
const NEW = '{"schemaVersion":1,"flags":{"new":{"status":"enabled"}}}';
const THIS_HOST = `${hostname()} ${process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : process.platform}`;

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'flags.json');
});
afterEach(() => remove(directory));

async function refusal(publishing: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await publishing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isStoreError(error)) throw new Error('the publish did not reject with a StoreError');
  return error;
}

function read(): string {
  return readFileSync(path, 'utf8');
}

/** Puts a lock in place of whatever is there, in one step: a publisher that waits must find no gap. */
function writeLock(holder: object | string): void {
  const prepared = join(directory, 'prepared');
  writeFileSync(prepared, typeof holder === 'string' ? holder : JSON.stringify(holder));
  renameSync(prepared, lockPath(path));
}

/** The id of a process that was here and is gone. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('what is written', () => {
  it('keeps the mode of the old file, whatever the umask', async () => {
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
    expect(readdirSync(join(directory, 'real'))).toEqual(['target.json']);
  });

  it('leaves neither lock nor temporary file, also after a refusal', async () => {
    const publisher = filePublisher({ path });
    await publisher.publish(OLD, 'absent', NEVER);
    await refusal(publisher.publish(NEW, 'absent', NEVER));
    await refusal(publisher.publish('{}', { hash: sha256(OLD) }, NEVER));
    expect(readdirSync(directory)).toEqual(['flags.json']);
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
    [{ lockStaleAfterMs: 1 }, 'lockStaleAfterMs is 1; a whole number from 100 to 600000 is allowed'],
    [{ maxBytes: -1 }, 'maxBytes is -1'],
  ])('for the options %j', (options, message) => {
    expect(() => filePublisher({ path, ...options })).toThrow(message);
  });
});

describe('a restore', () => {
  it('F13 goes over what is no document, and over what is too large to read', async () => {
    writeFileSync(path, 'garbage');
    await filePublisher({ path }).restore(OLD, NEVER);
    expect(read()).toBe(OLD);
    truncateSync(path, 5_000_000);
    await filePublisher({ path }).restore(NEW, NEVER);
    expect(read()).toBe(NEW);
  });
});

describe('the lock', () => {
  const token = 'a'.repeat(32);

  it('of a process that died here is broken at once, and its temporary file removed', async () => {
    writeLock({ format: 1, token, pid: deadProcess(), host: THIS_HOST });
    writeFileSync(temporaryPath(path, token), 'half a docum');
    const begunMs = performance.now();
    await filePublisher({ path }).publish(NEW, 'absent', NEVER);
    expect(performance.now() - begunMs).toBeLessThan(2_000);
    expect(readdirSync(directory)).toEqual(['flags.json']);
  });

  it.each([
    ['a process on another machine', { format: 1, token, pid: 1, host: 'elsewhere pid:[1]' }],
    ['nobody who can be named', 'not a lock of ours'],
    ['a process that died before it wrote its name', ''],
  ])('of %s is broken after it was seen unchanged for as long as the option says', async (_holder, content) => {
    writeLock(content);
    const begunMs = performance.now();
    await filePublisher({ path, lockStaleAfterMs: 200 }).publish(NEW, 'absent', NEVER);
    expect(performance.now() - begunMs).toBeGreaterThanOrEqual(195);
    expect(readdirSync(directory)).toEqual(['flags.json']);
  });

  it('of a living process is waited for, and what it wrote is compared', async () => {
    writeFileSync(path, OLD);
    const lock = await takeLock(path, { staleAfterMs: 60_000, waitMs: 60_000 }, NEVER);
    const publishing = refusal(filePublisher({ path }).publish(NEW, { hash: sha256(OLD) }, NEVER));
    writeFileSync(path, OLD.replace('old', 'other'));
    await lock.release();
    expect(await publishing).toMatchObject({ reason: 'conflict' });
  });

  it('that keeps changing hands is waited for only so long, and its holder named', async () => {
    let n = 0;
    writeLock({ format: 1, token, pid: process.pid, host: THIS_HOST });
    const others = setInterval(() => {
      n += 1;
      writeLock({ format: 1, token: String(n).padStart(32, '0'), pid: process.pid, host: THIS_HOST });
    }, 10);
    onTestFinished(() => clearInterval(others));
    const error = await refusal(filePublisher({ path, lockStaleAfterMs: 1_000 }).publish(NEW, 'absent', NEVER));
    clearInterval(others);
    expect(error).toMatchObject({ reason: 'unavailable', retryable: true });
    expect(error.message).toContain(
      `another publisher (process ${process.pid} on ${THIS_HOST}) has held ${lockPath(path)}`,
    );
  });

  it('ends with an abort, and is not taken afterwards', async () => {
    writeLock({ format: 1, token, pid: process.pid, host: THIS_HOST });
    const stop = new AbortController();
    const publisher = filePublisher({ path });
    const publishing = refusal(publisher.publish(NEW, 'absent', stop.signal));
    stop.abort();
    expect(await publishing).toMatchObject({ reason: 'timeout' });
    unlinkSync(lockPath(path));
    await publisher.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('that was broken is no longer held, and its release leaves the next one alone', async () => {
    const lock = await takeLock(path, { staleAfterMs: 60_000, waitMs: 60_000 }, NEVER);
    expect(await lock.held()).toBe(true);
    writeLock({ format: 1, token, pid: process.pid, host: THIS_HOST });
    expect(await lock.held()).toBe(false);
    await lock.release();
    expect(readdirSync(directory)).toEqual([basename(lockPath(path))]);
  });

  it('of two who find it stale goes to one at a time', async () => {
    for (let round = 0; round < 10; round += 1) {
      writeLock({ format: 1, token, pid: deadProcess(), host: THIS_HOST });
      let holders = 0;
      let most = 0;
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const lock = await takeLock(path, { staleAfterMs: 60_000, waitMs: 60_000 }, NEVER);
          holders += 1;
          most = Math.max(most, holders);
          // Whoever was taken for dead by mistake finds out here.
          if (await lock.held()) await Promise.resolve();
          holders -= 1;
          await lock.release();
        }),
      );
      expect(most).toBe(1);
      expect(readdirSync(directory)).toEqual([]);
    }
  });

  it('is broken also when an earlier breaker died over it', async () => {
    const pid = deadProcess();
    writeLock({ format: 1, token, pid, host: THIS_HOST });
    symlinkSync(JSON.stringify({ format: 1, token: 'd'.repeat(32), pid, host: THIS_HOST }), `${lockPath(path)}.break`);
    await filePublisher({ path }).publish(NEW, 'absent', NEVER);
    expect(readdirSync(directory)).toEqual(['flags.json']);
  });

  it('never deletes a file that a forged holder names', async () => {
    const victim = join(directory, 'victim.tmp');
    writeFileSync(victim, 'precious');
    writeLock({ format: 1, token: '/../victim', pid: deadProcess(), host: THIS_HOST });
    await filePublisher({ path, lockStaleAfterMs: 100 }).publish(NEW, 'absent', NEVER);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });
});

describe('a replacement', () => {
  it('that is stopped right before the rename leaves the old file and no temporary one', async () => {
    writeFileSync(path, OLD);
    const stopped = replaceFile({
      path,
      temporary: temporaryPath(path, 'b'.repeat(32)),
      text: NEW,
      beforeRename: () => Promise.reject(new Error('stopped')),
    });
    expect(await refusal(stopped)).toMatchObject({ reason: 'unavailable' });
    expect(read()).toBe(OLD);
    expect(readdirSync(directory)).toEqual(['flags.json']);
  });

  it('does not follow a link that somebody put at the temporary name', async () => {
    const victim = join(directory, 'victim');
    writeFileSync(victim, 'precious');
    const temporary = temporaryPath(path, 'c'.repeat(32));
    symlinkSync(victim, temporary);
    await refusal(replaceFile({ path, temporary, text: NEW, beforeRename: async () => undefined }));
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    rmSync(victim);
  });
});
