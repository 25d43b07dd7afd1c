// The small changes that could be made to a source file, each of which a test should notice. Pure. What nobody can
// notice is left out as far as it is easily seen: types, imports, names of properties, and the words of messages.
import { parseSync } from 'oxc-parser';

/**
 * `start` and `end` are where `before` stands in the text, and `after` takes its place. `within` is the expression or
 * statement that has to run before anybody can notice.
 *
 * @typedef {{ start: number, end: number, isStatement: boolean }} Within
 *
 * @typedef {{
 *   start: number, end: number, line: number, before: string, after: string, kind: string, within: Within
 * }} Mutation
 *
 * @typedef {{ type: string, start: number, end: number, [key: string]: unknown }} Node
 */

/** @type {Readonly<Record<string, string>>} */
const otherOperator = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
};

/** Of these only the expression runs; other nodes of TypeScript are types. */
const transparent = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);
const left = new Set(['ImportDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'Decorator']);
/** To return nothing instead of `false` is no change for those who ask for a truth; `true` is tried in its place. */
const nothing = new Set(['undefined', 'false']);
/** A word that a program tells from others, and not a sentence for people. */
const word = /^[a-z][\w-]{0,30}$/i;

/**
 * @param {string} file Its name tells TypeScript from JavaScript.
 * @param {string} text
 * @returns {Mutation[]} in the order of the text
 */
export function mutationsOf(file, text) {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  /** @type {Mutation[]} */
  const found = [];
  /**
   * @param {{ start: number, end: number }} place
   * @param {string} after
   * @param {string} kind
   * @param {{ start: number, end: number }} [whole] The expression that it is a part of.
   */
  const add = ({ start, end }, after, kind, whole = { start, end }) => {
    const before = text.slice(start, end);
    const line = text.slice(0, start).split('\n').length;
    const within = { start: whole.start, end: whole.end, isStatement: after === ';' };
    if (before !== after) found.push({ start, end, line, before, after, kind, within });
  };
  /** @param {Node} node */
  const textOf = (node) => text.slice(node.start, node.end);

  /**
   * @param {Node} node
   * @param {Node | undefined} parent
   * @param {string} role The name under which the parent holds it.
   */
  function look(node, parent, role) {
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression': {
        const [one, other] = [/** @type {Node} */ (node.left), /** @type {Node} */ (node.right)];
        const operator = String(node.operator);
        if (operator === '??') add(node, textOf(one), 'default left out');
        const after = otherOperator[operator];
        if (after === undefined || (operator === '+' && [one, other].some(isText))) break;
        const start = one.end + text.slice(one.end, other.start).indexOf(operator);
        add({ start, end: start + operator.length }, after, 'another operator', node);
        break;
      }
      case 'UnaryExpression':
        if (node.operator === '!' || node.operator === '-') {
          add(node, textOf(/** @type {Node} */ (node.argument)), `${node.operator} left out`);
        }
        break;
      case 'IfStatement':
      case 'ConditionalExpression': {
        const test = /** @type {Node} */ (node.test);
        add(test, `!(${textOf(test)})`, 'condition turned round');
        add(test, 'false', 'condition never met');
        break;
      }
      case 'ReturnStatement':
        if (node.argument !== null && !nothing.has(textOf(/** @type {Node} */ (node.argument)))) {
          add(/** @type {Node} */ (node.argument), 'undefined', 'nothing returned');
        }
        break;
      case 'ArrowFunctionExpression': {
        const body = /** @type {Node} */ (node.body);
        if (body.type !== 'BlockStatement' && !nothing.has(textOf(body))) {
          const wrapped = text[body.start - 1] === '(' && text[body.end] === ')';
          if (!wrapped) add(body, 'undefined', 'nothing returned');
        }
        break;
      }
      case 'ExpressionStatement': {
        const { type, callee } = /** @type {Node} */ (node.expression);
        const isSuper = type === 'CallExpression' && /** @type {Node} */ (callee).type === 'Super';
        if (typeof node.directive !== 'string' && !isSuper) add(node, ';', 'statement left out');
        break;
      }
      case 'Literal':
        lookAtLiteral(node, parent, role);
        break;
      default:
    }
    for (const [name, child] of childrenOf(node)) look(child, node, name);
  }

  /** @param {Node} node @param {Node | undefined} parent @param {string} role */
  function lookAtLiteral(node, parent, role) {
    if (role === 'key' || role === 'source' || parent?.type === 'ImportAttribute') return;
    const { value } = node;
    if (typeof value === 'number') add(node, `(${textOf(node)} + 1)`, 'one more');
    if (typeof value === 'boolean') add(node, String(!value), 'the opposite');
    if (typeof value === 'string' && word.test(value)) add(node, "''", 'word left out');
  }

  look(/** @type {Node} */ (/** @type {unknown} */ (program)), undefined, '');
  return found.toSorted((one, other) => one.start - other.start || one.end - other.end);
}

/** @param {Node} node @returns {[string, Node][]} what runs of a node's parts */
function childrenOf(node) {
  if (left.has(node.type)) return [];
  if (transparent.has(node.type)) return [['expression', /** @type {Node} */ (node.expression)]];
  if (node.type.startsWith('TS')) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((child) => typeof child?.type === 'string' && typeof child.start === 'number')
      .map((child) => /** @type {[string, Node]} */ ([name, child])),
  );
}

/** @param {Node} node */
function isText(node) {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
}

/**
 * A text with one change made to it.
 *
 * @param {string} text
 * @param {Pick<Mutation, 'start' | 'end' | 'after'>} mutation
 */
export function mutated(text, { start, end, after }) {
  return text.slice(0, start) + after + text.slice(end);
}

/**
 * A text that notes by which of its mutations a program comes, by their ids, in `globalThis.reachedMarks`.
 *
 * @param {string} text
 * @param {readonly { id: number, within: Within }[]} mutations
 */
export function marked(text, mutations) {
  const marks = mutations.map(({ id, within }) => {
    const note = `globalThis.reachedMarks?.add(${id})`;
    const [open, close] = within.isStatement ? [`{${note};`, '}'] : [`(${note},(`, '))'];
    return { ...within, open, close };
  });
  // What ends at a place ends before another begins there; of two that begin together the longer begins first.
  const outerFirst = marks.toSorted((one, other) => one.start - other.start || other.end - one.end);
  const places = [...new Set(marks.flatMap(({ start, end }) => [start, end]))].toSorted((one, other) => one - other);
  let from = 0;
  let all = '';
  for (const place of places) {
    all += text.slice(from, place);
    from = place;
    for (const { end, close } of outerFirst.toReversed()) if (end === place) all += close;
    for (const { start, open } of outerFirst) if (start === place) all += open;
  }
  return all + text.slice(from);
}

/**
 * So many of a list, drawn by seed: the same list and seed give the same, and more of them begin with the same.
 *
 * @template T
 * @param {readonly T[]} list
 * @param {number} seed
 * @param {number} count
 * @returns {T[]}
 */
export function drawn(list, seed, count) {
  // mulberry32 (Tommy Ettinger, 2017, public domain).
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pool = [...list];
  const most = Math.min(count, pool.length);
  return Array.from({ length: most }, (_, at) => {
    const other = at + Math.floor(next() * (pool.length - at));
    const [one, taken] = [/** @type {T} */ (pool[at]), /** @type {T} */ (pool[other])];
    pool[at] = taken;
    pool[other] = one;
    return taken;
  });
}
