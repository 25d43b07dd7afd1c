import { instantOf } from '@clarity/flags-core/definition';
import type { FlagDefinition, FlagDocument, FlagValue, LongFlag, Serve } from '@clarity/flags-core/document';
import { listed, quoted } from '../describe/texts.ts';
import { own, same } from '../diff/same.ts';
import { longOf } from '../instructions/short-and-long.ts';
import { changedShare, type PlaceOfFlag } from './changed-share.ts';
import { reachedFlags } from './reached-flags.ts';
import { type Impact, shareWords } from './impact-share.ts';

/** What can be said without knowing who asks. */
export function impactOnBuckets(before: FlagDocument, after: FlagDocument, atMs: number): readonly Impact[] {
  return reachedFlags(before, after).flatMap(({ flagKey, byOthers }): readonly Impact[] => {
    const [old, one] = [own(before.flags, flagKey), own(after.flags, flagKey)];
    if (old === undefined || one === undefined) {
      const noun = old === undefined ? 'new' : 'gone';
      return [untold(flagKey, `depends on the fallback of those who ask: the flag is ${noun}`)];
    }
    const asked = byOthers ? [untold(flagKey, 'depends on who asks: what the flag asks for changes')] : [];
    if (same(old, one)) return asked;
    return [
      ...asked,
      ...ofFlag(flagKey, reading(flagKey, old, before, atMs), reading(flagKey, one, after, atMs), atMs),
    ];
  });
}

function untold(flagKey: string, text: string): Impact {
  return { flagKey, of: 'hash space', text };
}

function ofFlag(flagKey: string, old: Reading, one: Reading, atMs: number): readonly Impact[] {
  const impacts: Impact[] = [];
  const compare = (place: string, was: Serve, is: Serve): void => {
    const share = changedShare(placed(old, was), placed(one, is), atMs);
    if (share === undefined) {
      impacts.push({ ...untold(flagKey, 'depends on who takes part'), place });
    } else if (share.percent > 0) impacts.push({ flagKey, of: 'hash space', place, ...worded(share, place) });
  };
  // While it is off all get one answer, whatever it would serve.
  if (!old.isOn && !one.isOn) {
    compare('off', old.off, one.off);
    return impacts;
  }
  const unknown = ASKED.filter(([member]) => !same(old.flag[member] ?? [], one.flag[member] ?? []));
  const rules = [old, one].map(({ flag }) => (flag.rules ?? []).map(({ when }) => when));
  const sameRules = same(rules[0], rules[1]);
  const changed = [...unknown.map(([, words]) => words), ...(sameRules ? [] : ['conditions of rules'])];
  if (old.isOn && one.isOn && changed.length > 0) {
    impacts.push(untold(flagKey, `depends on who asks: ${listed(changed, 'and')} change`));
  }
  const serves = (read: Reading, serve: Serve): Serve => (read.isOn ? serve : read.off);
  const from = old.isOn ? old : one;
  if (sameRules || !old.isOn || !one.isOn) {
    for (const [index, { id }] of (from.flag.rules ?? []).entries()) {
      const was = old.flag.rules?.[index]?.serve ?? old.off;
      const is = one.flag.rules?.[index]?.serve ?? one.off;
      compare(id ?? String(index + 1), serves(old, was), serves(one, is));
    }
  }
  compare('fallthrough', serves(old, old.flag.fallthrough), serves(one, one.flag.fallthrough));
  return impacts;
}

/** What decides who reaches which place, with its words. */
const ASKED = [
  ['prerequisites', 'prerequisites'],
  ['targets', 'targets'],
] as const;

interface Reading {
  readonly flag: LongFlag;
  readonly document: FlagDocument;
  readonly salt: string;
  readonly isOn: boolean;
  /** Served while it is not on. */
  readonly off: string | null;
}

function reading(flagKey: string, definition: FlagDefinition, document: FlagDocument, atMs: number): Reading {
  const flag = longOf(definition);
  const { schedule: { onAt, offAt } = {}, enabled = true, salt = flagKey, variants } = flag;
  const isInTime = atMs >= instantOf(onAt, -Infinity) && atMs < instantOf(offAt, Infinity);
  const { offVariant: off = variants === undefined ? 'off' : null } = flag;
  return { flag, document, salt, isOn: enabled && isInTime, off };
}

function placed({ flag: { variants = ON_AND_OFF }, document, salt }: Reading, serve: Serve): PlaceOfFlag {
  const answerOf = (variant: string | null): FlagValue | null =>
    variant === null ? null : (own(variants, variant) ?? null);
  return { serve, salt, answerOf, document };
}

const ON_AND_OFF: Readonly<Record<string, FlagValue>> = { on: true, off: false };

function worded(
  { percent, dealtAnew, goesOn }: { percent: number; dealtAnew: boolean; goesOn: boolean },
  place: string,
): Pick<Impact, 'percent' | 'text'> {
  const reach = place === 'fallthrough' ? 'the fallthrough' : place === 'off' ? 'the flag' : `rule ${quoted(place)}`;
  const share = `${dealtAnew ? 'about ' : goesOn ? 'up to ' : ''}${shareWords(percent)}`;
  const anew = dealtAnew ? ': users are dealt anew' : '';
  return { percent, text: `${share} of hash space, among those who reach ${reach}${anew}` };
}
