import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from '../../../core/test/document/random.ts';
import { same } from '../../src/diff/same.ts';
import { apply, instructionsBetween, readChange } from '../../src/index.ts';
import { drawnDocument, meaningOf, randomInstruction } from '../instructions/random-change.ts';

describe('instructions between drawn documents', () => {
  it('make the one the other, and are a change that can be read', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    for (let pair = 0; pair < sized(200, 20_000); pair++) {
      const [before, after] = [drawnDocument(random), drawnDocument(random)];
      const instructions = instructionsBetween(before, after);
      const told = (): string => JSON.stringify({ SEED: seed, pair, before, after, instructions });
      const applied = apply(before, { instructions });
      if (!applied.ok) throw new Error(`${applied.problems[0]!.message} ${told()}`);
      if (!same(meaningOf(applied.document), meaningOf(after))) throw new Error(told());
      const read = instructions.length === 0 ? undefined : readChange({ comment: '', instructions });
      if (read?.ok === false) throw new Error(`${read.problems[0]!.message} ${told()}`);
      expect(read?.change.instructions ?? []).toHaveLength(instructions.length);
    }
  });

  it('give back what a few instructions made, hardly ever by a whole flag', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    const counts = { changes: 0, fine: 0 };
    while (counts.changes < sized(500, 100_000)) {
      const [document, donor] = [drawnDocument(random), drawnDocument(random)];
      for (let draw = 0; draw < 10; draw++) {
        let after = document;
        for (let steps = 1 + random.integer(3); steps > 0; steps--) {
          const step = randomInstruction(random, after, donor);
          const applied = step.kind === 'replace' ? undefined : apply(after, { instructions: [step] });
          if (applied?.ok) after = applied.document;
        }
        const instructions = instructionsBetween(document, after);
        const told = (): string => JSON.stringify({ SEED: seed, ...counts, document, after, instructions });
        const applied = apply(document, { instructions });
        if (!applied.ok || !same(meaningOf(applied.document), meaningOf(after))) throw new Error(told());
        const back = apply(after, { instructions: instructionsBetween(after, document) });
        if (!back.ok || !same(meaningOf(back.document), meaningOf(document))) throw new Error(told());
        counts.changes++;
        if (instructions.every(({ kind }) => kind !== 'replace')) counts.fine++;
      }
    }
    expect(counts.fine / counts.changes, `SEED=${seed}`).toBeGreaterThan(0.95);
  });
});
