import { MAX_SEARCH_COST } from './condition.ts';
import { be, type Check, describe, dictionary, Inspection, MAX_PROBLEMS, shorten } from './inspection.ts';
import { type Dictionary, isObject } from './is-object.ts';
import { DEFAULT_MAX_BYTES, isLarger } from './is-larger.ts';
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
  /** Flags that only a newer version can read. The rest of the document is used. */
  readonly setAside: readonly SetAside[];
}

export interface Refused {
  readonly ok: false;
  /**
   * `not-a-document`: it does not look like a whole JSON document: an HTML page, nothing, or a text that ends too early. The store, or what
   * stands between, is at fault. `invalid`: it arrived whole and is wrong. `too-large`: above `maxBytes`. `empty`: without a flag.
   */
  readonly kind: 'not-a-document' | 'invalid' | 'too-large' | 'empty';
  /** At least one, at most 20, in the order of the document. */
  readonly problems: readonly Problem[];
}

/** How deeply segments may contain segments. */
const MAX_SEGMENT_LEVELS = 32;

/**
 * Decodes the text of a flag document. Never throws. A byte-order mark at the start is skipped; of members with one name the last one
 * counts; lone surrogates are kept (and hashed as U+FFFD). Members of the document that are not known are ignored. A flag with a word that is not
 * known (a member, an operator, a status, a way to serve, a hash) is set aside; anything else that is wrong refuses the document.
 */
export function decodeDocument(source: string, limits: DecodeLimits = {}): DecodeResult {
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
  return decodeRoot(root, allowEmpty);
}

const schemaVersion = be('1', (value) => value === 1, true);

function decodeRoot(root: Dictionary, allowEmpty: boolean): DecodeResult {
  dropPrototype(root);
  const { schemaVersion: version, environment, flags, segments = {} } = root;
  dropPrototype(flags);
  dropPrototype(segments);
  const at = new Inspection(isObject(flags) ? flags : {}, isObject(segments) ? segments : {});
  const { problems } = at;
  const aside = new Map<string, Problem>();
  const refers = new Map<string, readonly string[]>();

  let size = 0;
  /** Flags or segments. Those with unknown words go to `aside`: the rest of them may follow rules that are not known here either. */
  const entries = (kind: 'f' | 's', check: Check): Check =>
    dictionary((value) => {
      if (kind === 'f') size++;
      const known = problems.length;
      const doubted = at.doubts.length;
      if (known >= MAX_PROBLEMS || (kind === 'f' && isPlainFlag(value))) return;
      check(value, at);
      if (at.newer !== undefined) {
        problems.length = known;
        at.doubts.length = doubted;
        aside.set(`${kind}${at.name}`, at.newer);
        at.newer = undefined;
        at.refers = [];
      } else if (at.refers.length > 0) {
        refers.set(`${kind}${at.name}`, at.refers);
        at.refers = [];
      }
    });
  at.within('schemaVersion', schemaVersion, version);
  if (environment !== undefined) at.within('environment', text, environment);
  at.within('segments', entries('s', checkSegment), segments);
  at.within('flags', entries('f', checkFlag), flags);
  for (const { flagKey, problem } of at.doubts) if (!aside.has(`f${flagKey}`)) problems.push(problem);
  follow(refers, aside, at);
  if (at.searchCost > MAX_SEARCH_COST)
    problems.push(problemAt('$', 'contains and matches that cost more', `at most ${MAX_SEARCH_COST}`));
  if (problems.length > 0) return { ok: false, kind: 'invalid', problems: problems.slice(0, MAX_PROBLEMS) };

  const setAside: SetAside[] = [];
  for (const [node, problem] of aside) {
    if (node.startsWith('s')) continue;
    setAside.push({ flagKey: node.slice(1), problem });
    delete (at.flags as Record<string, unknown>)[node.slice(1)];
  }
  if (!allowEmpty && setAside.length === 0 && size === 0) return refuse('empty', '$.flags', 'no flag', 'at least one');
  const document = { schemaVersion: 1, ...(environment !== undefined && { environment }), flags, segments, setAside };
  return { ok: true, document: document as unknown as FlagDocument, setAside };
}

/** What is wrong with a text that is no JSON. */
function faultIn(body: string): SyntaxFault {
  try {
    return findSyntaxFault(body);
  } catch {
    // Millions of escapes in one string are more than the regular expressions of some runtimes take. So large a text was cut, if anything.
    return { kind: 'cut', place: '$', found: 'something else' };
  }
}

/** So that no key can meet a prototype. */
function dropPrototype(value: unknown): void {
  if (isObject(value)) Object.setPrototypeOf(value, null);
}

/**
 * Follows what flags and segments refer to: refuses cycles and segments that nest too deeply, and sets aside what uses a segment that is
 * set aside. With a stack of its own: any depth is safe.
 */
function follow(refers: ReadonlyMap<string, readonly string[]>, aside: Map<string, Problem>, at: Inspection): void {
  // 0 while its references are being followed, then how many levels of segments begin with it. In the order in which they were entered.
  const levels = new Map<string, number>();
  const reportAt = (node: string, found: string, allowed: string): void => {
    const report: Check = () =>
      at.problems.push(at.problems[MAX_PROBLEMS] ?? problemAt(at.path, shorten(found), allowed));
    at.within(node[0] === 'f' ? 'flags' : 'segments', () => at.within(node.slice(1), report, 0), 0);
  };
  const stack = [...refers.keys()];
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const others = refers.get(node) ?? [];
    if (!levels.has(node)) {
      levels.set(node, 0);
      for (const other of others) {
        if (levels.get(other) === 0) {
          const open = [...levels.keys()].filter((one) => levels.get(one) === 0);
          const cycle = [...open.slice(open.indexOf(other)), other];
          reportAt(other, cycle.map((one) => one.slice(1)).join(' > '), 'no cycle');
          return;
        }
        if (!levels.has(other)) stack.push(other);
      }
    } else {
      stack.pop();
      if (levels.get(node) !== 0) continue;
      let level = 1;
      for (const other of others) {
        if (other[0] === 'f') continue;
        level = Math.max(level, levels.get(other)! + 1);
        if (aside.has(other) && !aside.has(node)) aside.set(node, aside.get(other)!);
      }
      levels.set(node, level);
      if (level > MAX_SEGMENT_LEVELS && node[0] === 's')
        reportAt(node, `${level} levels`, `${MAX_SEGMENT_LEVELS} levels of segments`);
    }
  }
}

function refuse(kind: Refused['kind'], path: string, found: string, allowed: string): Refused {
  return { ok: false, kind, problems: [problemAt(path, found, allowed)] };
}
