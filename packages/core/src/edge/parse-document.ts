import type { DecodeLimits, DecodeResult, Refused } from '../document/decode.ts';
import { DEFAULT_MAX_BYTES, isLarger } from '../document/is-larger.ts';
import { problemAt } from '../document/problem-at.ts';
import type { FlagDocument, SetAside } from '../document/types.ts';
import { OPERATORS } from '../evaluation/compile-condition.ts';

/** The names of all members that parts of a document may have, and after them the words that some of them may hold. */
const WORDS: ReadonlySet<string> = new Set([
  ...(
    'description metadata clientVisible salt schedule onAt offAt rolloutPercentage betaUsers enabled variants offVariant prerequisites flag ' +
    'targets variant keys rules id when serve fallthrough by weight otherwise points at percentage pauses from until all any not segment ' +
    'attribute value ignoreCase include exclude status=enabled status=disabled status=beta status=canary type=boolean type=string ' +
    'type=number type=object kind=split kind=ramp hash=murmur3 curve=steps curve=linear'
  ).split(' '),
  ...Object.keys(OPERATORS).map((operator) => `op=${operator}`),
]);

/** What is iterated only if it has a length. */
const LISTS: ReadonlySet<string> = new Set(['prerequisites', 'targets', 'rules']);

/**
 * Reads a document that a publisher has checked: in size, as JSON, and in its outline. A flag with a word that is not known is set aside, like by
 * `decodeDocument`. What else may be wrong with a flag is found when it is compiled: its fallback is served then, and nothing else is harmed. Never
 * throws. Looks at no cost of searches, no cycle and no reference: a document from elsewhere goes through `decodeDocument`.
 */
export function parseDocument(source: string, limits: DecodeLimits = {}): DecodeResult {
  const { maxBytes = DEFAULT_MAX_BYTES, allowEmpty = false } = limits;
  if (isLarger(source, maxBytes)) return refuse('too-large', 'a larger text', `${maxBytes} bytes of UTF-8`);
  const text = source.replace(/^\uFEFF/, '');
  try {
    const { schemaVersion, flags, segments = {} } = Object(JSON.parse(text)) as Partial<FlagDocument>;
    if ((schemaVersion as unknown) !== 1 || !isTable(flags) || !isTable(segments)) {
      return refuse('invalid', 'something else', 'schemaVersion 1, flags and segments');
    }
    const isEmpty = Object.keys(flags).length === 0;
    if (isEmpty && !allowEmpty) return refuse('empty', 'no flag', 'at least one');
    const setAside: SetAside[] = [];
    dropStrangers(segments);
    for (const flagKey of dropStrangers(flags)) {
      setAside.push({ flagKey, problem: problemAt(flagKey, 'an unknown word', 'those of this version') });
    }
    return { ok: true, document: { schemaVersion: 1, flags, segments, setAside }, setAside };
  } catch {
    return refuse(isWhole(text) ? 'invalid' : 'not-a-document', 'something else', 'a whole JSON document');
  }
}

function isTable(value: unknown): value is Record<string, never> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes the prototype from a table, so that no key can meet it, and the parts that hold a word which is not known. Gives their names. */
function dropStrangers(table: Record<string, unknown>): readonly string[] {
  Object.setPrototypeOf(table, null);
  const strangers = Object.keys(table).filter((name) => !isTable(table[name]) || !isKnown(table[name]));
  for (const name of strangers) delete table[name];
  return strangers;
}

function isKnown(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return true;
  if (Array.isArray(part)) return part.every(isKnown);
  return Object.entries(part).every(([name, value]) => {
    if (LISTS.has(name) && !Array.isArray(value)) return false;
    if (!WORDS.has(name)) return typeof value === 'string' && WORDS.has(`${name}=${value}`);
    // What users write there is theirs.
    return name === 'metadata' || (name === 'variants' && !Array.isArray(value)) || isKnown(value);
  });
}

/**
 * Whether as many braces and brackets close as open, for a text that is no JSON. One that was cut says that the store is down, another that it holds
 * something bad.
 */
function isWhole(text: string): boolean {
  let open = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const symbol = text[index];
    if (symbol === '\\') index++;
    else if (symbol === '"') quoted = !quoted;
    else if (!quoted && symbol !== undefined) open += '{['.includes(symbol) ? 1 : '}]'.includes(symbol) ? -1 : 0;
  }
  return /^\s*\{/.test(text) && open === 0 && !quoted;
}

function refuse(kind: Refused['kind'], found: string, allowed: string): Refused {
  return { ok: false, kind, problems: [problemAt('$', found, allowed)] };
}
