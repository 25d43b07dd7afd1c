import type { FlagDefinition, JsonObject, LongFlag, Target } from '@clarity/flags-core/document';
import { differing, own, same } from '../diff/same.ts';
import { type FlagEdit, isArchived } from '../instructions/edit-flag.ts';
import type { Instruction } from '../instructions/instruction.ts';
import { isShort, longOf } from '../instructions/short-and-long.ts';
import { takeRules } from './rule-instructions.ts';
import { serveWays } from './serve-instruction.ts';
import { isPossible, Trail } from './trail.ts';

/** What makes one definition of a flag the other; a whole `replace` where nothing finer says it. */
export function flagInstructions(flag: string, before: FlagDefinition, after: FlagDefinition): readonly Instruction[] {
  return finer(flag, before, after) ?? [{ kind: 'replace', flag, definition: after, from: before }];
}

function finer(flag: string, before: FlagDefinition, after: FlagDefinition): readonly Instruction[] | undefined {
  const orders = isShort(before) && isShort(after) ? SHORT_ORDERS : [LONG_ORDER];
  for (const order of orders) {
    const trail = new Trail(before);
    if (!isPossible(() => order.forEach((take) => take(trail, flag, after)))) continue;
    const instructions = trail.to(after);
    if (instructions !== undefined) return instructions;
  }
  return undefined;
}

/** Takes one aspect of a flag to what it shall be, as far as instructions say it. */
type Take = (trail: Trail, flag: string, after: FlagDefinition) => void;

const takeMark: Take = (trail, flag, after) => {
  const [was, is] = [isArchived(trail.flag), isArchived(after)];
  if (was !== is) trail.take({ kind: is ? 'archive' : 'unarchive', flag });
};

const takeStatus: Take = (trail, flag, after) => {
  if (!isShort(trail.flag) || !isShort(after) || trail.flag.status === after.status) return;
  trail.take({ kind: 'setStatus', flag, status: after.status });
};

const takeShare: Take = (trail, flag, after) => {
  if (!isShort(trail.flag) || !isShort(after)) return;
  const { rolloutPercentage } = after;
  if (rolloutPercentage === undefined || rolloutPercentage === trail.flag.rolloutPercentage) return;
  trail.take({ kind: 'setPercentage', flag, percentage: rolloutPercentage });
};

const takeTargets: Take = (trail, flag, after) => {
  const targets = targetsOf(after);
  const now = targetsOf(trail.flag);
  if (same(now, targets)) return;
  const ways = [targetWay(flag, now ?? [], targets ?? [])];
  if (trail.takeFirst(ways, (other) => same(targetsOf(other), targets))) return;
  trail.take({ kind: 'setTargets', flag, targets: targets ?? null });
};

/** Of a short flag, as if it were on. */
function targetsOf(flag: FlagDefinition): readonly Target[] | undefined {
  if (!isShort(flag)) return flag.targets;
  return flag.betaUsers === undefined ? undefined : [{ variant: 'on', keys: flag.betaUsers }];
}

function targetWay(flag: string, olds: readonly Target[], news: readonly Target[]): FlagEdit[] {
  const variants = [...new Set([...olds, ...news].map(({ variant }) => variant))];
  const keysOf = (targets: readonly Target[], variant: string): readonly (string | number)[] =>
    targets.flatMap((target) => (target.variant === variant ? target.keys : []));
  const missing = (some: readonly (string | number)[], others: readonly (string | number)[]): (string | number)[] =>
    some.filter((key) => !others.includes(key));
  const step = (kind: 'addTargets' | 'removeTargets', from: readonly Target[], to: readonly Target[]): FlagEdit[] =>
    variants.flatMap((variant) => {
      const keys = missing(keysOf(to, variant), keysOf(from, variant));
      return keys.length === 0 ? [] : [{ kind, flag, variant, keys }];
    });
  return [...step('removeTargets', news, olds), ...step('addTargets', olds, news)];
}

const takeShared: Take = (trail, flag, after) => {
  const { description, salt, clientVisible, schedule } = trail.flag;
  if (description !== after.description) {
    trail.take({ kind: 'setDescription', flag, description: after.description ?? null });
  }
  if (salt !== after.salt) trail.take({ kind: 'setSalt', flag, salt: after.salt ?? null });
  if (clientVisible !== after.clientVisible) {
    trail.take({ kind: 'setClientVisible', flag, clientVisible: after.clientVisible ?? null });
  }
  if (!same(schedule, after.schedule)) trail.take({ kind: 'setSchedule', flag, schedule: after.schedule ?? null });
  takeMetadata(trail, flag, after);
};

const takeMetadata: Take = (trail, flag, { metadata: news = {} }) => {
  const olds = trail.flag.metadata ?? {};
  const names = differing(olds, news);
  if (names.length === 0) return;
  const given = names.filter((name) => own(news, name) !== undefined);
  const metadata: JsonObject = Object.fromEntries(given.map((name) => [name, news[name]!]));
  const remove = names.filter((name) => !given.includes(name));
  trail.take({
    kind: 'setMetadata',
    flag,
    ...(given.length > 0 && { metadata }),
    ...(remove.length > 0 && { remove }),
  });
};

const takeLong: Take = (trail, flag, after) => {
  const wants = longOf(after);
  const has = (member: keyof LongFlag): boolean => same(trail.long[member], wants[member]);
  if (!has('variants')) trail.take({ kind: 'setVariants', flag, variants: wants.variants ?? null });
  if (!has('offVariant') && wants.offVariant !== undefined) {
    trail.take({ kind: 'setOffVariant', flag, variant: wants.offVariant });
  }
  if (!has('prerequisites')) {
    trail.take({ kind: 'setPrerequisites', flag, prerequisites: wants.prerequisites ?? null });
  }
  takeRules(trail, flag, wants.rules ?? []);
  const { fallthrough: now } = trail.long;
  if (same(now, wants.fallthrough)) return;
  const ways = serveWays(flag, undefined, now, wants.fallthrough);
  const isThere = (other: FlagDefinition): boolean => same(longOf(other).fallthrough, wants.fallthrough);
  if (trail.takeFirst([...ways.map((way) => [way]), ways], isThere)) return;
  const serve = wants.fallthrough;
  const isRamp = typeof serve === 'object' && serve?.kind === 'ramp';
  trail.take(isRamp ? { kind: 'setRamp', flag, ramp: serve } : { kind: 'setFallthrough', flag, serve });
};

const takeSwitch: Take = (trail, flag, after) => {
  const [was, is] = [trail.long.enabled ?? true, longOf(after).enabled ?? true];
  if (was !== is) trail.take({ kind: is ? 'turnOn' : 'turnOff', flag });
};

const SHORT_ORDERS: readonly (readonly Take[])[] = [
  [takeMark, takeStatus, takeShare, takeTargets, takeShared],
  // A share is set where the flag deals one, or is off.
  [takeMark, takeShare, takeTargets, takeStatus, takeShared],
  // To turn it off takes away what says nothing.
  [takeMark, takeSwitch, takeShared],
];
const LONG_ORDER: readonly Take[] = [takeMark, takeLong, takeTargets, takeSwitch, takeShared];
