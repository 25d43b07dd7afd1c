import { readFileSync, writeFileSync } from 'node:fs';

/** Where `npm run size -- --accept` keeps them. */
const FILE = new URL('budgets.json', import.meta.url);

/**
 * The most bytes that each entry may have after gzip -9: all its exports in one minified bundle, with what its package
 * depends on, but without peers, other packages of this family and Node's own modules. A budget is what was measured
 * when somebody last accepted it, and 3 %: it is there so that growth is noticed and decided, not so that names and
 * sentences are cut to fit. An entry without one fails `npm run size`.
 */
export const BUDGETS = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, number>>;

/** What `--accept` may not exceed: promises, which are decided in `docs/decisions` and not by accepting a size. */
export const CEILINGS: Readonly<Record<string, number>> = {
  '@clarity/flags-core/edge': 18_500,
};

/**
 * Entries that may be above their ceiling, each with the reason. `--accept` takes them, and refuses a reason that is no
 * longer needed.
 */
export const ABOVE_THEIR_CEILING: Readonly<Record<string, string>> = {
  '@clarity/flags-core/edge': 'the edge reads documents by the decoder of servers: decision 6',
};

/**
 * The budget of an entry of so many bytes: 3 % more, rounded up to 100. At most its ceiling, unless it is above that
 * for a reason.
 */
export function budgetFor(name: string, bytes: number, above = ABOVE_THEIR_CEILING): number {
  // In whole numbers: 1.03 times a multiple of a thousand is a little more than it in floating point.
  const budget = Math.ceil((bytes * 103) / 10_000) * 100;
  return name in above ? budget : Math.min(budget, CEILINGS[name] ?? budget);
}

/**
 * The text of the file: one line for each entry, sorted by name, so that the diff of a change shows only the entries
 * that changed.
 */
export function textOfBudgets(budgets: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(budgets).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

export function writeBudgets(budgets: Readonly<Record<string, number>>): void {
  writeFileSync(FILE, textOfBudgets(budgets));
}
