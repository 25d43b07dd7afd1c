import { toLongForm } from '@clarity/flags-core/definition';
import { type FlagDefinition, inspectFlag, type LongFlag, type ShortFlag } from '@clarity/flags-core/document';
import { same } from '../diff/same.ts';
import { withMember } from './members.ts';

/** Complaints are not told here, so that nobody sees it. */
const NO_KEY = 'flag';

export function isShort(flag: FlagDefinition): flag is ShortFlag {
  return 'status' in flag;
}

/** Edits a flag in the long form. A short one stays short where the short form can say what comes of it. */
export function editLong(flag: FlagDefinition, edit: (long: LongFlag) => LongFlag): FlagDefinition {
  if (!isShort(flag)) return edit(flag);
  const long = longOf(flag);
  const edited = edit(long);
  if (same(long, edited)) return flag;
  // What is not sound is not read further: it is told of the document that comes of it.
  return (inspectFlag(NO_KEY, edited).length === 0 ? shortOf(flag, edited) : undefined) ?? edited;
}

/** The long form as people write it, without what is the default. What is off has what it shows when it is on again. */
export function longOf(flag: FlagDefinition): LongFlag {
  if (!isShort(flag)) return flag;
  const isOff = flag.status === 'disabled';
  const { enabled: _, targets = [], rules = [], fallthrough, ...rest } = toLongForm(isOff ? turnedOn(flag) : flag);
  return {
    ...rest,
    ...(isOff && { enabled: false }),
    ...(targets.some(({ keys }) => keys.length > 0) && { targets }),
    ...(rules.length > 0 && { rules }),
    fallthrough,
  };
}

/** As it was before it was turned off. */
export function turnedOn(flag: ShortFlag): ShortFlag {
  if (flag.status !== 'disabled') return flag;
  const status = flag.rolloutPercentage === undefined ? (flag.betaUsers === undefined ? 'enabled' : 'beta') : 'canary';
  return { ...flag, status };
}

/** With just what says how it was: a share for a canary, users for a beta. */
export function turnedOff(flag: ShortFlag): ShortFlag {
  const { status, rolloutPercentage: share, betaUsers: users } = flag;
  if (status === 'disabled') return flag;
  const off = { ...flag, status: 'disabled' as const };
  if (status === 'canary') return share === undefined ? { ...off, rolloutPercentage: 0 } : off;
  const withoutShare = withMember(off, 'rolloutPercentage', undefined);
  if (status === 'enabled') return withMember(withoutShare, 'betaUsers', undefined);
  return users === undefined ? { ...withoutShare, betaUsers: [] } : withoutShare;
}

/** An edited long flag in the short form, which it had before; undefined where that cannot say it. */
function shortOf(before: ShortFlag, edited: LongFlag): ShortFlag | undefined {
  const { enabled = true, targets = [], fallthrough } = edited;
  const { type: _t, enabled: _e, targets: _k, rules: _r, fallthrough: _f, ...withLong } = edited;
  const { prerequisites: _p, variants: _v, offVariant: _o, ...shared } = withLong;
  const users = targets.flatMap(({ keys }) => keys);
  const share =
    typeof fallthrough === 'object' && fallthrough?.kind === 'split'
      ? fallthrough.variants.map((arm) => ('weight' in arm ? arm.weight : undefined))[0]
      : undefined;
  const candidate = (status: ShortFlag['status'], rolloutPercentage: number | undefined): ShortFlag => {
    const { rolloutPercentage: _share, betaUsers: _users, ...kept } = before;
    const place = {
      ...kept,
      ...shared,
      status,
      ...(rolloutPercentage !== undefined && { rolloutPercentage }),
      ...((users.length > 0 || (before.betaUsers !== undefined && status !== 'enabled')) && { betaUsers: users }),
    };
    return inOrderOf(before, place);
  };
  const candidates = [
    candidate('enabled', undefined),
    candidate('beta', undefined),
    candidate('canary', share ?? 0),
  ].map((one) => (enabled ? one : turnedOff(one)));
  const wanted = tidied(edited);
  return candidates.find((one) => same(tidied(longOf(one)), wanted));
}

/** Without what says nothing. A share of nobody is `off` for all that have a unit, and for all others. */
function tidied(flag: LongFlag): LongFlag {
  const { targets = [], rules = [], prerequisites = [], fallthrough, enabled, ...rest } = flag;
  const weights =
    typeof fallthrough === 'object' && fallthrough?.kind === 'split' && fallthrough.variants.length === 2
      ? fallthrough.variants.map((arm) => ('weight' in arm ? arm : undefined))
      : [];
  const isNobody = weights[0]?.variant === 'on' && weights[0].weight === 0 && weights[1]?.variant === 'off';
  return {
    ...rest,
    ...(enabled === false && { enabled }),
    ...(targets.some(({ keys }) => keys.length > 0) && { targets: targets.filter(({ keys }) => keys.length > 0) }),
    ...(rules.length > 0 && { rules }),
    ...(prerequisites.length > 0 && { prerequisites }),
    fallthrough: isNobody ? 'off' : fallthrough,
  };
}

function inOrderOf(before: ShortFlag, flag: ShortFlag): ShortFlag {
  const names = new Set([...Object.keys(before), ...Object.keys(flag)]);
  const entries = [...names].filter((name) => Object.hasOwn(flag, name));
  return Object.fromEntries(entries.map((name) => [name, flag[name as keyof ShortFlag]])) as unknown as ShortFlag;
}
