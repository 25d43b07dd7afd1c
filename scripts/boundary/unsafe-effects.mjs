// Finds where a source file steps out of Effect: what its modules call unsafe, and what runs an effect. Pure.
import { parseSync, Visitor } from 'oxc-parser';

/** @typedef {{ line: number, name: string }} Step */

/** @param {string} name */
const isUnsafe = (name) => name.endsWith('Unsafe');
/** @param {string} name */
const isRun = (name) => /^run[A-Z]/.test(name);

/**
 * Each use of a name that ends with `Unsafe`, each `run…` of the module Effect, and each import of ManagedRuntime,
 * which is there to run effects. A `run…` of another module, such as `Stream.runDrain`, is an effect itself. A type is
 * none.
 *
 * @param {string} file Its name tells TypeScript from JavaScript.
 * @param {string} text
 * @returns {Step[]} in the order of the text
 */
export function unsafeEffects(file, text) {
  if (!/Unsafe\b|['"]effect(\/|['"])/.test(text)) return [];
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  /** @type {{ start: number, name: string }[]} */
  const found = [];
  /** What this file calls the module Effect. @type {Set<string>} */
  const effects = new Set();
  /** @param {{ type: string, name?: unknown } | null} node */
  const isEffect = (node) => node?.type === 'Identifier' && typeof node.name === 'string' && effects.has(node.name);
  /** @param {string} name @param {boolean} ofEffect */
  const stepsOut = (name, ofEffect) => isUnsafe(name) || (ofEffect && isRun(name));

  new Visitor({
    ImportDeclaration: ({ source, specifiers, importKind, start }) => {
      if (importKind === 'type') return;
      const from = source.value;
      if (from === 'effect/ManagedRuntime') found.push({ start, name: 'ManagedRuntime' });
      for (const one of specifiers) {
        const imported = one.type === 'ImportSpecifier' && one.imported.type === 'Identifier' ? one.imported.name : '';
        const isModule = from === 'effect/Effect' ? one.type === 'ImportNamespaceSpecifier' : imported === 'Effect';
        if (isModule && /^effect(\/|$)/.test(from)) effects.add(one.local.name);
        if (from === 'effect' && imported === 'ManagedRuntime') found.push({ start, name: imported });
        if (stepsOut(imported, from === 'effect/Effect')) found.push({ start: one.start, name: imported });
      }
    },
    MemberExpression: ({ object, property, computed, start }) => {
      const name = !computed && property.type === 'Identifier' ? property.name : literalIn(property);
      if (stepsOut(name, isEffect(object))) found.push({ start, name });
    },
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== 'ObjectPattern') return;
      for (const one of id.properties) {
        const name = one.type === 'Property' && one.key.type === 'Identifier' ? one.key.name : '';
        if (stepsOut(name, isEffect(init))) found.push({ start: one.start, name });
      }
    },
  }).visit(program);
  return found
    .toSorted((one, other) => one.start - other.start)
    .map(({ start, name }) => ({ line: text.slice(0, start).split('\n').length, name }));
}

/** The text between the quotes of `object['name']`. @param {{ type: string, value?: unknown }} property */
function literalIn(property) {
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : '';
}
