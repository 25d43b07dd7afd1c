import { diff, type Difference, type NeededVersion, neededVersions } from '@clarity/flags-changes';
import type { FlagDocument } from '@clarity/flags-core/document';
import { counted } from '../counted.ts';
import { needLines } from '../needs.ts';
import type { Line } from '../outcome.ts';

/** In what two documents differ now, for programs and for people. */
export interface Compared {
  readonly differences: readonly Difference[];
  /** The flags that need later clients than before. */
  readonly needs: readonly NeededVersion[];
  readonly lines: readonly Line[];
  /** What somebody should be asked about, a sentence each. */
  readonly questions: readonly string[];
}

export function compare(before: FlagDocument, after: FlagDocument): Compared {
  const differences = diff(before, after, Date.now());
  const needs = neededVersions(after, before);
  return {
    differences,
    needs,
    lines: [...differences.flatMap(linesOf), ...needLines(needs), { text: countOf(differences), tone: 'quiet' }],
    questions: differences.flatMap((one) => (one.question === undefined ? [] : [questionOf(one, one.question.text)])),
  };
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;
const TONES = { added: 'good', removed: 'bad', changed: 'doubtful' } as const;

function linesOf(difference: Difference): readonly Line[] {
  const { change, words, question } = difference;
  const tone = TONES[change];
  return [
    ...words.map((text, index): Line => ({
      text: index === 0 ? `${SIGNS[change]} ${nameOf(difference)}: ${text}` : `    ${text}`,
      tone,
    })),
    ...(question === undefined ? [] : [{ text: `! ${questionOf(difference, question.text)}`, tone: 'bad' } as const]),
  ];
}

function nameOf({ of, key }: Difference): string {
  return of === 'flag' ? key : of === 'environment' ? of : `${of} ${key}`;
}

function questionOf(difference: Difference, text: string): string {
  return `${nameOf(difference)} ${text}`;
}

function countOf(differences: readonly Difference[]): string {
  const asked = differences.filter(({ question }) => question !== undefined).length;
  if (differences.length === 0) return 'both mean the same';
  return `${counted(differences.length, 'difference')}${asked === 0 ? '' : `, ${asked} to be asked about`}`;
}
