import type { Sizes } from './bundle-sizes.ts';
import { ABOVE_THEIR_CEILING, budgetFor, CEILINGS } from './budgets.ts';

interface Acceptance {
  readonly budgets: Readonly<Record<string, number>>;
  /** One line for each budget that changes, comes or goes. */
  readonly changes: readonly string[];
  /** Entries that nobody may accept, one sentence each: then nothing is written. */
  readonly refusals: readonly string[];
}

/** The budgets that what was measured comes to, beside those that were. */
export function accept(
  entries: ReadonlyMap<string, Pick<Sizes, 'gzip'>>,
  before: Readonly<Record<string, number>>,
  above = ABOVE_THEIR_CEILING,
): Acceptance {
  const budgets: Record<string, number> = {};
  const changes: string[] = [];
  const refusals: string[] = [];
  for (const [name, { gzip }] of entries) {
    const ceiling = CEILINGS[name];
    const reason = above[name];
    if (ceiling !== undefined && gzip <= ceiling && reason !== undefined) {
      refusals.push(
        `${name} is within its ceiling of ${ceiling} again: take its reason out of ABOVE_THEIR_CEILING in bench/src/size/budgets.ts.`,
      );
    }
    if (ceiling !== undefined && gzip > ceiling && reason === undefined) {
      refusals.push(
        `${name} is ${gzip} bytes after gzip, ${gzip - ceiling} over its ceiling of ${ceiling}. ` +
          'That is a promise (CEILINGS in bench/src/size/budgets.ts): it takes a decision in docs/decisions to move it.',
      );
    }
    budgets[name] = budgetFor(name, gzip, above);
    if (budgets[name] !== before[name]) changes.push(`${name}: ${before[name] ?? 'none'} -> ${budgets[name]}`);
  }
  for (const name of Object.keys(before)) if (!entries.has(name)) changes.push(`${name}: ${before[name]} -> gone`);
  return { budgets, changes, refusals };
}
