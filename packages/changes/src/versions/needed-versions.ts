import { isRanged, toLongForm } from '@clarity/flags-core/definition';
import type { Condition, FlagDefinition, FlagDocument, Serve } from '@clarity/flags-core/document';

/** A flag with words that not every client knows. */
export interface NeededVersion {
  readonly flagKey: string;
  /** The first version of `@clarity/flags-core` that knows them all: older clients set the flag aside. */
  readonly version: string;
  /** What is newer, in words: `ranges`, `an experiment`. Those of segments that the flag uses count. */
  readonly words: readonly string[];
}

/** The words that clients built before them do not know, and the release that each came with. */
const SINCE = {
  ranges: '0.1.0',
  'an experiment': '0.1.0',
  'a layer': '0.1.0',
  'a holdout': '0.1.0',
  'several units': '0.1.0',
  'a condition on a bucket': '0.1.0',
  'a condition on a flag': '0.1.0',
} as const;

type Word = keyof typeof SINCE;

/**
 * The flags of a decoded document that clients of older versions cannot read. Those set such a flag aside and serve
 * their fallback, so they are to be upgraded before it is published. With `before`, what they read until now, only the
 * flags that need a later version than there.
 */
export function neededVersions(document: FlagDocument, before?: FlagDocument): readonly NeededVersion[] {
  const needs = allNeeded(document);
  if (before === undefined) return needs;
  const known = new Map(allNeeded(before).map(({ flagKey, version }) => [flagKey, version]));
  return needs.filter(({ flagKey, version }) => isLater(version, known.get(flagKey) ?? '0.0.0'));
}

function allNeeded(document: FlagDocument): readonly NeededVersion[] {
  return Object.entries(document.flags).flatMap(([flagKey, flag]) => {
    const words = [...newerWords(flag, document)];
    if (words.length === 0) return [];
    const version = words.map((word) => SINCE[word]).reduce((one, other) => (isLater(one, other) ? one : other));
    return [{ flagKey, version, words }];
  });
}

function newerWords(flag: FlagDefinition, { segments = {} }: FlagDocument): ReadonlySet<Word> {
  const words = new Set<Word>();
  const seen = new Set<string>();
  const addServe = (serve: Serve): void => {
    if (typeof serve !== 'object' || serve === null) return;
    if (Array.isArray(serve.by)) words.add('several units');
    if (serve.kind === 'ramp' || !isRanged(serve)) return;
    words.add('ranges');
    if (serve.experiment !== undefined) words.add('an experiment');
    if (serve.layer !== undefined) words.add('a layer');
    if (serve.holdout !== undefined) words.add('a holdout');
  };
  const addCondition = (condition: Condition): void => {
    if ('all' in condition) condition.all.forEach(addCondition);
    else if ('any' in condition) condition.any.forEach(addCondition);
    else if ('not' in condition) addCondition(condition.not);
    else if ('bucket' in condition) words.add('a condition on a bucket');
    else if ('flag' in condition) words.add('a condition on a flag');
    else if ('segment' in condition && !seen.has(condition.segment)) {
      seen.add(condition.segment);
      const when = Object.hasOwn(segments, condition.segment) ? segments[condition.segment]!.when : undefined;
      if (when !== undefined) addCondition(when);
    }
  };
  const { rules = [], fallthrough } = 'status' in flag ? toLongForm(flag) : flag;
  for (const { when, serve } of rules) {
    addCondition(when);
    addServe(serve);
  }
  addServe(fallthrough);
  return words;
}

/** Whether a version comes after another: three numbers each. */
function isLater(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const place = a.findIndex((number, index) => number !== b[index]);
  return place >= 0 && a[place]! > b[place]!;
}
