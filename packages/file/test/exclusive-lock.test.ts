import { filePublisher } from '@clarity/flags-file';
import { readFileSync, readlinkSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lockPath, takeLock, temporaryPath } from '../src/exclusive-lock.ts';
import { refusal, remove, sha256, temporaryDirectory } from './file-harness.ts';
import { leftIn } from './left-beside.ts';

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

/** Puts a lock in place of the present one, in one step: a publisher that waits must find no gap. */
function writeLock(holder: object | string): void {
  const prepared = join(directory, 'prepared');
  writeFileSync(prepared, typeof holder === 'string' ? holder : JSON.stringify(holder));
  renameSync(prepared, lockPath(path));
}

/** The id of a process that was here and is gone. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('the lock', () => {
  const token = 'a'.repeat(32);

  it('of a process that died here is broken at once, and its temporary file removed', async () => {
    writeLock({ format: 1, token, pid: deadProcess(), host: THIS_HOST });
    writeFileSync(temporaryPath(path, token), 'half a docum');
    const begunMs = performance.now();
    await filePublisher({ path }).publish(NEW, 'absent', NEVER);
    expect(performance.now() - begunMs).toBeLessThan(2_000);
    expect(leftIn(directory)).toEqual(['flags.json']);
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
    expect(leftIn(directory)).toEqual(['flags.json']);
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
    expect(leftIn(directory)).toEqual([]);
  });

  it('that was broken is no longer held, and its release leaves the next one alone', async () => {
    const lock = await takeLock(path, { staleAfterMs: 60_000, waitMs: 60_000 }, NEVER);
    expect(await lock.held()).toBe(true);
    writeLock({ format: 1, token, pid: process.pid, host: THIS_HOST });
    expect(await lock.held()).toBe(false);
    await lock.release();
    expect(leftIn(directory)).toEqual([basename(lockPath(path))]);
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
          // A holder that was taken for dead by mistake finds out here.
          if (await lock.held()) await Promise.resolve();
          holders -= 1;
          await lock.release();
        }),
      );
      expect(most).toBe(1);
      expect(leftIn(directory)).toEqual([]);
    }
  });

  it('is broken also when an earlier breaker died over it', async () => {
    const pid = deadProcess();
    writeLock({ format: 1, token, pid, host: THIS_HOST });
    symlinkSync(JSON.stringify({ format: 1, token: 'd'.repeat(32), pid, host: THIS_HOST }), `${lockPath(path)}.break`);
    await filePublisher({ path }).publish(NEW, 'absent', NEVER);
    expect(leftIn(directory)).toEqual(['flags.json']);
  });

  it('never deletes a file that a forged holder names', async () => {
    const victim = join(directory, 'victim.tmp');
    writeFileSync(victim, 'precious');
    writeLock({ format: 1, token: '/../victim', pid: deadProcess(), host: THIS_HOST });
    await filePublisher({ path, lockStaleAfterMs: 100 }).publish(NEW, 'absent', NEVER);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });
});
