import { type Finding, findSyntaxFault, inspectDocument, pathOf } from '@clarity/flags-core/document';
import { adviceOn } from './advice.ts';
import { withoutEchoedDoubts, withoutEchoes } from './echoes.ts';
import type { Doubt } from './doubt.ts';
import { lint } from './lint.ts';
import { isObject, isUnknownMember, keysOf, strangerIn, valueAt } from './mistake.ts';
import { findPositions, type Position, type Positions } from './positions.ts';
import { shownValue } from './shown-value.ts';
import { syntaxAdvice } from './syntax-advice.ts';

/** Something about a document that somebody has to mend, or to look at. */
export interface Remark {
  /** `$.flags.checkout.status` */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly found: string;
  /** Left out where nothing of that kind is allowed, and of warnings. */
  readonly allowed?: string;
  /** What to type instead. */
  readonly advice: string;
  /** All of it in one sentence, without the position. */
  readonly message: string;
}

export interface Review {
  /** What makes the document unfit: in the order of the text. */
  readonly problems: readonly Remark[];
  /** What is allowed, and most likely not meant. */
  readonly warnings: readonly Remark[];
  readonly flags: number;
  readonly segments: number;
  /** Why clients refuse it, or `set-aside` when they only leave out some flags; undefined for one without problems. */
  readonly kind: 'not-a-document' | 'invalid' | 'too-large' | 'empty' | 'set-aside' | undefined;
}

/** Reads the text of a document as its author wants it read: all that is wrong, where, and what to type instead. */
export function review(source: string, nowMs: number): Review {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const { result, findings } = inspectDocument(source);
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return unreadable(text, findings);
  }
  const positions = findPositions(text);
  const problems = [
    ...withoutEchoes(findings, root).map((finding) => problemOf(finding, root, positions)),
    ...duplicatesOf(positions),
  ].toSorted(inOrder);
  const refusal = result.ok ? 'set-aside' : result.kind;
  return {
    problems,
    warnings: warningsOf(withoutEchoedDoubts(lint(root, nowMs), findings, root), root, positions),
    flags: keysOf(root, 'flags').length,
    segments: keysOf(root, 'segments').length,
    kind: problems.length === 0 ? undefined : refusal,
  };
}

/** A text that is not JSON, or too large to look at. */
function unreadable(text: string, [finding]: readonly Finding[]): Review {
  const isSyntax = finding?.path.startsWith('line ') === true;
  const { offset, advice } = isSyntax ? syntaxAdvice(text) : { offset: 0, advice: 'write less, or in fewer brackets' };
  const { found = 'nothing', allowed = 'a whole JSON document' } = finding ?? {};
  const before = text.slice(0, offset).split('\n');
  const message = `found ${found}, allowed: ${allowed}; ${advice}`;
  return {
    problems: [{ path: '$', line: before.length, column: before.at(-1)!.length + 1, found, allowed, advice, message }],
    warnings: [],
    flags: 0,
    segments: 0,
    kind: isSyntax && findSyntaxFault(text).kind !== 'corrupt' ? 'not-a-document' : 'invalid',
  };
}

/** A list of allowed words that is longer is left out of the sentence where a better one is known. */
const MOST_LISTED = 80;

function problemOf(finding: Finding, root: unknown, positions: Positions): Remark {
  const { path, allowed, steps } = finding;
  const value = valueAt(root, steps);
  const isName = isUnknownMember(finding, root);
  const stranger = strangerIn(finding, root);
  const shown = isName
    ? undefined
    : stranger === undefined
      ? shownValue(value, steps, valueAt(root, steps.slice(0, -1)))
      : shownValue(stranger.name, [...steps, 'variants', 0], undefined);
  const found = shown ?? finding.found;
  const advice = adviceOn(finding, root);
  const position = placeOf(finding, isName, positions);
  // What to type says more than a long list, unless it is some of that list.
  const saysMore = /^(?:did you mean|it belongs|write (?!one of))/.test(advice);
  const among = saysMore && allowed.length > MOST_LISTED ? '' : `, allowed: ${allowed}`;
  return { path, ...position, found, allowed, advice, message: `${path}: found ${found}${among}; ${advice}` };
}

function placeOf({ found, steps, path }: Finding, isName: boolean, positions: Positions): Position {
  // No flags at all: the only one without steps that has a place.
  if (path === '$.flags') return positions.ofValue(['flags']);
  // Of what is not there, the object that lacks it.
  if (found === 'nothing') return positions.ofValue(steps.slice(0, -1));
  return isName || steps.at(-1) === '' ? positions.ofName(steps) : positions.ofValue(steps);
}

function duplicatesOf({ duplicates }: Positions): readonly Remark[] {
  return duplicates.map(({ steps, first, again }) => {
    const path = pathOf(steps);
    const found = `${JSON.stringify(steps.at(-1))} a second time, after line ${first.line}, column ${first.column}`;
    const advice = 'take one of the two out: only the last counts';
    return { path, ...again, found, allowed: 'each name once', advice, message: `${path}: found ${found}; ${advice}` };
  });
}

function warningsOf(doubts: readonly Doubt[], root: unknown, positions: Positions): readonly Remark[] {
  return doubts
    .map(({ steps, found, advice }) => {
      const path = pathOf(steps);
      const isTable = isObject(valueAt(root, steps));
      const position = isTable ? positions.ofName(steps) : positions.ofValue(steps);
      return { path, ...position, found, advice, message: `${path}: ${found}; ${advice}` };
    })
    .toSorted(inOrder);
}

function inOrder(one: Position, other: Position): number {
  return one.line - other.line || one.column - other.column;
}
