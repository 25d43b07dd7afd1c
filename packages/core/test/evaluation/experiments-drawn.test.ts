// Layers and holdouts with many users: experiments exclude each other, and shares come out as they were asked for.
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import type { BucketRange, FlagDocument } from '../../src/document/types.ts';
import { bucket } from '../../src/evaluation/bucket.ts';
import { createEvaluator, type Evaluator } from '../../src/evaluation/evaluator.ts';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from '../document/random.ts';

const USERS = sized(20_000, 500_000);
const SALTS = 4;
const TENTHS = 10;
/**
 * What chi square of a table of ten by ten, all cells of which are equally likely, exceeds once in a million draws: 99
 * degrees of freedom, by the approximation of Wilson and Hilferty (1931).
 */
const CHI_SQUARE = 182;

/** Five standard deviations of a share, in points, which one draw in two million exceeds. */
function chance(percent: number, of: number): number {
  return 5 * Math.sqrt((percent * (100 - percent)) / of);
}

/** Percent of the buckets of each slot, and the arms of its experiment in percent of the experiment's buckets. */
const SLOTS = {
  search: { slot: 45, arms: { control: 50, treatment: 50 } },
  checkout: { slot: 30, arms: { control: 20, one: 20, two: 40 } },
  upsell: { slot: 15, arms: { control: 10, treatment: 70 } },
} as const;
const HELD_OUT = 8;

/** Ranges of as many percent as are given, one after the other. */
function cut(percents: Readonly<Record<string, number>>): Record<string, BucketRange[]> {
  let from = 0;
  return Object.fromEntries(
    Object.entries(percents).map(([name, percent]) => [name, [[from, (from += percent * 1_000)] as BucketRange]]),
  );
}

/** Three experiments in a layer, all of which leave the same units out. */
function evaluatorUnder(salt: string): Evaluator {
  const slots = cut(Object.fromEntries(Object.entries(SLOTS).map(([id, { slot }]) => [id, slot])));
  const flags = Object.fromEntries(
    Object.entries(SLOTS).map(([id, { arms }]) => {
      const variants = Object.entries(cut(arms)).map(([variant, ranges]) => ({ variant, ranges }));
      const names = [...Object.keys(arms), 'none'];
      const fallthrough = {
        kind: 'split',
        salt: `${salt}-${id}`,
        variants,
        otherwise: 'none',
        experiment: { id, phase: 1 },
        layer: 'page',
        holdout: 'all',
      };
      return [id, { type: 'string', variants: Object.fromEntries(names.map((name) => [name, name])), fallthrough }];
    }),
  );
  const layers = { page: { salt: `${salt}-layer`, slots } };
  const holdouts = { all: { salt: `${salt}-holdout`, percentage: HELD_OUT } };
  const decoded = decodeDocument(JSON.stringify({ schemaVersion: 1, flags, layers, holdouts }));
  return createEvaluator((decoded as { readonly document: FlagDocument }).document);
}

const ids = Object.keys(SLOTS) as (keyof typeof SLOTS)[];

class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, this.of(name) + 1);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }
}

/** How often each tenth of some buckets comes with each tenth of others. */
class Table {
  readonly #cells = Array.from({ length: TENTHS }, () => new Array<number>(TENTHS).fill(0));

  add(one: number, other: number): void {
    this.#cells[Math.floor(one / 10_000)]![Math.floor(other / 10_000)]! += 1;
  }

  /** Of every cell against as many as there are of each. */
  chiSquare(): number {
    const expected = this.#cells.flat().reduce((sum, cell) => sum + cell, 0) / TENTHS ** 2;
    return this.#cells.flat().reduce((sum, cell) => sum + (cell - expected) ** 2 / expected, 0);
  }
}

interface Drawn {
  readonly counts: Counts;
  /** Users that two experiments count as theirs. */
  readonly shared: readonly string[];
  /** Users that one experiment holds out, and another does not. */
  readonly heldBySome: readonly string[];
  /** By the two salts. */
  readonly tables: ReadonlyMap<string, Table>;
}

function draw(salt: string, first: number): Drawn {
  const evaluator = evaluatorUnder(salt);
  const counts = new Counts();
  const shared: string[] = [];
  const heldBySome: string[] = [];
  const tables = new Map<string, Table>();
  for (let index = first; index < first + USERS; index++) {
    const user = `user-${index}`;
    const parts = ids.map((id) => evaluator.details(id, { targetingKey: user }, '?'));
    const held = parts.filter(({ experiment }) => experiment!.whyNot === 'HELD_OUT').length;
    if (held > 0) counts.add('held out');
    if (held > 0 && held < ids.length) heldBySome.push(user);
    let slots = 0;
    for (const { flagKey, experiment, variant } of parts) {
      if (experiment!.takesPart) counts.add(`arm ${flagKey} ${variant}`);
      if (!experiment!.takesPart && experiment!.whyNot !== 'OUTSIDE_COVERAGE') continue;
      slots += 1;
      counts.add(`slot ${flagKey}`);
    }
    if (slots > 1) shared.push(user);
    const names = ['layer', 'holdout', ids[0]!];
    const buckets = names.map((name) => bucket(`${salt}-${name}`, user));
    for (const [one, other] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const name = `${names[one]} and ${names[other]}`;
      if (!tables.has(name)) tables.set(name, new Table());
      tables.get(name)!.add(buckets[one]!, buckets[other]!);
    }
  }
  return { counts, shared, heldBySome, tables };
}

/** Percent that was asked for, and of how many users. */
function asked({ counts }: Drawn): Map<string, readonly [percent: number, of: number]> {
  const free = USERS - counts.of('held out');
  const shares = new Map<string, readonly [number, number]>([['held out', [HELD_OUT, USERS]]]);
  for (const id of ids) {
    const { slot, arms } = SLOTS[id];
    shares.set(`slot ${id}`, [slot, free]);
    for (const [variant, percent] of Object.entries(arms))
      shares.set(`arm ${id} ${variant}`, [((100 - HELD_OUT) * slot * percent) / 10_000, USERS]);
  }
  return shares;
}

describe('experiments in a layer that leave the same units out', () => {
  const seed = runSeed();
  const drawn: Drawn[] = [];

  beforeAll(
    () => {
      // Numbers in a row, as databases give them, from anywhere.
      const random = seededRandom(seed);
      for (let index = 0; index < SALTS; index++) drawn.push(draw(`s${seed + index}`, random.integer(2 ** 31)));
    },
    sized(60_000, 600_000),
  );

  it('have no user in two slots', () => {
    expect(drawn.flatMap(({ shared }) => shared)).toEqual([]);
  });

  it('agree about who is held out', () => {
    expect(drawn.flatMap(({ heldBySome }) => heldBySome)).toEqual([]);
  });

  it('give slots, holdout and arms the shares that were asked for', () => {
    const names = [...asked(drawn[0]!).keys()];
    expect(names).toHaveLength(1 + ids.length + 7);
    for (const name of names) {
      let sum = 0;
      let most = 0;
      for (const [index, one] of drawn.entries()) {
        const [percent, of] = asked(one).get(name)!;
        const apart = (100 * one.counts.of(name)) / of - percent;
        expect(Math.abs(apart), `SEED=${seed} salt ${index}, ${name}`).toBeLessThan(chance(percent, of));
        sum += apart;
        most = chance(percent, SALTS * of);
      }
      // At full size what is promised, which is more than chance takes.
      const promised = sized(most, 0.2);
      expect(most, name).toBeLessThanOrEqual(promised);
      expect(Math.abs(sum / SALTS), `SEED=${seed} ${name}`).toBeLessThan(promised);
    }
  });

  it('are dealt by buckets of layer, holdout and arms that have nothing to do with each other', () => {
    for (const [index, { tables }] of drawn.entries()) {
      expect(tables.size).toBe(3);
      for (const [name, table] of tables)
        expect(table.chiSquare(), `SEED=${seed} salt ${index}, ${name}`).toBeLessThan(CHI_SQUARE);
    }
  });
});
