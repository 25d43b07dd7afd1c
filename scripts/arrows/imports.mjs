// What a source file imports: statements, re-exports, `import()` calls and `import('…')` types.
import { parseSync, Visitor } from 'oxc-parser';

/** @typedef {{ specifier: string, typeOnly: boolean, line: number }} Import */

/**
 * @param {string} file Its name tells TypeScript from JavaScript.
 * @param {string} text
 * @returns {Import[]} in the order of the text; an `import()` of anything but a literal is left out
 */
export function importsOf(file, text) {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  /** @type {{ specifier: string, typeOnly: boolean, start: number }[]} */
  const found = [];
  /** @param {{ type: string, value?: unknown, start: number } | null} source @param {boolean} typeOnly */
  const note = (source, typeOnly) => {
    if (source?.type === 'Literal' && typeof source.value === 'string') {
      found.push({ specifier: source.value, typeOnly, start: source.start });
    }
  };
  new Visitor({
    ImportDeclaration: (node) =>
      note(
        node.source,
        node.importKind === 'type' ||
          (node.specifiers.length > 0 &&
            node.specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type')),
      ),
    ExportNamedDeclaration: (node) =>
      note(
        node.source,
        node.exportKind === 'type' ||
          (node.specifiers.length > 0 && node.specifiers.every((one) => one.exportKind === 'type')),
      ),
    ExportAllDeclaration: (node) => note(node.source, node.exportKind === 'type'),
    ImportExpression: (node) => note(node.source, false),
    TSImportType: (node) => note(node.source, true),
  }).visit(program);
  return found
    .toSorted((one, other) => one.start - other.start)
    .map(({ specifier, typeOnly, start }) => ({ specifier, typeOnly, line: text.slice(0, start).split('\n').length }));
}
