// F90 in Parameter Store: it loses nothing by itself, but a person can put an earlier manifest back, or delete it.
import { compareRevisions, type CountedRevision, isCounted, type Revision } from '@clarity/flags-core/ports';
import { ssmPublisher, ssmSource } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { connect, failure, PATH, put, storedChunked, storedManifest } from './ssm-harness.ts';

const never = new AbortController().signal;
const MANIFEST = `${PATH}/manifest`;
const HOUR_MS = 3_600_000;

let server: SsmServer;
let nowMs: number;

beforeEach(async () => {
  nowMs = Math.trunc(Date.now() / 1_000) * 1_000;
  server = await startSsmServer({ now: () => nowMs });
});

afterEach(() => server.stop());

function publisher() {
  const opened = ssmPublisher({ layout: 'chunked', path: PATH, ...connect(server) });
  onTestFinished(() => opened.close());
  return opened;
}

function counted(revision: Revision): CountedRevision {
  if (isCounted(revision)) return revision;
  throw new Error('it does not count');
}

const document = (n: number): string =>
  JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled', metadata: { n } } } });

describe('F90 the epoch', () => {
  it('is the clock of AWS, which tells whole seconds; the clock here says where within', async () => {
    nowMs += HOUR_MS;
    const first = counted(await publisher().publish(document(1), 'absent', never));
    expect(first.epoch).toBeGreaterThanOrEqual(nowMs);
    expect(first.epoch).toBeLessThan(nowMs + 60_000);
    nowMs -= 2 * HOUR_MS;
    const second = counted(await publisher().publish(document(2), first, never));
    expect(second).toMatchObject({ epoch: first.epoch + 1, version: 2 });
  });

  it('is the clock here where that of AWS is more than half a day ahead', async () => {
    nowMs += 13 * HOUR_MS;
    const first = counted(await publisher().publish(document(1), 'absent', never));
    expect(Math.abs(first.epoch - Date.now())).toBeLessThan(60_000);
    expect(first).toMatchObject({ warnings: [{ kind: 'store-clock' }] });
  });
});

describe('F90 a manifest that was put back', () => {
  it('is published upon under an epoch above what was lost, and its publisher says so', async () => {
    const ours = publisher();
    const first = await ours.publish(document(1), 'absent', never);
    const { value } = server.store.find(MANIFEST);
    const lost = await ours.publish(document(2), first, never);
    put(server, MANIFEST, value);
    const error = await failure(ours.publish(document(3), lost, never));
    expect(error).toMatchObject({ reason: 'conflict', message: expect.stringContaining('the store lost what was') });
    const next = await ours.publish(document(3), first, never);
    expect(next.warnings).toMatchObject([{ kind: 'lost-writes' }]);
    expect(compareRevisions(next, lost)).toBe('newer');
  });

  it('names what it stands on, and a publisher that does not know that begins it anew', async () => {
    const source = ssmSource({ layout: 'chunked', path: PATH, ...connect(server) });
    const ours = publisher();
    const first = counted(await ours.publish(document(1), 'absent', never));
    const second = counted(await ours.publish(document(2), first, never));
    expect(await source.read(undefined, never)).toMatchObject({
      ancestors: [
        { epoch: first.epoch, version: 1 },
        { epoch: 0, version: 0 },
      ],
    });
    const { recent: _, ...old } = storedManifest(server);
    put(server, MANIFEST, JSON.stringify(old));
    expect(await source.read(undefined, never)).not.toHaveProperty('ancestors');
    await ours.publish(document(3), second, never);
    expect(await source.read(undefined, never)).toMatchObject({ ancestors: [{ epoch: second.epoch, version: 2 }] });
  });

  it.each([
    ['a text', 'all'],
    ['numbers', [1.2]],
    ['half a revision', ['1']],
    ['F54 numbers beyond 2^53', ['9007199254740993.1']],
    ['a flood', Array.from({ length: 65 }, () => '1.1')],
  ])('says nothing of it when that is %s, and is read', async (_, recent) => {
    const source = ssmSource({ layout: 'chunked', path: PATH, ...connect(server) });
    await publisher().publish(document(1), 'absent', never);
    put(server, MANIFEST, JSON.stringify({ ...storedManifest(server), recent }));
    const result = await source.read(undefined, never);
    expect(result).toMatchObject({ kind: 'document', text: document(1) });
    expect(result).not.toHaveProperty('ancestors');
  });
});

describe('F36 a document that is put back over that of another publisher', () => {
  /** Runs `between` before the second write from now on: the manifest of a publication in one chunk. */
  const beforeManifest = (between: () => Promise<void>): void => {
    server.before('PutParameter', () => server.before('PutParameter', between));
  };

  it('comes back under a higher epoch, so that readers of the other adopt it again, and is published upon', async () => {
    const [ours, theirs] = [publisher(), publisher()];
    const first = await ours.publish(document(0), 'absent', never);
    let won: Revision = first;
    const seen: string[] = [];
    // Ours was prepared later than theirs by an hour of AWS, and is written later.
    nowMs += HOUR_MS;
    beforeManifest(async () => {
      nowMs -= HOUR_MS;
      won = await theirs.publish(document(1), first, never);
      server.before('GetParameterHistory', async () => {
        seen.push(server.store.find(MANIFEST).value);
      });
    });
    await failure(ours.publish(document(2), first, never));
    const overwritten = JSON.parse(seen[0] ?? '{}') as { epoch: number; v: number };
    const held = storedChunked(server);
    expect(held).toMatchObject({ text: document(1), revision: { version: 2 } });
    expect(overwritten.epoch).toBeGreaterThan(counted(won).epoch);
    expect(held?.revision.epoch).toBeGreaterThan(overwritten.epoch);
    expect(await theirs.publish(document(3), won, never)).toMatchObject({ version: 3 });
  });

  it('of two restores at once the one that stays has the higher epoch', async () => {
    const [ours, theirs] = [publisher(), publisher()];
    await ours.publish(document(0), 'absent', never);
    let overwritten: Revision | undefined;
    beforeManifest(async () => {
      nowMs += HOUR_MS;
      overwritten = await theirs.restore(document(1), never);
    });
    const stays = await ours.restore(document(2), never);
    expect(storedChunked(server)).toMatchObject({ text: document(2), revision: counted(stays) });
    expect(overwritten && compareRevisions(stays, overwritten)).toBe('newer');
  });
});
