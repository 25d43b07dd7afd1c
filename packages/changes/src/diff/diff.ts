import type { FlagDefinition, FlagDocument, FlagType, SetAside } from '@clarity/flags-core/document';
import { describe } from '../describe/describe.ts';
import { everybody } from './everybody.ts';
import { flagChanges } from './flag-changes.ts';
import { differing, own } from './same.ts';
import { reachWords, segmentChanges, segmentWords } from './segment-changes.ts';

/** One thing in which two documents differ. */
export interface Difference {
  readonly of: 'flag' | 'segment' | 'environment';
  /** The flag's key or the segment's name; of the environment its name as it becomes. */
  readonly key: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** At least one sentence, without the key. */
  readonly words: readonly string[];
  /** Why somebody should be asked before it is published. */
  readonly question?: Question;
}

export interface Question {
  /**
   * `vanishes`: a flag is gone. `type`: it has values of another type. `everybody`: it turns on or off for everybody
   * (but for users that it names).
   */
  readonly reason: 'vanishes' | 'type' | 'everybody';
  /** A sentence, without the key: `turns off for everybody`. */
  readonly text: string;
}

/**
 * In what two documents differ, in words, at a moment (Unix milliseconds); empty for two that mean the same. What
 * should be asked about comes first, then flags, then segments, each in the order of the documents.
 */
export function diff(before: FlagDocument, after: FlagDocument, atMs: number): readonly Difference[] {
  const differences = [
    ...flagDifferences(before, after, atMs),
    ...segmentDifferences(before, after),
    ...(before.environment === after.environment ? [] : [environmentDifference(before.environment, after.environment)]),
  ];
  const isAsked = ({ question }: Difference): boolean => question !== undefined;
  return [...differences.filter(isAsked), ...differences.filter((one) => !isAsked(one))];
}

function flagDifferences(before: FlagDocument, after: FlagDocument, atMs: number): Difference[] {
  const [olds, news] = [flagsOf(before), flagsOf(after)];
  return differing(olds, news).map((key) => flagDifference(key, own(olds, key), own(news, key), atMs));
}

/** The flags of a document, and in place of each that is set aside, why. */
function flagsOf({ flags, setAside = [] }: FlagDocument): Readonly<Record<string, FlagDefinition | SetAside>> {
  return Object.fromEntries<FlagDefinition | SetAside>([
    ...Object.entries(flags),
    ...setAside.map((aside) => [aside.flagKey, aside] as const),
  ]);
}

type Entry = FlagDefinition | SetAside | undefined;

function flagDifference(key: string, before: Entry, after: Entry, atMs: number): Difference {
  const words = (entry: FlagDefinition | SetAside): string =>
    isAside(entry) ? `nothing that can be read (${entry.problem.message})` : describe(entry, atMs);
  if (before === undefined) return { of: 'flag', key, change: 'added', words: [words(after!)] };
  if (after === undefined) {
    const question: Question = { reason: 'vanishes', text: 'vanishes: code that asks for it gets its fallback' };
    return { of: 'flag', key, change: 'removed', words: [`was ${words(before)}`], question };
  }
  if (isAside(before) || isAside(after)) {
    return { of: 'flag', key, change: 'changed', words: [`was ${words(before)}; becomes ${words(after)}`] };
  }
  const question = questionOf(before, after, atMs);
  return {
    of: 'flag',
    key,
    change: 'changed',
    words: flagChanges(key, before, after, atMs),
    ...(question !== undefined && { question }),
  };
}

function isAside(entry: FlagDefinition | SetAside): entry is SetAside {
  return 'flagKey' in entry;
}

function questionOf(before: FlagDefinition, after: FlagDefinition, atMs: number): Question | undefined {
  const [was, becomes] = [typeOf(before), typeOf(after)];
  if (was !== becomes) {
    return {
      reason: 'type',
      text: `becomes a ${becomes} flag, was a ${was} one: code that asks for a ${was} gets its fallback`,
    };
  }
  const answer = everybody(after, atMs);
  if (answer === undefined || answer === everybody(before, atMs)) return undefined;
  const text = answer === 'on' || answer === 'off' ? `turns ${answer} for everybody` : `serves ${answer} to everybody`;
  return { reason: 'everybody', text };
}

function typeOf(flag: FlagDefinition): FlagType {
  return 'status' in flag ? 'boolean' : flag.type;
}

function segmentDifferences(before: FlagDocument, after: FlagDocument): Difference[] {
  const [olds, news] = [before.segments ?? {}, after.segments ?? {}];
  return differing(olds, news).map((key): Difference => {
    const [old, one] = [own(olds, key), own(news, key)];
    if (old === undefined) return { of: 'segment', key, change: 'added', words: [segmentWords(one!)] };
    if (one === undefined) return { of: 'segment', key, change: 'removed', words: [`was ${segmentWords(old)}`] };
    return { of: 'segment', key, change: 'changed', words: [...segmentChanges(old, one), reachWords(key, after)] };
  });
}

function environmentDifference(before: string | undefined, after: string | undefined): Difference {
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const words = [
    before === undefined ? '' : `was ${JSON.stringify(before)}`,
    after === undefined ? '' : `becomes ${JSON.stringify(after)}`,
  ];
  return {
    of: 'environment',
    key: after ?? before ?? '',
    change,
    words: [words.filter((one) => one !== '').join('; ')],
  };
}
