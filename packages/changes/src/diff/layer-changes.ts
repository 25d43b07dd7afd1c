import type { BucketRange, FlagDocument, Layer, RangedSplit } from '@clarity/flags-core/document';
import { counted, listed, ofUnits, percent, quoted } from '../describe/texts.ts';
import { movement } from '../reshape/movement.ts';
import type { Question } from './question.ts';
import { own } from './same.ts';
import { runningIn } from './splits-in.ts';

const BUCKETS = 100_000;

/** A layer in one line: `50 % of users for one-page, 30 % for upsell`. */
export function layerWords({ by, of = BUCKETS, slots }: Layer): string {
  const shares = Object.entries(slots).map(
    ([id, ranges], index) => `${share(ranges, of)}${index === 0 ? ` ${ofUnits(by)}` : ''} for ${quoted(id)}`,
  );
  return shares.join(', ') || 'no slot';
}

/** How a layer changes, a sentence each; at least one for two that are not the same. */
export function layerChanges(name: string, before: Layer, after: Layer): readonly string[] {
  const ids = new Set([...Object.keys(before.slots), ...Object.keys(after.slots)]);
  const isDealtAnew = movement(asSplit(name, before, ''), asSplit(name, after, '')).dealtAnew;
  const lines = [
    ...[...ids].flatMap((id) => slotChange(name, id, before, after)),
    ...(isDealtAnew ? ['users are dealt anew: who is in which slot changes'] : []),
    ...(before.description === after.description ? [] : ['the description changes']),
  ];
  return lines.length > 0 ? lines : ['is written in another way; slots stay'];
}

function slotChange(name: string, id: string, before: Layer, after: Layer): readonly string[] {
  const [old, one] = [own(before.slots, id), own(after.slots, id)];
  const slot = `slot ${quoted(id)}`;
  const [was, becomes] = [`${share(old ?? [], before.of)} ${ofUnits(before.by)}`, share(one ?? [], after.of)];
  if (old === undefined) return [`${slot} is new: ${becomes} ${ofUnits(after.by)}`];
  if (one === undefined) return [`${slot} is gone: was ${was}`];
  const { moved, entered, left, dealtAnew } = movement(asSplit(name, before, id), asSplit(name, after, id));
  if (moved === 0) return [];
  const isAsLarge = was.startsWith(`${becomes} `);
  if (isAsLarge && dealtAnew) return [];
  const flow = `: ${percent(left)} leave it, ${percent(entered)} enter`;
  if (isAsLarge) return [`${slot} stays ${was}${flow}`];
  return [`${slot} was ${was}; becomes ${becomes}${!dealtAnew && left > 0 && entered > 0 ? flow : ''}`];
}

/** A layer that takes users out of an experiment that goes on, or no longer keeps it from others. */
export function layerQuestion(name: string, before: FlagDocument, after: FlagDocument): Question | undefined {
  const [old, one] = [own(before.layers ?? {}, name), own(after.layers ?? {}, name)];
  const running = runningIn('layer', name, before, after);
  if (old === undefined || running.length === 0) return undefined;
  if (one === undefined) return { reason: 'vanishes', text: `vanishes, and ${goesOn(running)} without it` };
  const left = running.map((id) => [id, movement(asSplit(name, old, id), asSplit(name, one, id)).left] as const);
  const leaving = left.filter(([, part]) => part > 0);
  if (leaving.length === 0) return undefined;
  const parts = leaving.map(([id, part]) => `${quoted(id)} (${percent(part)} ${ofUnits(one.by)})`);
  return { reason: 'moves', text: `takes users out of running ${experiments(leaving.length)} ${listed(parts, 'and')}` };
}

/** `experiment one-page goes on`. */
export function goesOn(ids: readonly string[]): string {
  return `${experiments(ids.length)} ${listed(ids.map(quoted), 'and')} ${ids.length === 1 ? 'goes' : 'go'} on`;
}

export function experiments(count: number): string {
  return counted(count, 'experiment').replace(/^\d+ /, '');
}

function share(ranges: readonly BucketRange[], of = BUCKETS): string {
  return percent((ranges.reduce((sum, [from, to]) => sum + to - from, 0) * 100) / of);
}

/** A slot as a split deals: those in it, and all others. */
function asSplit(name: string, { by, salt = name, hash, of, slots }: Layer, id: string): RangedSplit {
  return {
    kind: 'split',
    salt,
    ...(by !== undefined && { by }),
    ...(hash !== undefined && { hash }),
    ...(of !== undefined && { of }),
    variants: [{ variant: id, ranges: own(slots, id) ?? [] }],
    otherwise: null,
  };
}
