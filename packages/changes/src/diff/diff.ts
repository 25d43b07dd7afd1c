import type {
  FlagDefinition,
  FlagDocument,
  FlagType,
  Holdout,
  Layer,
  Segment,
  SetAside,
} from '@clarity/flags-core/document';
import { describe } from '../describe/describe.ts';
import { everybody } from './everybody.ts';
import { flagChanges } from './flag-changes.ts';
import { holdoutChanges, holdoutQuestion, holdoutWords, pastHoldoutWords } from './holdout-changes.ts';
import { layerChanges, layerQuestion, layerWords } from './layer-changes.ts';
import type { Question } from './question.ts';
import { reachWords } from './reach.ts';
import { differing, own } from './same.ts';
import { segmentChanges, segmentWords } from './segment-changes.ts';

/** One thing in which two documents differ. */
export interface Difference {
  readonly of: 'flag' | 'segment' | 'layer' | 'holdout' | 'environment';
  /** The flag's key or the entry's name; of the environment its name as it becomes. */
  readonly key: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** At least one sentence, without the key. */
  readonly words: readonly string[];
  /** Why somebody should be asked before it is published. */
  readonly question?: Question;
}

/**
 * In what two documents differ, in words, at a moment (Unix milliseconds); empty for two that mean the same. What
 * should be asked about comes first, then flags, segments, layers and holdouts, each in the order of the documents.
 */
export function diff(before: FlagDocument, after: FlagDocument, atMs: number): readonly Difference[] {
  const differences = [
    ...flagDifferences(before, after, atMs),
    ...segmentDifferences(before, after),
    ...layerDifferences(before, after),
    ...holdoutDifferences(before, after),
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
  const words: EntryWords<Segment> = {
    is: segmentWords,
    was: (segment) => `was ${segmentWords(segment)}`,
    changes: (_, old, one) => segmentChanges(old, one),
  };
  return entryDifferences('segment', before.segments, after.segments, after, words);
}

function layerDifferences(before: FlagDocument, after: FlagDocument): Difference[] {
  const words: EntryWords<Layer> = {
    is: layerWords,
    was: (layer) => `was ${layerWords(layer)}`,
    changes: layerChanges,
    question: (name) => layerQuestion(name, before, after),
  };
  return entryDifferences('layer', before.layers, after.layers, after, words);
}

function holdoutDifferences(before: FlagDocument, after: FlagDocument): Difference[] {
  const words: EntryWords<Holdout> = {
    is: holdoutWords,
    was: pastHoldoutWords,
    changes: holdoutChanges,
    question: (name) => holdoutQuestion(name, before, after),
  };
  return entryDifferences('holdout', before.holdouts, after.holdouts, after, words);
}

/** What is said of an entry that flags use. */
interface EntryWords<Entry> {
  readonly is: (entry: Entry) => string;
  readonly was: (entry: Entry) => string;
  readonly changes: (name: string, before: Entry, after: Entry) => readonly string[];
  readonly question?: (name: string) => Question | undefined;
}

function entryDifferences<Entry>(
  of: 'segment' | 'layer' | 'holdout',
  olds: Readonly<Record<string, Entry>> = {},
  news: Readonly<Record<string, Entry>> = {},
  after: FlagDocument,
  { is, was, changes, question }: EntryWords<Entry>,
): Difference[] {
  return differing(olds, news).map((key): Difference => {
    const [old, one] = [own(olds, key), own(news, key)];
    if (old === undefined) return { of, key, change: 'added', words: [is(one!)] };
    const asked = question?.(key);
    const why = asked === undefined ? {} : { question: asked };
    if (one === undefined) return { of, key, change: 'removed', words: [was(old)], ...why };
    return { of, key, change: 'changed', words: [...changes(key, old, one), reachWords(of, key, after)], ...why };
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
