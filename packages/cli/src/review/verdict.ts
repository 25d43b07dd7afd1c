import { type NeededVersion, neededVersions } from '@clarity/flags-changes';
import { decodeReading } from '@clarity/flags-core/adapter-kit';
import { decodeDocument, pathOf, type SetAside } from '@clarity/flags-core/document';
import type { ReadDocument } from '@clarity/flags-core/ports';
import { counted } from '../counted.ts';
import { EXIT, type Line, type Outcome } from '../outcome.ts';
import { needLines } from '../needs.ts';
import type { ReadFile } from '../read-document.ts';
import { type Remark, review, type Review } from './review.ts';

/** The verdict on a document: everything that is wrong with it, with its place, and what is doubtful. */
export interface Verdict extends Outcome {
  readonly value: {
    readonly valid: boolean;
    readonly document: string;
    readonly [member: string]: unknown;
  };
}

/** Lines of text for one document. All are counted. */
const MOST_LINES = 50;
/** In JSON. */
const MOST_PROBLEMS = 1_000;

/** The verdict on what a file holds, each remark with its line and column. */
export function judgeFile({ name, text, encoding }: ReadFile): Verdict {
  if (text !== undefined) return verdictOf(name, review(text, Date.now()), readableOf({ text }), true);
  const advice = encoding === 'UTF-16' ? 'save it as UTF-8 (iconv -f UTF-16 -t UTF-8)' : 'save it as UTF-8';
  const message = `found ${encoding}, allowed: UTF-8; ${advice}`;
  const problem = { path: '$', line: 1, column: 1, found: encoding, allowed: 'UTF-8', advice, message };
  const unread: Review = { problems: [problem], warnings: [], flags: 0, segments: 0, kind: 'not-a-document' };
  return verdictOf(name, unread, NOTHING, true);
}

/** The verdict on what a store holds, whose text nobody sees, so that lines and columns would say nothing. */
export function judgeReading(read: Reading, name: string): Verdict {
  return verdictOf(name, reviewReading(read), readableOf(read), false);
}

/** What a store holds, as its author wants it read. */
export function reviewReading(read: Reading): Review {
  const reviewed = review(read.text, Date.now());
  // Where each flag is an entry of its own, the source knows why one cannot be read, and the text has a stand-in.
  const entries = readableOf(read).setAside.filter(({ problem }) => !problem.path.startsWith('$'));
  const standIns = new Set(entries.map(({ flagKey }) => pathOf(['flags', flagKey])));
  const problems = [
    ...reviewed.problems.filter(({ path }) => !standIns.has(path)),
    ...entries.map(({ problem }) => ({ ...problem, line: 0, column: 0, advice: 'mend this entry, or take it away' })),
  ];
  const kind = read.perFlag !== undefined && reviewed.kind === 'invalid' ? 'set-aside' : reviewed.kind;
  return { ...reviewed, problems, kind };
}

type Reading = Pick<ReadDocument, 'text' | 'perFlag'>;

/** What clients would make of a document that they take. */
interface Readable {
  /** The flags that they would leave out. */
  readonly setAside: readonly SetAside[];
  /** The flags that older ones would leave out. */
  readonly needs: readonly NeededVersion[];
}

const NOTHING: Readable = { setAside: [], needs: [] };

function readableOf(read: Reading): Readable {
  const decoded = decodeReading(read, decodeDocument);
  return decoded.ok ? { setAside: decoded.setAside, needs: neededVersions(decoded.document) } : NOTHING;
}

function verdictOf(
  name: string,
  { problems, warnings, flags, segments, kind }: Review,
  { setAside, needs }: Readable,
  hasPlaces: boolean,
): Verdict {
  const valid = problems.length === 0;
  const shown = (remark: Remark): object => {
    const { line, column, ...rest } = remark;
    return hasPlaces ? { ...rest, line, column } : rest;
  };
  const counts = `${counted(flags, 'flag')}, ${counted(segments, 'segment')}`;
  const doubts = warnings.length === 0 ? '' : `, ${counted(warnings.length, 'warning')}`;
  const lines: Line[] = [
    ...linesOf(problems, 'bad', 'problem', hasPlaces ? name : undefined),
    ...setAside
      .map(({ flagKey }): Line => ({ text: `${flagKey} would be set aside`, tone: 'doubtful' }))
      .slice(0, MOST_LINES),
    ...linesOf(warnings, 'doubtful', 'warning', hasPlaces ? name : undefined),
    ...needLines(needs),
    valid
      ? { text: `${name} is valid: ${counts}${doubts}`, tone: warnings.length === 0 ? 'good' : 'doubtful' }
      : { text: `${name} is invalid: ${counted(problems.length, 'problem')}${doubts}`, tone: 'bad' },
  ];
  return {
    code: valid ? EXIT.ok : EXIT.findings,
    value: {
      valid,
      document: name,
      ...(kind !== undefined && { kind }),
      flags,
      segments,
      problemCount: problems.length,
      problems: problems.slice(0, MOST_PROBLEMS).map(shown),
      warnings: warnings.slice(0, MOST_PROBLEMS).map(shown),
      setAside,
      needs,
    },
    lines,
  };
}

/** A remark on a text that is not in sight. What is not JSON has no path: where it ends is told all the same. */
export function unplaced({ path, line, column, message }: Remark): string {
  return path === '$' && !message.startsWith(path) ? `line ${line}, column ${column}: ${message}` : message;
}

function linesOf(
  remarks: readonly Remark[],
  tone: 'bad' | 'doubtful',
  what: 'problem' | 'warning',
  name: string | undefined,
): readonly Line[] {
  const lines = remarks.slice(0, MOST_LINES).map((remark): Line => {
    const told = name === undefined ? unplaced(remark) : remark.message;
    const place = name === undefined ? '' : `${name}:${remark.line}:${remark.column} `;
    return { text: `${place}${what === 'warning' ? 'warning: ' : ''}${told}`, tone };
  });
  const left = remarks.length - lines.length;
  return left === 0 ? lines : [...lines, { text: `and ${counted(left, `more ${what}`)}`, tone }];
}
