import { MAX_SEARCH_COST } from './condition.ts';
import { be, type Check, describe, Inspection, MAX_PROBLEMS, pathOf, shorten, table, unnamed } from './inspection.ts';
import { type Dictionary, isObject } from './is-object.ts';
import { DEFAULT_MAX_BYTES, isLarger } from './is-larger.ts';
import { findLargeIntegers } from './large-integers.ts';
import { isPlainFlag } from './plain-flag.ts';
import { problemAt } from './problem-at.ts';
import { checkFlag, checkSegment } from './structure.ts';
import { findSyntaxFault, type SyntaxFault } from './syntax.ts';
import type { FlagDocument, Problem, SetAside } from './types.ts';
import { text } from './values.ts';

export interface DecodeLimits {
  /** Size of the text in UTF-8, in bytes. Default 4 MiB (4,194,304). */
  readonly maxBytes?: number;
  /** Accept a document without flags. Default false: an empty document is nearly always an accident. */
  readonly allowEmpty?: boolean;
}

export type DecodeResult = Decoded | Refused;

export interface Decoded {
  readonly ok: true;
  readonly document: FlagDocument;
  /** Flags that only a newer version can read; in what is left of a refused document, also those that are wrong. */
  readonly setAside: readonly SetAside[];
}

export interface Refused {
  readonly ok: false;
  /**
   * `not-a-document`: it does not look like a whole JSON document: an HTML page, nothing, or a text that ends too
   * early. The store, or what stands between, is at fault. `invalid`: it arrived whole and is wrong. `too-large`: above
   * `maxBytes`. `empty`: without a flag.
   */
  readonly kind: 'not-a-document' | 'invalid' | 'too-large' | 'empty';
  /** At least one, at most 20, in the order of the document. */
  readonly problems: readonly Problem[];
  /**
   * What is left when the flags and segments that are wrong are set aside, and every flag that uses such a segment.
   * Left out when something else is wrong as well, or when no flag is left.
   */
  readonly rest?: Decoded;
}

/** How deeply segments may contain segments. */
const MAX_SEGMENT_LEVELS = 32;

/**
 * Decodes the text of a flag document. Never throws. A byte-order mark at the start is skipped; of members with one
 * name the last one counts; lone surrogates are kept (and hashed as U+FFFD); an integer beyond 2^53 - 1, which
 * JSON.parse changes, is wrong. Members of the document that are not known are ignored. A flag with a word that is not
 * known (a member, an operator, a status, a way to serve, a hash) is set aside; anything else that is wrong refuses the
 * document, and what would be left without the flags that are wrong comes with the refusal (F65).
 */
export function decodeDocument(source: string, limits: DecodeLimits = {}): DecodeResult {
  return decodeWith(source, limits, (flags, segments) => new Inspection(flags, segments));
}

/** The same by an inspection of the caller's, which may keep more of what it sees. */
export function decodeWith(
  source: string,
  limits: DecodeLimits,
  inspection: (flags: Dictionary, segments: Dictionary) => Inspection,
): DecodeResult {
  const { maxBytes = DEFAULT_MAX_BYTES, allowEmpty = false } = limits;
  if (isLarger(source, maxBytes)) {
    return refuse('too-large', '$', 'a larger text', `${maxBytes} bytes of UTF-8`);
  }
  const body = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  let root: unknown;
  try {
    root = JSON.parse(body);
  } catch {
    const { kind, place, found } = faultIn(body);
    if (kind === 'none') return refuse('invalid', '$', 'deep nesting', 'what JSON.parse of this runtime can take');
    return refuse(kind === 'corrupt' ? 'invalid' : 'not-a-document', place, found, 'a whole JSON document');
  }
  if (!isObject(root)) return refuse('invalid', '$', describe(root), 'an object with schemaVersion and flags');
  return decodeRoot(root, body, allowEmpty, inspection);
}

const schemaVersion = be('1', (value) => value === 1, true);

function decodeRoot(
  root: Dictionary,
  body: string,
  allowEmpty: boolean,
  inspection: (flags: Dictionary, segments: Dictionary) => Inspection,
): DecodeResult {
  dropPrototype(root);
  const { schemaVersion: version, environment, flags, segments = {} } = root;
  dropPrototype(flags);
  dropPrototype(segments);
  const at = inspection(isObject(flags) ? flags : {}, isObject(segments) ? segments : {});
  const problems: Problem[] = [];
  const entries: Entries = { newer: new Map(), wrong: new Map(), refers: new Map() };
  /** Who has each doubt. */
  const doubters: string[] = [];

  /** The problems that were found since the last time: told, as many as are told of one document. */
  const take = (): Problem | undefined => {
    const found = at.problems.splice(0);
    problems.push(...found.slice(0, MAX_PROBLEMS - problems.length));
    return found[0];
  };
  let size = 0;
  /**
   * Flags or segments. Those with unknown words are put by as newer: the rest of them may follow rules that are not
   * known here either.
   */
  const check = (kind: 'f' | 's', form: Check): Check =>
    table((value) => {
      if (kind === 'f') size++;
      const doubted = at.doubts.length;
      if (kind === 'f' && at.name !== '' && isPlainFlag(value)) return;
      const node = `${kind}${at.name}`;
      (at.name === '' ? unnamed : form)(value, at);
      if (at.newer !== undefined) {
        at.problems.length = 0;
        at.doubts.length = doubted;
        entries.newer.set(node, at.newer);
        at.newer = undefined;
      } else {
        const wrong = take();
        if (wrong !== undefined) entries.wrong.set(node, wrong);
        while (doubters.length < at.doubts.length) doubters.push(node);
        if (at.refers.length > 0) entries.refers.set(node, at.refers);
      }
      at.refers = [];
    });
  at.within('schemaVersion', schemaVersion, version);
  if (environment !== undefined) at.within('environment', text, environment);
  let isOutlineSound = take() === undefined;
  at.within('segments', check('s', checkSegment), segments);
  at.within('flags', check('f', checkFlag), flags);
  isOutlineSound &&= take() === undefined;
  for (const [index, { flagKey, problem }] of at.doubts.entries()) {
    if (entries.newer.has(`f${flagKey}`)) continue;
    at.problems.push(problem);
    entries.wrong.set(doubters[index]!, problem);
  }
  for (const { path, digits } of findLargeIntegers(body)) {
    const kind = path[0] === 'flags' ? 'f' : path[0] === 'segments' ? 's' : undefined;
    const node = `${kind}${path[1]}`;
    if (kind === undefined || entries.newer.has(node)) continue;
    const place = pathOf(path);
    const told = problems.find((known) => known.path === place);
    const problem =
      told ?? problemAt(place, `an integer of ${digits} digits`, 'integers up to 2^53 - 1; write a larger one as text');
    if (told === undefined) at.add(problem, path);
    if (!entries.wrong.has(node)) entries.wrong.set(node, problem);
  }
  take();
  follow(entries, at);
  take();
  if (at.searchCost > MAX_SEARCH_COST) {
    isOutlineSound = false;
    at.add(problemAt('$', 'contains and matches that cost more', `at most ${MAX_SEARCH_COST}`), []);
    take();
  }

  const documentWithout = (aside: ReadonlyMap<string, Problem>): Decoded => {
    const setAside: SetAside[] = [];
    for (const [node, problem] of aside) {
      if (node.startsWith('s')) continue;
      setAside.push({ flagKey: node.slice(1), problem });
      delete (at.flags as Record<string, unknown>)[node.slice(1)];
    }
    const document = { schemaVersion: 1, ...(environment !== undefined && { environment }), flags, segments, setAside };
    return { ok: true, document: document as unknown as FlagDocument, setAside };
  };
  if (problems.length > 0) {
    const rest = documentWithout(new Map([...entries.newer, ...entries.wrong]));
    const isUsable = isOutlineSound && size > rest.setAside.length;
    return { ok: false, kind: 'invalid', problems, ...(isUsable && { rest }) };
  }
  if (!allowEmpty && entries.newer.size === 0 && size === 0)
    return refuse('empty', '$.flags', 'no flag', 'at least one');
  return documentWithout(entries.newer);
}

/** The flags and segments of a document, each named by `f` or `s` and its name. */
interface Entries {
  /** Those with a word that only a newer version can know, and those that use such a segment. */
  readonly newer: Map<string, Problem>;
  /** Those with a mistake, and those that use such a segment. */
  readonly wrong: Map<string, Problem>;
  /** What each refers to. */
  readonly refers: Map<string, readonly string[]>;
}

/** What is wrong with a text that is no JSON. */
function faultIn(body: string): SyntaxFault {
  try {
    return findSyntaxFault(body);
  } catch {
    // Millions of escapes in one string are more than the regular expressions of some runtimes take. So large a text
    // was cut, if anything.
    return { kind: 'cut', place: '$', found: 'something else', offset: 0, expected: '' };
  }
}

/** So that no key can meet a prototype. */
function dropPrototype(value: unknown): void {
  if (isObject(value)) Object.setPrototypeOf(value, null);
}

/**
 * Follows what flags and segments refer to: those that go in a circle and segments that nest too deeply are wrong, and
 * what uses a segment that is set aside goes with it. Circles are found as by Tarjan ("Depth-first search and linear
 * graph algorithms", 1972), with a stack of our own: any depth is safe, and each reference is followed once.
 */
function follow({ newer, wrong, refers }: Entries, at: Inspection): void {
  // 0 while its references are being followed, then how many levels of segments begin with it.
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
      at.within(node[0] === 'f' ? 'flags' : 'segments', () => at.within(node.slice(1), report, 0), 0);
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
    const others = refers.get(node) ?? [];
    if (!levels.has(node)) {
      levels.set(node, 0);
      positions.set(node, way.length);
      way.push(node);
      pending.push(node);
      first.set(node, entered.size);
      entered.set(node, entered.size);
      for (const other of others) {
        if (!levels.has(other)) stack.push(other);
        else if (levels.get(other) === 0 && !circles.has(node)) circles.set(node, circleTo(other));
      }
    } else {
      stack.pop();
      if (levels.get(node) !== 0) continue;
      way.pop();
      let level = 1;
      for (const other of others) {
        if (first.has(other)) leadsBackTo(node, first.get(other)!);
        if (other[0] === 'f') continue;
        level = Math.max(level, levels.get(other)! + 1);
        for (const aside of [newer, wrong])
          if (aside.has(other) && !aside.has(node)) aside.set(node, aside.get(other)!);
      }
      levels.set(node, level);
      if (level > MAX_SEGMENT_LEVELS && node[0] === 's')
        wrong.set(node, reportAt(node, `${level} levels`, `${MAX_SEGMENT_LEVELS} levels of segments`));
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

function refuse(kind: Refused['kind'], path: string, found: string, allowed: string): Refused {
  return { ok: false, kind, problems: [problemAt(path, found, allowed)] };
}
