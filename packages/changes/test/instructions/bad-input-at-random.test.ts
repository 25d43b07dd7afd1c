import { decodeDocument } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { type Random, seededRandom } from '../../../core/test/document/random.ts';
import { apply, readChange } from '../../src/index.ts';
import { drawnDocument, randomInstruction } from './random-change.ts';

const JUNK: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  '',
  'on',
  '__proto__',
  [],
  [1],
  {},
  { kind: 'split' },
  { a: {} },
];

/** The same with one member, at any depth, in place of another, or gone. */
function damaged(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.2)) return random.pick(JUNK);
  const names = Object.keys(value);
  if (names.length === 0) return random.pick(JUNK);
  const name = random.pick(names);
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  if (random.chance(0.2) && !Array.isArray(value)) delete copy[name];
  else Object.defineProperty(copy, name, { ...PLAIN, value: damaged(random, copy[name]) });
  return copy;
}

const PLAIN = { enumerable: true, configurable: true, writable: true };

describe('damaged changes, drawn', () => {
  it('are complained about, or refused, or make a document that is decoded', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    const counts = { unread: 0, refused: 0, applied: 0 };
    for (let draw = 0; draw < sized(500, 50_000); draw++) {
      const [document, donor] = [drawnDocument(random), drawnDocument(random)];
      const instructions = Array.from({ length: 3 }, () => randomInstruction(random, document, donor));
      const place = random.integer(4);
      const change =
        place === 3
          ? damaged(random, { comment: '', instructions })
          : { comment: '', instructions: instructions.with(place, damaged(random, instructions[place]) as never) };
      const told = (): string => JSON.stringify({ SEED: seed, draw, document, change });
      try {
        const read = readChange(change);
        const result = read.ok ? apply(document, read.change) : undefined;
        counts[result === undefined ? 'unread' : result.ok ? 'applied' : 'refused']++;
        if (!result?.ok) continue;
        const { setAside: _, ...after } = result.document;
        if (!decodeDocument(JSON.stringify(after)).ok) throw new Error('it is not decoded');
      } catch (cause) {
        throw new Error(told(), { cause });
      }
    }
    expect(Math.min(...Object.values(counts)), JSON.stringify(counts)).toBeGreaterThan(10);
  });
});
