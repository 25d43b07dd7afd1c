import { type DecodeLimits, type DecodeResult, decodeWith } from './decode.ts';
import { Inspection, type Tables, unnamed } from './inspection.ts';
import { checkFlag } from './structure.ts';
import type { Entry } from './tables.ts';
import type { Problem } from './types.ts';

/** One thing that is wrong with a document, with all that a tool needs to point at it. */
export interface Finding extends Problem {
  /** The names and indexes that lead there. None for the document itself, and for its syntax. */
  readonly steps: readonly (string | number)[];
  /** `unknown`: a word that only a newer version can know, for which its flag is set aside. `wrong`: anything else. */
  readonly kind: 'wrong' | 'unknown';
}

export interface InspectedDocument {
  /** What `decodeDocument` says of it. */
  readonly result: DecodeResult;
  /** All that is wrong, in the order in which it was found. */
  readonly findings: readonly Finding[];
}

/**
 * Decodes a document and keeps everything that is wrong with it: not only the first 20 mistakes, and of each flag not
 * only the first word that is not known. For editors and command lines; clients decode. Never throws.
 */
export function inspectDocument(source: string, limits: DecodeLimits = {}): InspectedDocument {
  let thorough: ThoroughInspection | undefined;
  const result = decodeWith(source, limits, (tables) => (thorough = new ThoroughInspection(tables)));
  const findings = [...(thorough?.findings.values() ?? [])];
  // Of what ends the decoding before anything is looked at, and of a document without flags, there is one problem.
  if (findings.length > 0 || result.ok) return { result, findings };
  return { result, findings: result.problems.map((problem) => ({ ...problem, steps: [], kind: 'wrong' })) };
}

/**
 * What is wrong with one flag, read by itself: for importers and editors that have no whole document, or whose others
 * are not sound yet. Names of other flags, segments, layers and holdouts are looked up in the tables that are given;
 * names of a table that is left out are taken to exist. Circles take a whole document. The text of a document also
 * shows integers that are too large; a value does not. Never throws.
 */
export function inspectFlag(flagKey: string, definition: unknown, tables: Tables = {}): readonly Finding[] {
  const at = new ThoroughInspection(tables);
  at.within('flags', () => at.within(flagKey, flagKey === '' ? unnamed : checkFlag, definition), undefined);
  return [...at.findings.values()];
}

/** Keeps what it is told, also beyond what is told of a document. */
class ThoroughInspection extends Inspection {
  /** By path: of two complaints about one place the first is enough. */
  readonly findings = new Map<string, Finding>();

  override report(found: unknown, allowed: string, shown = false): void {
    super.report(found, allowed, shown);
    this.#keep('wrong', this.problem(found, allowed, shown));
  }

  override unknown(found: unknown, allowed: string): void {
    super.unknown(found, allowed);
    this.#keep('unknown', this.problem(found, allowed, true));
  }

  override doubt(other: Entry, found: unknown, allowed: string, shown = false): void {
    super.doubt(other, found, allowed, shown);
    this.#keep('wrong', this.problem(found, allowed, shown));
  }

  override add(problem: Problem, steps: readonly (string | number)[]): void {
    super.add(problem, steps);
    this.#keep('wrong', problem, steps);
  }

  #keep(kind: Finding['kind'], problem: Problem, steps = this.steps): void {
    const key = JSON.stringify(steps);
    if (!this.findings.has(key)) this.findings.set(key, { ...problem, steps, kind });
  }
}
