import { instantOf } from '@clarity/flags-core/definition';
import type { FlagDefinition, RangedSplit, Serve } from '@clarity/flags-core/document';
import { sharesOf } from '../describe/dealing.ts';
import { type FlagWords, flagWords } from '../describe/flag-words.ts';

/**
 * Whether a flag is on or off for everybody at a moment, but for users that it names; undefined where that depends on
 * who asks. A flag of other values is on while it serves one variant to all, and off while it is disabled.
 */
export function everybody(definition: FlagDefinition, atMs: number): string | undefined {
  const read = flagWords(definition);
  const { enabled = true, schedule = {}, prerequisites = [], rules = [], fallthrough } = read.flag;
  const isBoolean = read.flag.type === 'boolean';
  const isOut = atMs < instantOf(schedule.onAt, -Infinity) || atMs >= instantOf(schedule.offAt, Infinity);
  if (!enabled || isOut) return isBoolean ? read.off : 'off';
  if (prerequisites.length > 0) return undefined;
  // The only rule of a short flag is for those without a key.
  const serves = [...(read.isShort ? [] : rules.map(({ serve }) => serve)), fallthrough];
  const answers = new Set(serves.flatMap((serve) => answersOf(serve, read, atMs)));
  const [answer] = answers;
  if (answers.size > 1) return undefined;
  return isBoolean ? answer : 'on';
}

function answersOf(serve: Serve, { word }: FlagWords, atMs: number): readonly string[] {
  if (typeof serve !== 'object' || serve === null) return [word(serve)];
  const dealt = [...sharesOf(serve, word, atMs)].flatMap(([answer, share]) => (share > 0 ? [answer] : []));
  // Whom a layer or a holdout keeps out is served it, too; where gaps go on, what comes after is looked at anyhow.
  const { layer, holdout, otherwise } = serve as Partial<RangedSplit>;
  const isLimited = serve.kind === 'split' && (layer !== undefined || holdout !== undefined);
  return isLimited && otherwise !== undefined ? [...dealt, word(otherwise)] : dealt;
}
