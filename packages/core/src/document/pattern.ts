import { must } from './must.ts';

/**
 * Regular expressions in time linear in the text: a subset of JavaScript's syntax for a Thompson machine, which follows
 * all alternatives at once. No backtracking, so no pattern can hang a process.
 *
 * Known: what stands for one code point in JavaScript's `u` mode (literals, `.`, classes, `\d \w \s \p{...}` and their
 * opposites, escapes), `^`, `$`, groups `(...)` and `(?:...)` (none captures), `|`, and `* + ? {n} {n,} {n,m}`, greedy
 * or not, which is the same to a test. Not known: lookaround, backreferences, named groups, `\b`.
 */
export interface Pattern {
  readonly start: Step;
  /** Steps looked at for one code point of text, at most. */
  readonly cost: number;
}

/** One step of the machine. */
interface Step {
  /** What the machine may do here, given the code point (empty at the end) and whether it is the first. */
  readonly pass: (symbol: string, first: boolean) => Passing;
  /** Where it goes on; none after the last step. */
  readonly next: Step[];
  /** When it was reached last: nothing is entered twice at one place. */
  reached: number;
}

/** Stop, go on, or take the code point and go on. */
type Passing = 0 | 1 | 2;

const MAX_LENGTH = 500;
const MAX_COST = 1000;
/**
 * Parentheses, bars and anchors; quantifiers; and one code point as patterns write it, whose finer rules the native
 * engine knows.
 */
const TOKEN =
  /\(\?:|[()|^$]|(?:[*+?]|\{\d{1,3},?\d{0,3}\})\??|\\(?:[upP]\{[^}]*\}|u\w{4}|x\w\w|[^bBkux1-9])|\[(?:\\[^]|[^\]\\])*\]|[^\\{}[\]]/gu;

/** Compiles a pattern. Throws for one that is not known. */
export function compilePattern(source: string, ignoreCase = false): Pattern {
  must(source.length <= MAX_LENGTH);
  const tokens: readonly string[] = source.match(TOKEN) ?? [];
  let at = 0;
  let cost = 0;

  const step = (next: Step[], pass: Step['pass'] = () => 1): Step => {
    must(++cost <= MAX_COST);
    return { next, pass, reached: 0 };
  };
  const take = (token: string): boolean => tokens[at] === token && ++at > 0;

  // Parts are built from the end, given what comes after them. So a repeated part is built again for every repetition.
  type Part = (after: Step) => Step;
  const alternatives = (): Part => {
    const branches: Part[] = [];
    do {
      const parts: Part[] = [];
      while (at < tokens.length && tokens[at] !== '|' && tokens[at] !== ')') parts.push(repeated());
      branches.push((after) => parts.reduceRight((next, part) => part(next), after));
    } while (take('|'));
    return (after) => step(branches.map((branch) => branch(after)));
  };
  const repeated = (): Part => {
    const part = single();
    const count = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(tokens[at] ?? '');
    if (!count) return part;
    at++;
    const [all, least = all === '+' ? 1 : 0, comma = ',', end = all === '?' ? 1 : ''] = count;
    const most = end === '' ? (comma ? Infinity : +least) : +end;
    must(most >= +least);
    return (after) => {
      let next = after;
      if (most === Infinity) {
        next = step([after]);
        next.next.push(part(next));
      } else for (let times = +least; times < most; times++) next = step([part(next), after]);
      // A step for each, so that repeated nothing costs something too.
      for (let times = 0; times < +least; times++) next = step([part(next)]);
      return next;
    };
  };
  const single = (): Part => {
    if (take('^')) return (after) => step([after], (_, first) => (first ? 1 : 0));
    if (take('$')) return (after) => step([after], (symbol) => (symbol ? 0 : 1));
    if (take('(') || take('(?:')) {
      const inner = alternatives();
      must(take(')'));
      return inner;
    }
    // One code point against one class: nothing to backtrack in. Throws for a quantifier that has nothing to repeat.
    const expression = new RegExp(`^${tokens[at++]}$`, ignoreCase ? 'iu' : 'u');
    return (after) => step([after], (symbol) => (expression.test(symbol) ? 2 : 0));
  };

  const part = alternatives();
  // What is no token is missing here, and what was not read is one too many.
  must(at === tokens.length && tokens.join('') === source);
  return { start: part({ next: [], pass: () => 0, reached: 0 }), cost };
}

/** Counts places in texts, never twice the same. */
let place = 0;

/**
 * Whether the pattern matches anywhere in `text`. Takes at most (code points of the text) x (cost of the pattern).
 * `spend` is told how many code points there are, and of each step before it is made; it may throw.
 */
export function matchesPattern(
  { start }: Pattern,
  text: string,
  spend: (steps: number, characters: number) => void = () => {},
): boolean {
  spend(0, text.length);
  let waiting: Step[] = [];
  for (const [index, symbol] of [...Array.from(text), ''].entries()) {
    place++;
    // A match may begin anywhere.
    const open = [start, ...waiting];
    waiting = [];
    for (let step = open.pop(); step; step = open.pop()) {
      spend(1, 0);
      if (step.reached === place) continue;
      step.reached = place;
      if (step.next.length === 0) return true;
      const passing = step.pass(symbol, index === 0);
      if (passing > 0) (passing === 1 ? open : waiting).push(...step.next);
    }
  }
  return false;
}
