import { MAX_SEARCH_COST_OF_ALL } from './condition.ts';
import { be, type Check, describe, Inspection, MAX_PROBLEMS, pathOf, table, unnamed } from './inspection.ts';
import { type Dictionary, isObject } from './is-object.ts';
import { DEFAULT_MAX_BYTES, isLarger } from './is-larger.ts';
import { findLargeIntegers } from './large-integers.ts';
import { checkHoldout, checkLayer } from './layers.ts';
import { isPlainFlag } from './plain-flag.ts';
import { problemAt } from './problem-at.ts';
import { type Entries, followReferences } from './references.ts';
import { entryOf, type Table, tableAndName } from './tables.ts';
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
   * What is left when the entries that are wrong are set aside, and every flag that uses such an entry. Left out when
   * something else is wrong as well, or when no flag is left.
   */
  readonly rest?: Decoded;
}

/**
 * Decodes the text of a flag document. Never throws. A byte-order mark at the start is skipped; of members with one
 * name the last one counts; lone surrogates are kept (and hashed as U+FFFD); an integer beyond 2^53 - 1, which
 * JSON.parse changes, is wrong. Members of the document that are not known are ignored. A flag with a word that is not
 * known (a member, an operator, a status, a way to serve, a hash) is set aside; anything else that is wrong refuses the
 * document, and what would be left without the flags that are wrong comes with the refusal (F65).
 */
export function decodeDocument(source: string, limits: DecodeLimits = {}): DecodeResult {
  return decodeWith(source, limits, (tables) => new Inspection(tables));
}

/** The same by an inspection of the caller's, which may keep more of what it sees. */
export function decodeWith(
  source: string,
  limits: DecodeLimits,
  inspection: (tables: Readonly<Record<Table, Dictionary>>) => Inspection,
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
  inspection: (tables: Readonly<Record<Table, Dictionary>>) => Inspection,
): DecodeResult {
  dropPrototype(root);
  const { schemaVersion: version, environment, flags, segments = {}, layers, holdouts } = root;
  const given = {
    flags,
    segments,
    layers: layers === undefined ? {} : layers,
    holdouts: holdouts === undefined ? {} : holdouts,
  };
  for (const entry of Object.values(given)) dropPrototype(entry);
  const known = Object.entries(given).map(([name, entry]) => [name, isObject(entry) ? entry : {}] as const);
  const at = inspection(Object.fromEntries(known) as Record<Table, Dictionary>);
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
  /** Those with unknown words are put by as newer: the rest of them may follow rules that are not known here either. */
  const check = (kind: Table, form: Check): void => {
    const entry = table((value) => {
      if (kind === 'flags') size++;
      const doubted = at.doubts.length;
      if (kind === 'flags' && at.name !== '' && isPlainFlag(value)) return;
      const node = entryOf(kind, at.name);
      at.begin();
      (at.name === '' ? unnamed : form)(value, at);
      if (at.newer !== undefined) {
        at.problems.length = 0;
        at.doubts.length = doubted;
        entries.newer.set(node, at.newer);
      } else {
        const wrong = take();
        if (wrong !== undefined) entries.wrong.set(node, wrong);
        while (doubters.length < at.doubts.length) doubters.push(node);
        if (at.refers.length > 0) entries.refers.set(node, at.refers);
      }
    });
    at.within(kind, entry, given[kind]);
  };
  at.within('schemaVersion', schemaVersion, version);
  if (environment !== undefined) at.within('environment', text, environment);
  let isOutlineSound = take() === undefined;
  check('layers', checkLayer);
  check('holdouts', checkHoldout);
  check('segments', checkSegment);
  check('flags', checkFlag);
  isOutlineSound &&= take() === undefined;
  for (const [index, { other, problem }] of at.doubts.entries()) {
    if (entries.newer.has(other)) continue;
    at.problems.push(problem);
    entries.wrong.set(doubters[index]!, problem);
  }
  for (const { path, digits } of findLargeIntegers(body)) {
    const [kind, name] = path;
    if (!isTable(kind) || name === undefined) continue;
    const node = entryOf(kind, name);
    if (entries.newer.has(node)) continue;
    const place = pathOf(path);
    const told = problems.find((known) => known.path === place);
    const problem =
      told ?? problemAt(place, `an integer of ${digits} digits`, 'integers up to 2^53 - 1; write a larger one as text');
    if (told === undefined) at.add(problem, path);
    if (!entries.wrong.has(node)) entries.wrong.set(node, problem);
  }
  take();
  followReferences(entries, at);
  take();
  if (at.searchCostOfAll > MAX_SEARCH_COST_OF_ALL) {
    isOutlineSound = false;
    at.add(problemAt('$', 'contains and matches that cost more', `at most ${MAX_SEARCH_COST_OF_ALL} in all`), []);
    take();
  }

  const documentWithout = (aside: ReadonlyMap<string, Problem>): Decoded => {
    const setAside: SetAside[] = [];
    for (const [node, problem] of aside) {
      const [table, name] = tableAndName(node);
      // Who reads the document further finds nothing in it that cannot be read.
      delete (given[table] as Record<string, unknown>)[name];
      if (table === 'flags') setAside.push({ flagKey: name, problem });
    }
    const document = {
      schemaVersion: 1,
      ...(environment !== undefined && { environment }),
      flags,
      segments,
      ...(layers !== undefined && { layers }),
      ...(holdouts !== undefined && { holdouts }),
      setAside,
    };
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

function isTable(name: unknown): name is Table {
  return name === 'flags' || name === 'segments' || name === 'layers' || name === 'holdouts';
}

/** So that no key can meet a prototype. */
function dropPrototype(value: unknown): void {
  if (isObject(value)) Object.setPrototypeOf(value, null);
}

function refuse(kind: Refused['kind'], path: string, found: string, allowed: string): Refused {
  return { ok: false, kind, problems: [problemAt(path, found, allowed)] };
}
