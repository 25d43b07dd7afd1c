import { type Check, type Inspection, MAX_PROBLEMS, shorten } from './inspection.ts';
import { problemAt } from './problem-at.ts';
import { type Reference, tableAndName } from './tables.ts';
import type { Problem } from './types.ts';

/** What is known of a document's entries. */
export interface Entries {
  /** Those with a word that only a newer version can know, and those that use such an entry. */
  readonly newer: Map<string, Problem>;
  /** Those with a mistake, and those that use such an entry. */
  readonly wrong: Map<string, Problem>;
  /** What each refers to. */
  readonly refers: Map<string, readonly Reference[]>;
}

/**
 * How deeply questions within conditions may nest: a segment asks for another, or a rule for another flag. Each level
 * is a call within a call when a flag is evaluated. Prerequisites are no level: they are asked one after the other.
 */
const MAX_LEVELS = 32;

/**
 * Follows what entries refer to: those that go in a circle and conditions that nest too deeply are wrong, and what uses
 * an entry that is set aside goes with it, but for prerequisites, which then fail. Circles are found as by Tarjan
 * ("Depth-first search and linear graph algorithms", 1972), with a stack of our own: any depth is safe, and each
 * reference is followed once.
 */
export function followReferences({ newer, wrong, refers }: Entries, at: Inspection): void {
  // 0 while its references are being followed, then how many levels of questions begin with it.
  const levels = new Map<string, number>();
  /** Those whose references are being followed, each referred to by the one before. */
  const way: string[] = [];
  const positions = new Map<string, number>();
  const circles = new Map<string, Problem>();
  /**
   * Those that may still turn out to go in a circle with one that was entered before them, by when they were entered.
   */
  const pending: string[] = [];
  const entered = new Map<string, number>();
  /** The first that was entered of those to which each leads back. */
  const first = new Map<string, number>();

  const reportAt = (node: string, found: string, allowed: string): Problem => {
    if (at.problems.length < MAX_PROBLEMS) {
      const report: Check = () => at.add(problemAt(at.path, shorten(found), allowed), at.steps);
      const [table, name] = tableAndName(node);
      at.within(table, () => at.within(name, report, 0), 0);
    }
    return at.problems.at(-1)!;
  };
  const circleTo = (node: string): Problem => {
    // To write each down would cost their number times their length.
    if (at.problems.length >= MAX_PROBLEMS) return at.problems.at(-1)!;
    return reportAt(node, [...way.slice(positions.get(node)), node].map((one) => one.slice(1)).join(' > '), 'no cycle');
  };
  const leadsBackTo = (node: string, place: number): void => {
    first.set(node, Math.min(first.get(node)!, place));
  };

  const stack = [...refers.keys()];
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const references = refers.get(node) ?? [];
    if (!levels.has(node)) {
      levels.set(node, 0);
      positions.set(node, way.length);
      way.push(node);
      pending.push(node);
      first.set(node, entered.size);
      entered.set(node, entered.size);
      for (const reference of references) {
        const other = entryAt(reference);
        if (!levels.has(other)) stack.push(other);
        else if (levels.get(other) === 0 && !circles.has(node)) circles.set(node, circleTo(other));
      }
    } else {
      stack.pop();
      if (levels.get(node) !== 0) continue;
      way.pop();
      let level = 1;
      let asked = 0;
      for (const reference of references) {
        const other = entryAt(reference);
        if (first.has(other)) leadsBackTo(node, first.get(other)!);
        // Prerequisites are answered before, and one that is set aside has failed.
        if (reference[0] === 'f') {
          level = Math.max(level, levels.get(other)!);
          continue;
        }
        level = Math.max(level, levels.get(other)! + 1);
        if (reference[0] === 'c') asked = Math.max(asked, levels.get(other)!);
        for (const aside of [newer, wrong])
          if (aside.has(other) && !aside.has(node)) aside.set(node, aside.get(other)!);
      }
      levels.set(node, level);
      // A flag that no condition asks is no level itself.
      const deepest = node[0] === 's' ? level : asked;
      if (deepest > MAX_LEVELS)
        wrong.set(
          node,
          reportAt(node, `${deepest} levels`, `${MAX_LEVELS} levels of segments and flags within conditions`),
        );
      if (first.get(node) !== entered.get(node)) continue;
      // All that was entered since leads back to this one, and is led to by it.
      const together = pending.splice(pending.lastIndexOf(node));
      const circle = together.map((one) => circles.get(one)).find((problem) => problem !== undefined);
      for (const one of together) {
        first.delete(one);
        if (circle !== undefined && !wrong.has(one)) wrong.set(one, circle);
      }
    }
  }
}

/** The entry that a reference leads to. */
function entryAt(reference: Reference): string {
  return reference[0] === 'c' ? `f${reference.slice(1)}` : reference;
}
