// `docs/faults.md` beside the tests: which rows it has, and which tests each of them names. Pure.
import { posix } from 'node:path';

/**
 * A row of the page, as it stands in one of its tables.
 *
 * @typedef {{ id: string, line: number, start: string, tests: string }} FaultRow
 * `start` is the row up to its last cell, `tests` that cell.
 */

/** What stands in the last cell of a row that no test is named after. */
export const TO_COME = 'to come';

const row = /^(\|\s*(F\d+)\s*\|(?:[^|\n]*\|){2}\s*)([^|\n]*?)(?:\s*\|)$/;

/** @param {string} page @returns {FaultRow[]} in the order of the page */
export function faultRows(page) {
  return page.split('\n').flatMap((text, index) => {
    const [, start = '', id = '', tests = ''] = row.exec(text) ?? [];
    return id === '' ? [] : [{ id, line: index + 1, start, tests }];
  });
}

/**
 * What is wrong with the page, beside a column that `withTests` puts right: a number without a row or with two, and a
 * row that was tested and is not any more, which nobody should overlook.
 *
 * @param {string} page
 * @param {ReadonlyMap<string, readonly string[]>} tests The files whose tests bear a number, by number.
 * @returns {string[]} a sentence each
 */
export function faultPageProblems(page, tests) {
  const rows = faultRows(page);
  const ids = new Set(rows.map(({ id }) => id));
  return [
    ...rows
      .filter(({ id }, index) => rows.findIndex((other) => other.id === id) !== index)
      .map(({ id, line }) => `docs/faults.md:${line} is a second row of ${id}: each fault has one.`),
    ...[...tests]
      .filter(([id]) => !ids.has(id))
      .map(([id, files]) => `${files.join(', ')}: tests are named ${id}, and docs/faults.md has no such row: add it.`),
    ...rows
      .filter(({ id, tests: cell }) => cell !== TO_COME && !tests.has(id))
      .map(
        ({ id, line }) =>
          `docs/faults.md:${line} names tests of ${id}, and no test bears that number: ` +
          `name one after it, or write "${TO_COME}".`,
      ),
  ];
}

/**
 * The page with the last cell of each row as the tests have it. A row that has lost its tests stays as it is.
 *
 * @param {string} page
 * @param {ReadonlyMap<string, readonly string[]>} tests
 */
export function withTests(page, tests) {
  const lines = page.split('\n');
  for (const { id, line, start } of faultRows(page)) {
    const files = tests.get(id);
    if (files !== undefined) lines[line - 1] = `${start}${files.toSorted().map(linkTo).join(', ')} |`;
  }
  return lines.join('\n');
}

/** A link from the page to a test, by as much of its path as tells it from the others. @param {string} file */
function linkTo(file) {
  const name = file
    .replace(/^packages\/([^/]+)\/(?:test|src)\//, '$1/')
    .replace(/^(?:tests|scripts)\//, '')
    .replace(/(?:\.\w+)*\.ts$/, '');
  return `[${name}](${posix.relative('docs', file)})`;
}
