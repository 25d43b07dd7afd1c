import { rampProgress, rangesOf } from '@clarity/flags-core/definition';
import type { Ramp, Split } from '@clarity/flags-core/document';
import type { FlagWords } from './flag-words.ts';
import { shortMoment } from './moments.ts';
import { quoted } from './texts.ts';

/** How a split or a ramp deals its variants at a moment: `25 % of users`, `50 % blue, 50 % red`. */
export function dealingWords(dealing: Split | Ramp, { word }: FlagWords, atMs: number): string {
  if (dealing.kind === 'ramp') {
    const moving = rampWords(dealing, word, atMs);
    if (moving !== undefined) return moving + byWords(dealing, ', by ');
  }
  const shares = sharesOf(dealing, word, atMs);
  const isOnOrOff = [...shares.keys()].every((answer) => answer === 'on' || answer === 'off');
  if (isOnOrOff) {
    const unit = byWords(dealing, ' by ') || ' of users';
    return `${percent(shares.get('on') ?? 0)}${unit}`;
  }
  return [...shares].map(([answer, share]) => `${percent(share)} ${answer}`).join(', ') + byWords(dealing, ', by ');
}

/** The share of each answer, 0 to 100, as evaluation cuts the buckets. */
export function sharesOf(dealing: Split | Ramp, word: FlagWords['word'], atMs: number): Map<string, number> {
  const buckets = new Map<string, number>();
  for (const { variant, from, to } of rangesOf(dealing, atMs)) {
    const answer = word(variant);
    buckets.set(answer, (buckets.get(answer) ?? 0) + to - from);
  }
  return new Map([...buckets].map(([answer, count]) => [answer, count / 1_000]));
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

function byWords({ by = 'targetingKey' }: Split | Ramp, before: string): string {
  return by === 'targetingKey' ? '' : before + quoted(by);
}

/** `25 %`, `33.333 %`. */
function percent(share: number): string {
  return `${Number(share.toFixed(3))} %`;
}

/** What moves, to a tenth of a per cent; near nobody and everybody as exactly as buckets are. */
function rounded(percentage: number): number {
  const tenth = Math.round(percentage * 10) / 10;
  return (tenth === 0 || tenth === 100) && tenth !== percentage ? percentage : tenth;
}
