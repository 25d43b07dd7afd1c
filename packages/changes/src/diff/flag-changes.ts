import { isRanged, rangesOf } from '@clarity/flags-core/definition';
import type { FlagDefinition, LongFlag, Schedule, Serve } from '@clarity/flags-core/document';
import { describe } from '../describe/describe.ts';
import { prerequisiteWords } from '../describe/rule.ts';
import { type FlagWords, flagWords } from '../describe/flag-words.ts';
import { exactMoment } from '../describe/moments.ts';
import { counted, listed, quoted } from '../describe/texts.ts';
import { movementWords, type Served } from './movement-words.ts';
import { ruleChanges } from './rule-changes.ts';
import { differing, own, same } from './same.ts';

/** How a flag changes, a sentence each; at least one for two that are not the same. Users are counted, never named. */
export function flagChanges(
  key: string,
  before: FlagDefinition,
  after: FlagDefinition,
  atMs: number,
): readonly string[] {
  const [old, one] = [flagWords(before), flagWords(after)];
  const [was, becomes] = [describe(before, atMs), describe(after, atMs)];
  const lines = [
    ...(was === becomes ? [] : [`was ${was}; becomes ${becomes}`]),
    ...(old.flag.type === one.flag.type ? [] : [`type ${old.flag.type} becomes ${one.flag.type}`]),
    ...variantChanges(old.flag, one.flag),
    ...(old.off === one.off ? [] : [`serves ${one.off} while it is off, was ${old.off}`]),
    ...prerequisiteChanges(old.flag, one.flag),
    ...scheduleChanges(old.flag.schedule, one.flag.schedule),
    ...targetChanges(old, one),
    ...ruleChanges(key, old, one, atMs),
    ...(was === becomes ? courseChanges(old.flag.fallthrough, one.flag.fallthrough) : []),
    ...movementWords(servedBy(key, old.flag), servedBy(key, one.flag)),
    ...dealingChanges(key, old.flag, one.flag),
    ...detailChanges(old.flag, one.flag),
  ];
  return lines.length > 0 ? lines : ['is written in another way; its answers stay'];
}

const ON_AND_OFF = { on: true, off: false };

function variantChanges(before: LongFlag, after: LongFlag): string[] {
  const [olds, news] = [before.variants ?? ON_AND_OFF, after.variants ?? ON_AND_OFF];
  return differing(olds, news).map((name) => {
    const what =
      own(olds, name) === undefined ? 'is new' : own(news, name) === undefined ? 'is gone' : 'has another value';
    return `variant ${quoted(name)} ${what}`;
  });
}

function prerequisiteChanges({ prerequisites: olds = [] }: LongFlag, { prerequisites: news = [] }: LongFlag): string[] {
  const gone = olds.filter((old) => !news.some((one) => same(one, old)));
  const added = news.filter((one) => !olds.some((old) => same(one, old)));
  return [
    ...added.map((one) => `needs ${prerequisiteWords(one)}`),
    ...gone.map((one) => `needs no longer ${prerequisiteWords(one)}`),
  ];
}

function scheduleChanges(before: Schedule = {}, after: Schedule = {}): string[] {
  const words = ({ onAt, offAt }: Schedule): string =>
    [onAt && `from ${exactMoment(onAt)}`, offAt && `until ${exactMoment(offAt)}`].filter(Boolean).join(' ') || 'none';
  const [was, becomes] = [words(before), words(after)];
  return was === becomes ? [] : [`schedule was ${was}; becomes ${becomes}`];
}

function targetChanges(before: FlagWords, after: FlagWords): string[] {
  const [olds, news] = [before, after].map(({ flag, word }) => {
    const answers = new Map<string, string>();
    // From the end on: the first target that names a key wins.
    for (const { variant, keys } of (flag.targets ?? []).toReversed())
      for (const key of keys) answers.set(String(key), word(variant));
    return answers;
  }) as [Map<string, string>, Map<string, string>];
  const noun = before.isShort && after.isShort ? 'tester' : 'named user';
  const count = (keys: Iterable<string>, counts: (key: string) => boolean): number => [...keys].filter(counts).length;
  const more = count(news.keys(), (key) => !olds.has(key));
  const fewer = count(olds.keys(), (key) => !news.has(key));
  const moved = count(news.keys(), (key) => olds.has(key) && olds.get(key) !== news.get(key));
  return [
    ...(more > 0 ? [`${counted(more, noun)} more`] : []),
    ...(fewer > 0 ? [`${counted(fewer, noun)} fewer`] : []),
    ...(moved > 0 ? [`${counted(moved, noun)} with another answer`] : []),
  ];
}

function servedBy(key: string, { salt = key, fallthrough }: LongFlag): Served {
  return { serve: fallthrough, salt };
}

/** What the line of a flag does not show of how it deals. Of ranges it is told how many users move. */
function courseChanges(before: Serve, after: Serve): string[] {
  if (isByRanges(before) || isByRanges(after) || same(courseOf(before), courseOf(after))) return [];
  const isRamp = typeof after === 'object' && after?.kind === 'ramp';
  return [isRamp ? 'the ramp takes another course' : 'variants are dealt in another way'];
}

function isByRanges(serve: Serve): boolean {
  return typeof serve === 'object' && serve?.kind === 'split' && isRanged(serve);
}

/** Which buckets get what. Weights of 1 and 1 cut them as 50 and 50 do. */
function courseOf(serve: Serve): unknown {
  if (typeof serve !== 'object' || serve === null) return serve;
  if (serve.kind === 'ramp') return { ...serve, salt: undefined, by: undefined, hash: undefined };
  return rangesOf(serve, 0).filter(({ from, to }) => to > from);
}

/** Shares that stay as large can still be other users. Without a salt the key is one. */
function dealingChanges(key: string, before: LongFlag, after: LongFlag): string[] {
  const how = ({ salt = key, fallthrough }: LongFlag): unknown =>
    typeof fallthrough === 'object' && fallthrough !== null
      ? [fallthrough.salt ?? salt, [fallthrough.by ?? 'targetingKey'].flat()]
      : undefined;
  const isDealt = how(before) !== undefined && how(after) !== undefined;
  if (isDealt && !same(how(before), how(after))) return ['users are dealt anew: who has what changes'];
  return (before.salt ?? key) === (after.salt ?? key) ? [] : ['the salt changes'];
}

function detailChanges(before: LongFlag, after: LongFlag): string[] {
  const names = differing(before.metadata ?? {}, after.metadata ?? {});
  const isVisible = after.clientVisible === true;
  return [
    ...(before.description === after.description ? [] : ['the description changes']),
    ...(names.length === 0 ? [] : [`metadata changes: ${listed(names.map(quoted), 'and')}`]),
    ...((before.clientVisible === true) === isVisible
      ? []
      : [isVisible ? 'may be sent to browsers' : 'is kept from browsers']),
  ];
}
