import { Inspection, isObject } from './inspection.ts';
import { checkReferences } from './references.ts';
import { checkEnvironment, checkFlag, checkSchemaVersion, checkSegment } from './structure.ts';
import { findSyntaxFault } from './syntax.ts';
import type { FlagDefinition, FlagDocument, Problem, Segment, SetAside } from './types.ts';
import { utf8Length } from './utf8-length.ts';

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

/** 4 MiB. */
export const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
const MAX_PROBLEMS = 20;

/**
 * Decodes the text of a flag document. Never throws. A byte-order mark at the start is skipped; of members with one name the last one
 * counts; lone surrogates are kept (and hashed as U+FFFD). Members of the document that are not known are ignored. A flag with a word that is not
 * known (a member, an operator, a status, a way to serve, a hash) is set aside; anything else that is wrong refuses the document.
 */
export function decodeDocument(text: string, limits: DecodeLimits = {}): DecodeResult {
  const { maxBytes = DEFAULT_MAX_BYTES, allowEmpty = false } = limits;
  if (exceeds(text, maxBytes)) return refuse('too-large', '$', 'a larger text', `at most ${maxBytes} bytes of UTF-8`);
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let root: unknown;
  try {
    root = JSON.parse(body);
  } catch {
    const { kind, line, column, found } = findSyntaxFault(body);
    if (kind === 'none') return refuse('invalid', '$', 'JSON nested too deeply', 'JSON that this runtime can parse');
    return refuse(kind === 'corrupt' ? 'invalid' : 'not-a-document', `line ${line}, column ${column}`, found, 'a whole JSON document');
  }
  return decodeParsed(root, allowEmpty);
}

function decodeParsed(root: unknown, allowEmpty: boolean): DecodeResult {
  const at = new Inspection();
  if (!isObject(root)) return refuse('invalid', '$', at.problem(0, root, '').found, 'an object with schemaVersion and flags');
  const member = (name: string): unknown => (Object.hasOwn(root, name) ? root[name] : undefined);
  const environment = member('environment');
  const { problems } = at;
  at.step(1, 'schemaVersion');
  checkSchemaVersion(member('schemaVersion'), at, 1);
  at.step(1, 'environment');
  if (environment !== undefined) checkEnvironment(environment, at, 1);
  // Members of another schema version would only add noise.
  if (problems.length > 0) return { ok: false, kind: 'invalid', problems };

  const asideFlags = new Map<string, Problem>();
  const asideSegments = new Map<string, Problem>();
  const segments = entries(member('segments') ?? {}, 'segments', checkSegment, at, asideSegments);
  const flags = entries(member('flags'), 'flags', checkFlag, at, asideFlags);
  if (problems.length === 0) {
    const document = {
      schemaVersion: 1 as const,
      ...(environment !== undefined && { environment: environment as string }),
      flags: flags as Record<string, FlagDefinition>,
      segments: segments as Record<string, Segment>,
    };
    checkReferences(document, at, asideFlags, asideSegments);
    if (problems.length === 0) {
      const setAside = Array.from(asideFlags, ([flagKey, problem]) => ({ flagKey, problem }));
      for (const { flagKey } of setAside) delete document.flags[flagKey];
      if (!allowEmpty && setAside.length === 0 && isEmpty(flags)) {
        return refuse('empty', '$.flags', 'no flag', 'at least one flag, unless empty documents are allowed');
      }
      return { ok: true, document: { ...document, setAside }, setAside };
    }
  }
  return { ok: false, kind: 'invalid', problems: problems.slice(0, MAX_PROBLEMS) };
}

/** Checks each value of a dictionary and takes its prototype, so that no key can meet one. Values with unknown words go to `aside`. */
function entries(
  value: unknown,
  name: string,
  check: (value: unknown, at: Inspection, depth: number) => void,
  at: Inspection,
  aside: Map<string, Problem>,
): Record<string, unknown> {
  at.step(1, name);
  if (!isObject(value)) {
    at.report(1, value, 'an object');
    return {};
  }
  const { problems } = at;
  for (const key of Object.keys(value)) {
    const before = problems.length;
    at.step(2, key);
    if (key === '') at.report(2, key, 'a name that is not empty');
    check(value[key], at, 2);
    if (at.newer !== undefined) {
      // The rest of it may follow rules that are not known here either.
      problems.length = before;
      aside.set(key, at.newer);
      at.newer = undefined;
    }
    if (problems.length >= MAX_PROBLEMS) break;
  }
  return Object.setPrototypeOf(value, null) as Record<string, unknown>;
}

function isEmpty(flags: Record<string, unknown>): boolean {
  for (const _ in flags) return false;
  return true;
}

/** Whether the text takes more than `maxBytes` in UTF-8. Counts only when its length leaves the question open. */
function exceeds(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && (text.length > maxBytes || utf8Length(text) > maxBytes);
}

function refuse(kind: Refused['kind'], path: string, found: string, allowed: string): Refused {
  return { ok: false, kind, problems: [{ path, found, allowed, message: `${path}: found ${found}, allowed is ${allowed}` }] };
}
