import { BUCKETS, isRanged, rampProgress, rangesOf } from '@clarity/flags-core/definition';
import type { Experiment, Ramp, RangedSplit, Split } from '@clarity/flags-core/document';
import type { FlagWords } from './flag-words.ts';
import { shortMoment } from './moments.ts';
import { ofUnits, percent, quoted, unitWords } from './texts.ts';

/**
 * How a split or a ramp deals its variants at a moment: `25 % of users`, `50 % blue, 50 % red`. Of a rule, with those
 * whom it asks for, as `where plan is pro`.
 */
export function dealingWords(dealing: Split | Ramp, { word }: FlagWords, atMs: number, audience?: string): string {
  const among = audience === undefined ? '' : ` ${audience}`;
  if (dealing.kind === 'ramp') {
    const moving = rampWords(dealing, word, atMs);
    const comma = audience === undefined ? '' : ',';
    if (moving !== undefined) return `${moving}${byWords(dealing)}${comma}${among}`;
  }
  if (dealing.kind === 'split' && isRanged(dealing) && dealing.experiment !== undefined)
    return experimentWords(dealing, dealing.experiment, word, among);
  const shares = sharesOf(dealing, word, atMs);
  const goesOn = 'gaps' in dealing ? ', others go on' : '';
  const answers = [...shares.keys()];
  const isOnOrOff = answers.every((answer) => answer === 'on' || (answer === 'off' && goesOn === ''));
  const ofUsers = `${percent(shares.get('on') ?? 0)} ${ofUnits(dealing.by)}`;
  const parts = [...shares].map(([answer, share]) => `${percent(share)} ${answer}`).join(', ');
  return (isOnOrOff ? ofUsers : parts + byWords(dealing)) + among + goesOn;
}

/** `experiment one-page, phase 2 (layer checkout) where plan is pro: 10 % control, 10 % one_page, others control`. */
function experimentWords(
  split: RangedSplit,
  { id, phase }: Experiment,
  word: FlagWords['word'],
  among: string,
): string {
  const { layer, holdout, otherwise, of = BUCKETS } = split;
  const limits = [layer && `layer ${quoted(layer)}`, holdout && `holdout ${quoted(holdout)}`]
    .filter(Boolean)
    .join(', ');
  const arms = split.variants.map(({ variant, ranges }) => {
    const buckets = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
    return `${percent((buckets * 100) / of)} ${word(variant)}`;
  });
  const others = otherwise === undefined ? 'others go on' : `others ${word(otherwise)}`;
  const name = `experiment ${quoted(id)}, phase ${phase}${limits === '' ? '' : ` (${limits})`}`;
  return `${name}${among}: ${[...arms, others].join(', ')}${byWords(split)}`;
}

/**
 * The share of each answer, 0 to 100, as evaluation cuts the buckets. Units that go on to the next rule are in none of
 * them.
 */
export function sharesOf(dealing: Split | Ramp, word: FlagWords['word'], atMs: number): Map<string, number> {
  const of = dealing.kind === 'split' && isRanged(dealing) ? (dealing.of ?? BUCKETS) : BUCKETS;
  const buckets = new Map<string, number>();
  // Arms in the order in which they are written, wherever their ranges are.
  if (dealing.kind === 'split') for (const { variant } of dealing.variants) buckets.set(word(variant), 0);
  for (const { variant, from, to } of rangesOf(dealing, atMs)) {
    const answer = word(variant);
    buckets.set(answer, (buckets.get(answer) ?? 0) + to - from);
  }
  return new Map([...buckets].map(([answer, count]) => [answer, (count * 100) / of]));
}

/** A ramp that is not at its end: `ramps to 100 % by 8 Dec, now 49 %`. */
function rampWords(ramp: Ramp, word: FlagWords['word'], atMs: number): string | undefined {
  const { percentage, lastPercentage, beginsMs, endsMs, pausedUntilMs } = rampProgress(ramp, atMs);
  if (atMs >= endsMs) return undefined;
  const [answer, other] = [word(ramp.variant), word(ramp.otherwise)];
  const isPlain = answer === 'on' && other === 'off';
  const subject = isPlain ? '' : `${answer} `;
  const otherwise = isPlain ? '' : `, else ${other}`;
  const target = percent(lastPercentage);
  const moment = (ms: number): string => shortMoment(ms, atMs);
  if (beginsMs === endsMs) return `${subject}${target} from ${moment(beginsMs)}${otherwise}`;
  if (endsMs === Infinity && atMs >= beginsMs && pausedUntilMs === Infinity) {
    return `${subject}ramp to ${target} paused at ${percent(rounded(percentage))}${otherwise}`;
  }
  const by = endsMs === Infinity ? '' : ` by ${moment(endsMs)}`;
  const now =
    atMs < beginsMs
      ? `begins ${moment(beginsMs)}`
      : pausedUntilMs === undefined
        ? `now ${percent(rounded(percentage))}`
        : `paused at ${percent(rounded(percentage))} until ${moment(pausedUntilMs)}`;
  return `${subject}ramps to ${target}${by}, ${now}${otherwise}`;
}

function byWords({ by = 'targetingKey' }: Split | Ramp): string {
  return by === 'targetingKey' ? '' : `, by ${unitWords(by)}`;
}

/** What moves, to a tenth of a per cent; near nobody and everybody as exactly as buckets are. */
function rounded(percentage: number): number {
  const tenth = Math.round(percentage * 10) / 10;
  return (tenth === 0 || tenth === 100) && tenth !== percentage ? percentage : tenth;
}
