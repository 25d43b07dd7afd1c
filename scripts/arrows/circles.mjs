// Finds files that import each other round in a circle, types counted: neither can then be read, moved or tested
// without the other. Pure.
import { posix } from 'node:path';

/**
 * @param {ReadonlyMap<string, readonly string[]>} imports The files that each file imports.
 * @returns {string[][]} the files of each knot, every one of which reaches all others of it; sorted
 */
export function circles(imports) {
  /** @type {string[][]} */
  const knots = [];
  const known = new Set();
  for (const file of [...imports.keys()].toSorted()) {
    if (known.has(file)) continue;
    const knot = [...reachable(file, imports)].filter((one) => reachable(one, imports).has(file)).toSorted();
    for (const one of knot) known.add(one);
    if (knot.length > 0) knots.push(knot);
  }
  return knots;
}

/**
 * What a file reaches; itself only by a circle.
 *
 * @param {string} file
 * @param {ReadonlyMap<string, readonly string[]>} imports
 */
function reachable(file, imports) {
  const reached = new Set(imports.get(file));
  for (const one of reached) for (const next of imports.get(one) ?? []) reached.add(next);
  return reached;
}

/** The file that a relative specifier leads to. @param {string} file @param {string} specifier */
export function targetOf(file, specifier) {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;
}

/**
 * One sentence for each circle that is not known, and for each known one that is not there as it is written.
 *
 * @param {readonly (readonly string[])[]} found
 * @param {readonly { files: readonly string[] }[]} known
 * @returns {string[]}
 */
export function unexpected(found, known) {
  const [there, expected] = [found.map((one) => one.join(', ')), known.map(({ files }) => files.join(', '))];
  return [
    ...there
      .filter((one) => !expected.includes(one))
      .map(
        (one) => `${one} import each other, types counted: move what they share to a file that imports none of them.`,
      ),
    ...expected
      .filter((one) => !there.includes(one))
      .map((one) => `${one} are no circle any more: take it out of knownCircles in scripts/arrows/house.mjs.`),
  ];
}
