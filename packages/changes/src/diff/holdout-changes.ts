import type { FlagDocument, Holdout, RangedSplit } from '@clarity/flags-core/document';
import { listed, ofUnits, percent, quoted } from '../describe/texts.ts';
import { movement } from '../reshape/movement.ts';
import { experiments, goesOn } from './layer-changes.ts';
import type { Question } from './question.ts';
import { own } from './same.ts';
import { runningIn } from './splits-in.ts';

/** A holdout in one line: `holds 5 % of users`. */
export function holdoutWords({ by, percentage }: Holdout): string {
  return `holds ${percent(percentage)} ${ofUnits(by)}`;
}

/** The same of one that is gone: `held 5 % of users`. */
export function pastHoldoutWords(holdout: Holdout): string {
  return holdoutWords(holdout).replace('holds', 'held');
}

/** How a holdout changes, a sentence each; at least one for two that are not the same. */
export function holdoutChanges(name: string, before: Holdout, after: Holdout): readonly string[] {
  const lines = [
    ...(before.percentage === after.percentage ? [] : [`${holdoutWords(after)}, was ${percent(before.percentage)}`]),
    ...(movement(asSplit(name, before), asSplit(name, after)).dealtAnew
      ? ['users are dealt anew: who is held out changes']
      : []),
    ...(before.description === after.description ? [] : ['the description changes']),
  ];
  return lines.length > 0 ? lines : ['is written in another way; whom it holds stays'];
}

/** A holdout that takes users out of an experiment that goes on, or lets in whom it kept out. */
export function holdoutQuestion(name: string, before: FlagDocument, after: FlagDocument): Question | undefined {
  const [old, one] = [own(before.holdouts ?? {}, name), own(after.holdouts ?? {}, name)];
  const running = runningIn('holdout', name, before, after);
  if (old === undefined || running.length === 0) return undefined;
  if (one === undefined) return { reason: 'vanishes', text: `vanishes, and ${goesOn(running)} without it` };
  const { entered, left, dealtAnew } = movement(asSplit(name, old), asSplit(name, one));
  const which = `running ${experiments(running.length)} ${listed(running.map(quoted), 'and')}`;
  if (dealtAnew) return { reason: 'moves', text: `holds others than before out of ${which}` };
  if (entered > 0) return { reason: 'moves', text: `takes ${percent(entered)} ${ofUnits(one.by)} out of ${which}` };
  return left > 0 ? { reason: 'moves', text: `lets ${percent(left)} ${ofUnits(one.by)} into ${which}` } : undefined;
}

/** A holdout as a split deals: whom it holds, and all others. */
function asSplit(name: string, { by, salt = name, hash, percentage }: Holdout): RangedSplit {
  const held = Math.round(percentage * 1000);
  return {
    kind: 'split',
    salt,
    ...(by !== undefined && { by }),
    ...(hash !== undefined && { hash }),
    variants: [{ variant: 'held', ranges: held === 0 ? [] : [[0, held]] }],
    otherwise: null,
  };
}
