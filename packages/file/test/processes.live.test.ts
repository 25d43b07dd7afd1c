import { verify } from '@clarity/flags-changes';
import { fileHistory, filePublisher } from '@clarity/flags-file';
import { decodeDocument } from '@clarity/flags-core/adapter-kit';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../scripts/drawn-tests.ts';
import { ended, message, startChild } from './child-process.ts';
import { remove, sha256, temporaryDirectory } from './file-harness.ts';
import { leftIn } from './left-beside.ts';

const NEVER = new AbortController().signal;
const NOBODY = 65_534;
const TIMEOUT_MS = sized(60_000, 300_000);

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'flags.json');
});
afterEach(() => remove(directory));

/** The verdict on the file's history, held against the file. */
const verified = () => verify(fileHistory({ path }), { held: { hash: sha256(readFileSync(path, 'utf8')) } }, NEVER);

describe('F36 publishers in several processes', () => {
  it(
    'lose no update: each publish is there, and every other was told of a conflict',
    { timeout: TIMEOUT_MS },
    async () => {
      const [racers, each] = [4, 15];
      writeFileSync(path, '{"schemaVersion":1,"flags":{"first":{"status":"enabled"}}}');
      const children = Array.from({ length: racers }, (_, n) => startChild('race', path, `racer${n}`, String(each)));
      await Promise.all(children.map(message));
      const results = children.map(message);
      for (const child of children) child.send('go');
      const said = (await Promise.all(results)) as { won: number; conflicts: number }[];
      expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0, 0]);
      expect(said.map(({ won }) => won)).toEqual([each, each, each, each]);
      expect(said.reduce((sum, { conflicts }) => sum + conflicts, 0)).toBeGreaterThan(0);
      const { flags } = JSON.parse(readFileSync(path, 'utf8')) as { flags: object };
      const expected = Array.from({ length: racers * each }, (_, n) => `racer${n % racers}_${Math.floor(n / racers)}`);
      expect(Object.keys(flags).sort()).toEqual(['first', ...expected].sort());
      expect(leftIn(directory)).toEqual(['flags.json']);
      expect(await verified()).toMatchObject({ ok: true, entries: racers * each, findings: [] });
    },
  );

  it(
    'F35 F70 one that is killed leaves a whole document and a sound history, and the next one goes on at once',
    { timeout: TIMEOUT_MS },
    async () => {
      writeFileSync(path, '{"schemaVersion":1,"flags":{"first":{"status":"enabled"}}}');
      const publisher = filePublisher({ path });
      const seed = runSeed();
      for (let round = 0; round < sized(6, 100); round += 1) {
        const child = startChild('rewrite', path);
        await message(child);
        const delayMs = (seed + round * 37) % 97;
        await new Promise((resolve) => {
          setTimeout(resolve, delayMs);
        });
        child.kill('SIGKILL');
        await ended(child);
        expect(decodeDocument(readFileSync(path, 'utf8')).ok, `SEED=${seed}, round ${round}`).toBe(true);
        const begunMs = performance.now();
        await publisher.restore(`{"schemaVersion":1,"flags":{"r${round}":{"status":"enabled"}}}`, NEVER);
        expect(performance.now() - begunMs, `SEED=${seed}, round ${round}`).toBeLessThan(2_000);
        expect(leftIn(directory), `SEED=${seed}, round ${round}`).toEqual(['flags.json']);
      }
      await publisher.close();
      // An entry whose document never came is voided by the next: never is a document without its entry.
      expect(await verified()).toMatchObject({ ok: true, findings: [] });
    },
  );
});

describe('a process without rights', () => {
  it('F53 is told which path it may not use, in every role', { timeout: TIMEOUT_MS }, async () => {
    const secret = join(directory, 'secret.json');
    const readOnly = join(directory, 'read-only', 'flags.json');
    writeFileSync(secret, 'hunter2');
    mkdirSync(`${secret}.d`);
    mkdirSync(join(directory, 'read-only'));
    writeFileSync(readOnly, '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}');
    chmodSync(directory, 0o755);
    chmodSync(secret, 0);
    chmodSync(`${secret}.d`, 0);
    chmodSync(join(directory, 'read-only'), 0o555);

    const child = startChild('rights', secret, readOnly, String(NOBODY));
    const said = (await message(child)) as Record<string, { reason: string; message: string }>;
    expect(await ended(child)).toBe(0);
    chmodSync(`${secret}.d`, 0o755);
    chmodSync(join(directory, 'read-only'), 0o755);

    expect(said['source']).toMatchObject({ reason: 'unauthorized', message: expect.stringContaining(secret) });
    expect(said['publisher']).toMatchObject({ reason: 'unauthorized', message: expect.stringContaining(readOnly) });
    expect(said['load']).toMatchObject({ reason: 'unauthorized', message: expect.stringContaining(secret) });
    expect(said['save']).toMatchObject({ reason: 'unauthorized', message: expect.stringContaining(readOnly) });
    expect(said['feed']).toMatchObject({ reason: 'unauthorized', message: expect.stringContaining(`${secret}.d`) });
    for (const { message } of Object.values(said)) {
      expect(message).toContain('permission is denied (EACCES); give this process access');
      expect(message).not.toContain('hunter2');
    }
  });
});

describe('a process that closes nothing', () => {
  it('exits by itself', { timeout: TIMEOUT_MS }, async () => {
    expect(await ended(startChild('forgetful', directory))).toBe(0);
    expect(leftIn(directory)).toEqual(['cache.json', 'flags.json']);
  });
});
