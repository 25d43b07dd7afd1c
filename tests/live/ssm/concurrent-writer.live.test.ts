// F30: a reader beside a writer never adopts a torn document, however the two get in each other's way.
import { compareRevisions, type CountedRevision, isCounted, isStoreError } from '@clarity/flags-core/ports';
import { ssmPublisher, ssmSource } from '@clarity/flags-ssm';
import { startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { expect, it } from 'vitest';
import { runSeed, sized } from '../../../scripts/drawn-tests.ts';

const ROUNDS = sized(1_000, 10_000);
const PATH = '/shop/flags';
const never = new AbortController().signal;

it(
  `F30 ${ROUNDS} rounds of a writer beside a reader: 0 torn documents`,
  { timeout: sized(120_000, 600_000) },
  async () => {
    const seed = runSeed();
    const random = generator(seed);
    const server = await startSsmServer();
    const connect = {
      endpoint: server.endpoint,
      region: server.region,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    };
    const source = ssmSource({ layout: 'chunked', path: PATH, ...connect });
    // Old chunks are collected as early as can be, so that readers meet chunks that are gone.
    const publisher = ssmPublisher({ layout: 'chunked', path: PATH, tier: 'standard', keepChunksMs: 0, ...connect });
    const published = new Set<string>();
    const counts = { adopted: 0, unchanged: 0, refused: 0, died: 0 };
    let known: CountedRevision | undefined;

    async function write(n: number): Promise<void> {
      const text = documentOf(n, 500 + random() * 5_500, random);
      published.add(text);
      // One in ten writers dies half way.
      const dies = random() < 0.1;
      const signal = dies ? AbortSignal.timeout(Math.floor(random() * 8)) : never;
      try {
        await publisher.restore(text, signal);
      } catch (error) {
        if (!dies || !isStoreError(error)) throw error;
        counts.died += 1;
      }
    }

    async function read(): Promise<void> {
      const before = known;
      try {
        const { revision, ...result } = await source.read(before, never);
        if (!isCounted(revision)) throw new Error('the revision does not count');
        // Another read may have come by while this one was under way; within one, nothing goes back.
        const order = before === undefined ? 'newer' : compareRevisions(revision, before);
        expect(order, `SEED=${seed}: the revision went back`).not.toBe('older');
        if (result.kind === 'document') {
          expect(published.has(result.text), `SEED=${seed}: a torn document`).toBe(true);
          known = revision;
          counts.adopted += 1;
        } else {
          counts.unchanged += 1;
        }
      } catch (error) {
        // The last good one is kept; the next round reads again.
        if (!isStoreError(error)) throw error;
        counts.refused += 1;
      }
    }

    try {
      await write(0);
      for (let round = 1; round <= ROUNDS; round += 1) {
        const reads = random() < 0.8 ? [read()] : [read(), read()];
        const others = round % 20 === 0 ? [publisher.collectGarbage(never)] : [];
        await Promise.all([write(round), ...reads, ...others]);
      }
    } finally {
      await publisher.close();
      await source.close();
      await server.stop();
    }
    console.log(`SEED=${seed}: ${JSON.stringify(counts)}`);
    expect(counts.adopted, `SEED=${seed}`).toBeGreaterThan(ROUNDS / 4);
  },
);

/** Hardly compressible, so that it takes several chunks. */
function documentOf(n: number, characters: number, random: () => number): string {
  let noise = '';
  while (noise.length < characters) noise += Math.floor(random() * 2 ** 52).toString(36);
  return JSON.stringify({ schemaVersion: 1, flags: { counter: { status: 'enabled', metadata: { n, noise } } } });
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
