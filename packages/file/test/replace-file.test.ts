import { readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryPath } from '../src/exclusive-lock.ts';
import { replaceFile } from '../src/replace-file.ts';
import { refusal, remove, temporaryDirectory } from './file-harness.ts';

const OLD = '{"schemaVersion":1,"flags":{"old":{"status":"enabled"}}}';
const NEW = '{"schemaVersion":1,"flags":{"new":{"status":"enabled"}}}';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'flags.json');
});
afterEach(() => remove(directory));

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
    expect(readFileSync(path, 'utf8')).toBe(OLD);
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

  it('can at no moment be read by those who may not read the old file', async () => {
    writeFileSync(path, OLD, { mode: 0o600 });
    const temporary = temporaryPath(path, 'd'.repeat(32));
    const modes: number[] = [];
    let done = false;
    // Large enough to be written in many pieces, with turns of the event loop between them.
    const replacing = replaceFile({
      path,
      temporary,
      text: ' '.repeat(8_000_000),
      beforeRename: async () => undefined,
    });
    void replacing.finally(() => {
      done = true;
    });
    while (!done) {
      const seen = statSync(temporary, { throwIfNoEntry: false });
      if (seen !== undefined) modes.push(seen.mode & 0o777);
      await new Promise(setImmediate);
    }
    expect(modes.length).toBeGreaterThan(0);
    expect(modes.filter((mode) => mode !== 0o600)).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
