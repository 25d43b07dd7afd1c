/**
 * Regular expressions in time linear in the text: a subset of JavaScript's syntax compiled to a program that a Thompson machine runs, all
 * alternatives at once. No backtracking, so no pattern can hang a process.
 *
 * Known: literals, `.`, classes, `\d \w \s` and their opposites, `\t \n \r \f \v \0 \xHH \uHHHH \u{H}`, escaped punctuation, `^`, `$`,
 * groups (none of them captures), `|`, and `* + ? {n} {n,} {n,m}`, greedy or not, which is the same to a test. Matches code points.
 */
export interface Pattern {
  readonly program: readonly Instruction[];
  /** Ranges and steps looked at for one code point of text, at most. */
  readonly cost: number;
}

/** Code point ranges: from, to, from, to, ... */
type Ranges = readonly number[];

type Instruction =
  | { readonly kind: 'one'; readonly ranges: Ranges; readonly negated: boolean }
  | { readonly kind: 'fork'; first: number; second: number }
  | { readonly kind: 'start' | 'end' | 'match' };

type Node =
  | { readonly kind: 'one'; readonly ranges: Ranges; readonly negated: boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'all' | 'any'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly least: number; readonly most: number };

/** The longest pattern in UTF-16 code units. */
const MAX_LENGTH = 500;
/** The most that one pattern may cost once its counts are written out. */
const MAX_COST = 1000;

const CLASSES: Readonly<Record<string, Ranges>> = {
  d: [48, 57],
  w: [48, 57, 65, 90, 95, 95, 97, 122],
  s: [9, 13, 32, 32, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff],
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };
const LINE_ENDS: Ranges = [10, 10, 13, 13, 0x2028, 0x2029];

/** Compiles a pattern, or says in a few words why it is refused. */
export function compilePattern(source: string): Pattern | string {
  if (source.length > MAX_LENGTH) return `a pattern longer than ${MAX_LENGTH}`;
  try {
    const program: Instruction[] = [];
    const budget = { left: MAX_COST };
    emit(parse(source), program, budget);
    program.push({ kind: 'match' });
    return { program, cost: MAX_COST - budget.left };
  } catch (refusal) {
    return String((refusal as Error).message);
  }
}

function refuse(what: string): never {
  throw new Error(what);
}

function parse(source: string): Node {
  const symbols = Array.from(source);
  let at = 0;
  let depth = 0;

  const alternatives = (): Node => {
    const branches: Node[] = [];
    do branches.push(sequence());
    while (take('|'));
    return { kind: 'any', nodes: branches };
  };
  const take = (symbol: string): boolean => symbols[at] === symbol && ++at > 0;
  const sequence = (): Node => {
    const nodes: Node[] = [];
    while (at < symbols.length && symbols[at] !== '|' && symbols[at] !== ')') nodes.push(quantified());
    return { kind: 'all', nodes };
  };
  const quantified = (): Node => {
    const node = atom();
    const [least, most] = take('*') ? [0, Infinity] : take('+') ? [1, Infinity] : take('?') ? [0, 1] : counts();
    if (most < 0) return node;
    if (node.kind === 'start' || node.kind === 'end') refuse('a repeated anchor');
    take('?');
    if ('*+?'.includes(symbols[at] ?? 'x')) refuse(`${symbols[at]} after a quantifier`);
    return { kind: 'repeat', node, least, most };
  };
  const counts = (): [number, number] => {
    if (symbols[at] !== '{') return [0, -1];
    const parts = /^\{(\d{1,3})(,(\d{1,3})?)?\}/.exec(symbols.slice(at, at + 9).join('')) ?? refuse('{ without a count of at most 999');
    at += parts[0]!.length;
    const least = Number(parts[1]);
    const most = parts[2] === undefined ? least : parts[3] === undefined ? Infinity : Number(parts[3]);
    return most < least ? refuse('a count that falls') : [least, most];
  };
  const atom = (): Node => {
    const symbol = symbols[at++]!;
    switch (symbol) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'one', ranges: LINE_ENDS, negated: true };
      case '[':
        return charClass();
      case '\\':
        return { kind: 'one', ...escape() };
      case '(': {
        if (symbols[at] === '?' && (++at, !take(':'))) refuse(`(?${symbols[at] ?? ''}`);
        if (++depth > 50) refuse('groups nested deeper than 50');
        const node = alternatives();
        if (!take(')')) refuse('( without )');
        depth--;
        return node;
      }
      default:
        return '*+?{}])'.includes(symbol) ? refuse(`${symbol} without what it belongs to`) : { kind: 'one', ...literal(symbol) };
    }
  };
  const literal = (symbol: string) => {
    const point = symbol.codePointAt(0)!;
    return { ranges: [point, point], negated: false };
  };
  const escape = (): { ranges: Ranges; negated: boolean } => {
    const symbol = symbols[at++] ?? refuse('\\ at the end');
    const lower = symbol.toLowerCase();
    if (Object.hasOwn(CLASSES, lower)) return { ranges: CLASSES[lower]!, negated: symbol !== lower };
    if (Object.hasOwn(CONTROLS, symbol)) return { ranges: [CONTROLS[symbol]!, CONTROLS[symbol]!], negated: false };
    const hex = /^(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\})/i.exec(symbols.slice(at - 1, at + 8).join(''));
    if (hex !== null && (symbol === 'x' || symbol === 'u')) {
      at += hex[0].length - 1;
      const point = Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16);
      return { ranges: [point, point], negated: false };
    }
    return /[\w\s]/.test(symbol) ? refuse(`\\${symbol}`) : literal(symbol);
  };
  const charClass = (): Node => {
    const negated = take('^');
    const ranges: number[] = [];
    while (!take(']')) {
      const from = member();
      if (symbols[at] === '-' && symbols[at + 1] !== ']') {
        at++;
        const to = member();
        if (from.length !== 2 || to.length !== 2 || from[0] !== from[1] || to[0] !== to[1] || to[1]! < from[0]!) refuse('a range that is none');
        ranges.push(from[0]!, to[1]!);
      } else ranges.push(...from);
    }
    return { kind: 'one', ranges, negated };
  };
  const member = (): Ranges => {
    const symbol = symbols[at++] ?? refuse('[ without ]');
    const { ranges, negated } = symbol === '\\' ? escape() : literal(symbol);
    return negated ? complement(ranges) : ranges;
  };

  const root = alternatives();
  return at < symbols.length ? refuse(') without (') : root;
}

function complement(ranges: Ranges): Ranges {
  return [0, ...ranges.map((point, index) => (index % 2 === 0 ? point - 1 : point + 1)), 0x10ffff];
}

/** Appends the instructions of `node`. The budget counts nodes too, so that repeated nothing ends. */
function emit(node: Node, program: Instruction[], budget: { left: number }): void {
  budget.left -= node.kind === 'one' ? node.ranges.length : 2;
  if (budget.left < 0) refuse(`a pattern of more than ${MAX_COST} steps`);
  switch (node.kind) {
    case 'all':
      for (const child of node.nodes) emit(child, program, budget);
      return;
    case 'any': {
      const exits: { second: number }[] = [];
      for (const [index, child] of node.nodes.entries()) {
        const more = index < node.nodes.length - 1;
        const fork = { kind: 'fork' as const, first: program.length + 1, second: 0 };
        if (more) program.push(fork);
        emit(child, program, budget);
        if (more) {
          const exit = { kind: 'fork' as const, first: -1, second: 0 };
          program.push(exit);
          exits.push(exit);
        }
        fork.second = program.length;
      }
      for (const exit of exits) exit.second = program.length;
      return;
    }
    case 'repeat': {
      for (let count = 0; count < node.least; count++) emit(node.node, program, budget);
      const optional = node.most === Infinity ? 1 : node.most - node.least;
      const forks: { second: number }[] = [];
      for (let count = 0; count < optional; count++) {
        const fork = { kind: 'fork' as const, first: program.length + 1, second: 0 };
        forks.push(fork);
        program.push(fork);
        const start = program.length - 1;
        emit(node.node, program, budget);
        if (node.most === Infinity) program.push({ kind: 'fork', first: -1, second: start });
      }
      for (const fork of forks) fork.second = program.length;
      return;
    }
    default:
      program.push(node);
  }
}

/** Whether the pattern matches anywhere in `text`. Takes at most (code points of the text) x (steps of the pattern). */
export function matchesPattern({ program }: Pattern, text: string, ignoreCase = false): boolean {
  // Which step was reached at which position last: nothing is entered twice at one position.
  const reached = new Int32Array(program.length).fill(-1);
  let waiting: number[] = [];
  let position = 0;
  for (;;) {
    const next: number[] = [];
    const point = text.codePointAt(position);
    const points = point === undefined ? [] : ignoreCase ? cases(point) : [point];
    // A match may begin anywhere.
    const open = [...waiting, 0];
    while (open.length > 0) {
      const step = open.pop()!;
      if (step < 0 || reached[step] === position) continue;
      reached[step] = position;
      const instruction = program[step]!;
      switch (instruction.kind) {
        case 'match':
          return true;
        case 'fork':
          open.push(instruction.second, instruction.first);
          break;
        case 'start':
          if (position === 0) open.push(step + 1);
          break;
        case 'end':
          if (point === undefined) open.push(step + 1);
          break;
        case 'one':
          if (points.length > 0 && points.some((one) => includes(instruction.ranges, one)) !== instruction.negated) next.push(step + 1);
          break;
      }
    }
    if (point === undefined) return false;
    waiting = next;
    position += point > 0xffff ? 2 : 1;
  }
}

/** A code point and its other case, where that is one code point too. */
function cases(point: number): number[] {
  const text = String.fromCodePoint(point);
  return [text, text.toLowerCase(), text.toUpperCase()]
    .filter((one) => one.length === text.length)
    .map((one) => one.codePointAt(0)!);
}

function includes(ranges: Ranges, point: number): boolean {
  for (let index = 0; index < ranges.length; index += 2) {
    if (point >= ranges[index]! && point <= ranges[index + 1]!) return true;
  }
  return false;
}
