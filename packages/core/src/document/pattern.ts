/**
 * Regular expressions in time linear in the text: a subset of JavaScript's syntax for a Thompson machine, which follows all alternatives at
 * once. No backtracking, so no pattern can hang a process.
 *
 * Known: whatever stands for one code point in JavaScript's `u` mode (literals, `.`, classes, `\d \w \s \p{...}` and their opposites, escapes), `^`,
 * `$`, groups `(...)` and `(?:...)` (none captures), `|`, and `* + ? {n} {n,} {n,m}`, greedy or not, which is the same to a test. Not known:
 * lookaround, backreferences, named groups, `\b`.
 */
export interface Pattern {
  readonly start: Step;
  /** Steps looked at for one code point of text, at most. */
  readonly cost: number;
}

/** One step of the machine. */
interface Step {
  /** Whether the machine may pass. Absent: always. The symbol is the code point at hand, empty at the end. */
  readonly pass?: (symbol: string, first: boolean) => boolean;
  /** Whether passing takes the symbol. */
  readonly takes?: boolean;
  /** None after the last step. */
  readonly next: Step[];
  /** When it was reached last: nothing is entered twice at one place. */
  reached: number;
}

const MAX_LENGTH = 1000;
const MAX_COST = 1000;
/** One code point as patterns write it. The native engine, which reads it, knows its finer rules. */
const ATOM = /\\(?:u\{\w+\}|u\w{4}|x\w\w|[pP]\{[^}]*\}|[^bBkux1-9])|\[(?:\\[^]|[^\]\\])*\]|[^\\*+?{}()|[\]^$]/uy;
const COUNT = /\{(\d{1,3})(,?)(\d{0,3})\}|[*+?]/uy;

/** Compiles a pattern. Throws an error that says what is not known. */
export function compilePattern(source: string, ignoreCase = false): Pattern {
  let at = 0;
  let cost = 0;

  const refuse = (what = source.slice(at, at + 3)): never => {
    throw new Error(what);
  };
  const spend = (): void => {
    if (++cost > MAX_COST || source.length > MAX_LENGTH) refuse(`more than ${MAX_COST} steps`);
  };
  const take = (symbol: string): boolean => source.startsWith(symbol, at) && (at += symbol.length) > 0;
  const read = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    const found = expression.exec(source);
    if (found !== null) at = expression.lastIndex;
    return found;
  };
  const step = (next: Step[], rest?: Pick<Step, 'pass' | 'takes'>): Step => {
    spend();
    return { ...rest, next, reached: 0 };
  };

  // Parts are built from the end, given what comes after them. So a repeated part is built again for every repetition.
  type Part = (after: Step) => Step;
  const alternatives = (depth: number): Part => {
    const branches: Part[] = [];
    do {
      const parts: Part[] = [];
      while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(depth));
      branches.push((after) => parts.reduceRight((next, part) => part(next), after));
    } while (take('|'));
    return (after) => step(branches.map((branch) => branch(after)));
  };
  const repeated = (depth: number): Part => {
    const part = single(depth);
    const count = read(COUNT);
    if (count === null) return part;
    take('?');
    const [all, least = all === '+' ? 1 : 0, comma = ',', end = all === '?' ? 1 : ''] = count;
    const most = end === '' ? (comma === '' ? +least : Infinity) : +end;
    if (most < +least) refuse(all);
    return (after) => {
      let next = after;
      if (most === Infinity) {
        next = step([after]);
        next.next.push(part(next));
      } else for (let times = +least; times < most; times++) next = step([part(next), after]);
      for (let times = 0; times < +least; times++) {
        // Nothing costs something too when it is repeated.
        spend();
        next = part(next);
      }
      return next;
    };
  };
  const single = (depth: number): Part => {
    if (take('^')) return (after) => step([after], { pass: (_, first) => first });
    if (take('$')) return (after) => step([after], { pass: (symbol) => symbol === '' });
    if (take('(')) {
      if ((!take('?:') && source[at] === '?') || depth === 0) refuse();
      const inner = alternatives(depth - 1);
      return take(')') ? inner : refuse('( without )');
    }
    const [atom] = read(ATOM) ?? refuse();
    if (/^[^\\[.]/.test(atom) && !ignoreCase)
      return (after) => step([after], { pass: (symbol) => symbol === atom, takes: true });
    // One code point against one class: nothing to backtrack in.
    const expression = new RegExp(`^${atom}$`, ignoreCase ? 'iu' : 'u');
    return (after) => step([after], { pass: (symbol) => expression.test(symbol), takes: true });
  };

  const part = alternatives(50);
  if (at < source.length) refuse();
  return { start: part({ next: [], reached: 0 }), cost };
}

/** Counts places in texts, never twice the same. */
let place = 0;

/** Whether the pattern matches anywhere in `text`. Takes at most (code points of the text) x (cost of the pattern). */
export function matchesPattern({ start }: Pattern, text: string): boolean {
  let waiting: Step[] = [];
  for (const [index, symbol] of [...Array.from(text), ''].entries()) {
    place++;
    // A match may begin anywhere.
    const open = [start, ...waiting];
    waiting = [];
    for (let step = open.pop(); step !== undefined; step = open.pop()) {
      if (step.reached === place) continue;
      step.reached = place;
      if (step.next.length === 0) return true;
      if (step.pass?.(symbol, index === 0) ?? true) (step.takes ? waiting : open).push(...step.next);
    }
  }
  return false;
}
