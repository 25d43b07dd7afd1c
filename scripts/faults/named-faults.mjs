// Which faults the tests of a file are named after. Pure.
import { parseSync, Visitor } from 'oxc-parser';

/** A number in a test's name: `F12 …`, `… (F14, F15)`. */
const number = /(?<![A-Za-z0-9])F\d+(?![A-Za-z0-9])/g;

/**
 * The numbers in the texts of a file. A name may stand in a table beside its test, so every text counts; comments do
 * not.
 *
 * @param {string} file Its name tells TypeScript from JavaScript.
 * @param {string} text
 * @returns {ReadonlySet<string>}
 */
export function namedFaults(file, text) {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {string} words */
  const note = (words) => {
    for (const [id] of words.matchAll(number)) found.add(id);
  };
  new Visitor({
    Literal: ({ value }) => {
      if (typeof value === 'string') note(value);
    },
    TemplateElement: ({ value }) => note(value.raw),
  }).visit(program);
  return found;
}

/**
 * Where tests have their names: test files, and the contract suites, whose names stand in functions.
 *
 * @param {string} file
 */
export function namesTests(file) {
  return file.endsWith('.test.ts') || /^packages\/testing\/src\/contract\/.*\.ts$/.test(file);
}
