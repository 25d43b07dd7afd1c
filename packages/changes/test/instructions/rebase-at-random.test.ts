import type { FlagDocument } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { type Random, seededRandom } from '../../../core/test/document/random.ts';
import { same } from '../../src/diff/same.ts';
import { type Change, type Instruction, rebase } from '../../src/index.ts';
import { drawnDocument, meaningOf, randomInstruction } from './random-change.ts';
import { thingsOf, touch } from './things.ts';

/** A change that its author can make, as it would be without the other's, with what it replaces. */
function authored(random: Random, document: FlagDocument, donor: FlagDocument): [Change, FlagDocument] {
  for (;;) {
    const change = { comment: '', instructions: [randomInstruction(random, document, donor)] };
    const made = rebase(change, document);
    if (made.ok && !same(made.document, document)) return [made.change, made.document];
  }
}

/** A hundred thousand pairs take minutes where others work beside. */
const LIMIT_MS = sized(5_000, 900_000);

describe('two changes, drawn', () => {
  it(
    'commute where they touch different things, or cannot be together in either order',
    () => {
      const seed = runSeed();
      const random = seededRandom(seed);
      const pairs = sized(500, 100_000);
      let [different, together] = [0, 0];
      while (different < pairs) {
        const [document, donor] = [drawnDocument(random), drawnDocument(random)];
        for (let draw = 0; draw < 20; draw++) {
          const [[one, afterOne], [other, afterOther]] = [
            authored(random, document, donor),
            authored(random, document, donor),
          ];
          const [things, others] = [one, other].map(({ instructions }) =>
            instructions.flatMap((step) => thingsOf(step, document)),
          );
          if (touch(things!, others!)) continue;
          different++;
          const [first, second] = [rebase(other, afterOne), rebase(one, afterOther)];
          const told = (): string => JSON.stringify({ SEED: seed, different, one, other, document, first, second });
          if (first.ok !== second.ok) throw new Error(told());
          if (!first.ok || !second.ok) continue;
          together++;
          if (!same(inAnyOrder(first.document), inAnyOrder(second.document))) throw new Error(told());
        }
      }
      expect(together / different).toBeGreaterThan(0.9);
    },
    LIMIT_MS,
  );
});

describe('two changes of one thing, drawn', () => {
  it(
    'are refused with both sides, unless both want the same',
    () => {
      const seed = runSeed();
      const random = seededRandom(seed);
      const kinds = new Set<string>();
      let unmoved = 0;
      const pairs = sized(500, 100_000);
      for (let pair = 0; pair < pairs;) {
        const [document, donor] = [drawnDocument(random), drawnDocument(random)];
        for (let draw = 0; draw < 20; draw++) {
          const [one, afterOne] = authored(random, document, donor);
          const [step] = one.instructions;
          const other = rivalOf(random, step!, document, donor);
          if (other === undefined) continue;
          pair++;
          if (seesTheSame(other, afterOne)) {
            unmoved++;
            continue;
          }
          kinds.add(step!.kind);
          const second = rebase(other, afterOne);
          const told = (): string => JSON.stringify({ SEED: seed, pair, one, other, document, second });
          if (second.ok) {
            if (!same(second.document, afterOne)) throw new Error(told());
            continue;
          }
          const [problem] = second.problems;
          if (problem!.sides?.saw === undefined || problem!.sides.now === undefined) throw new Error(told());
          if (problem!.reason !== 'contested' && problem!.reason !== 'gone') throw new Error(told());
        }
      }
      expect(kinds.size).toBeGreaterThan(20);
      expect(unmoved / pairs, `SEED=${seed}`).toBeLessThan(0.01);
    },
    LIMIT_MS,
  );
});

/** An instruction of the same kind for the same thing, with what its author saw, that wants something of its own. */
function rivalOf(random: Random, step: Instruction, document: FlagDocument, donor: FlagDocument): Change | undefined {
  if (!('from' in step) || ('rule' in step && typeof step.rule === 'number')) return undefined;
  const things = thingsOf(step, document);
  for (let draw = 0; draw < 200; draw++) {
    const other = randomInstruction(random, document, donor);
    if (other.kind !== step.kind || !same(thingsOf(other, document), things)) continue;
    if (memberOf(other, 'variant') !== memberOf(step, 'variant') && other.kind === 'setPercentage') continue;
    const made = rebase({ comment: '', instructions: [other] }, document);
    if (made.ok && !same(made.document, document)) return made.change;
  }
  return undefined;
}

/** Whether a change sees on a newer document just what its author saw: 98 % and 100 % of 7 buckets are all of them. */
function seesTheSame({ comment, instructions: [step] }: Change, newer: FlagDocument): boolean {
  const { from, ...anew } = step as Instruction & { from: unknown };
  const again = rebase({ comment, instructions: [anew as Instruction] }, newer);
  return again.ok && same((again.change.instructions[0] as { from?: unknown }).from, from);
}

function memberOf(instruction: Instruction, name: string): unknown {
  return (instruction as unknown as Record<string, unknown>)[name];
}

/** Users are in the order in which they were named, which means nothing. */
function inAnyOrder(document: FlagDocument): unknown {
  return JSON.parse(JSON.stringify(meaningOf(document)), (name, value: unknown) => {
    if (!Array.isArray(value)) return value;
    if (name === 'keys' || name === 'betaUsers' || name === 'include' || name === 'exclude')
      return value.map(String).sort();
    return name === 'targets' ? value.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) : value;
  });
}
