import type { FlagDefinition, JsonObject, LongFlag, ShortFlag } from '@clarity/flags-core/document';
import { own } from '../diff/same.ts';
import type { Edit } from './edit.ts';
import { editPercentage } from './edit-percentage.ts';
import { editRules } from './edit-rules.ts';
import { editServe } from './edit-serve.ts';
import { editTargets } from './edit-targets.ts';
import type { FlagInstruction, Of } from './instruction.ts';
import { given, withMember } from './members.ts';
import { Refusal } from './problem.ts';
import { editLong, isShort, turnedOff, turnedOn } from './short-and-long.ts';

/** Instructions that change a flag which is there. */
export type FlagEdit = Exclude<FlagInstruction, Of<'create' | 'replace' | 'remove'>>;

/** What an instruction makes of a flag. Throws a Refusal where it cannot be done. */
export function editFlag(flag: FlagDefinition, instruction: FlagEdit): Edit<FlagDefinition> {
  switch (instruction.kind) {
    case 'turnOn':
      mustNotBeArchived(flag);
      return { steps: [isShort(flag) ? 'status' : 'enabled'], entry: switched(flag, true) };
    case 'turnOff':
      return { steps: [isShort(flag) ? 'status' : 'enabled'], entry: switched(flag, false) };
    case 'setStatus':
      return editStatus(flag, instruction);
    case 'setPercentage':
      return editPercentage(flag, instruction);
    case 'setFallthrough':
    case 'setRamp':
    case 'pauseRamp':
    case 'resumeRamp':
      return onLong(flag, (long) => editServe(long, instruction));
    case 'addRule':
    case 'replaceRule':
    case 'removeRule':
    case 'reorderRules':
      return onLong(flag, (long) => editRules(long, instruction));
    case 'addTargets':
    case 'removeTargets':
      return isShort(flag) ? editUsers(flag, instruction) : onLong(flag, (long) => editTargets(long, instruction));
    case 'setTargets':
      return onLong(flag, (long) => set(long, 'targets', given(instruction.targets)));
    case 'setVariants':
      return onLong(flag, (long) => editVariants(long, given(instruction.variants)));
    case 'setOffVariant':
      return onLong(flag, (long) => {
        // What is left out is said by its default.
        const { offVariant: now = long.variants === undefined ? 'off' : null } = long;
        return { ...set(long, 'offVariant', instruction.variant), replaces: { now, wants: instruction.variant } };
      });
    case 'setPrerequisites':
      return onLong(flag, (long) => set(long, 'prerequisites', given(instruction.prerequisites)));
    case 'setSchedule':
      return set(flag, 'schedule', given(instruction.schedule));
    case 'setDescription':
      return set(flag, 'description', given(instruction.description));
    case 'setSalt':
      return set(flag, 'salt', given(instruction.salt));
    case 'setClientVisible':
      return set(flag, 'clientVisible', given(instruction.clientVisible));
    case 'setMetadata':
      return editMetadata(flag, instruction);
    case 'archive':
      return { steps: ['metadata', 'archived'], entry: archived(flag) };
    case 'unarchive': {
      const { archived: _, ...metadata } = flag.metadata ?? {};
      const left = Object.keys(metadata).length === 0 ? undefined : metadata;
      return {
        steps: ['metadata', 'archived'],
        entry: isArchived(flag) ? withMember(flag, 'metadata', left) : flag,
      };
    }
    default:
      return instruction satisfies never;
  }
}

/** Whether a flag is off for good: `archive` marks it in its metadata. */
export function isArchived({ metadata = {} }: FlagDefinition): boolean {
  return own(metadata, 'archived') === true;
}

function onLong(flag: FlagDefinition, edit: (long: LongFlag) => Edit<LongFlag>): Edit<FlagDefinition> {
  let made: Edit<LongFlag> | undefined;
  const entry = editLong(flag, (long) => (made = edit(long)).entry!);
  return { ...made!, entry };
}

/** Sets one member of a flag, or takes it away. */
function set<Flag extends FlagDefinition>(flag: Flag, name: keyof LongFlag, wants: unknown): Edit<Flag> {
  const now = (flag as Partial<LongFlag>)[name];
  return { steps: [name], entry: withMember(flag, name, wants), replaces: { now, wants } };
}

/**
 * Whether variants are given decides what a flag that says no off variant serves while it is off. What that was is
 * written down, so that it stays.
 */
function editVariants(flag: LongFlag, wants: LongFlag['variants']): Edit<LongFlag> {
  const edit = set(flag, 'variants', wants);
  if (flag.offVariant !== undefined || (flag.variants === undefined) === (wants === undefined)) return edit;
  const offVariant = wants !== undefined && Object.hasOwn(wants, 'off') ? 'off' : null;
  return { ...edit, entry: { ...edit.entry!, offVariant } };
}

function switched(flag: FlagDefinition, isOn: boolean): FlagDefinition {
  if (isShort(flag)) return isOn ? turnedOn(flag) : turnedOff(flag);
  return (flag.enabled ?? true) === isOn ? flag : { ...flag, enabled: isOn };
}

function editStatus(flag: FlagDefinition, { status }: Of<'setStatus'>): Edit<FlagDefinition> {
  if (!isShort(flag)) {
    throw new Refusal('cannot', [], 'a flag in the long form', 'turnOn, turnOff or setFallthrough: it has no status');
  }
  if (status !== 'disabled') mustNotBeArchived(flag);
  return { steps: ['status'], entry: { ...flag, status }, replaces: { now: flag.status, wants: status } };
}

/** Testers of a short flag. Where another answer than `on` is wanted for somebody, it takes the long form. */
function editUsers(flag: ShortFlag, instruction: Of<'addTargets' | 'removeTargets'>): Edit<FlagDefinition> {
  const { variant = 'on', keys } = instruction;
  if (variant !== 'on') return onLong(flag, (long) => editTargets(long, instruction));
  const users = [{ variant, keys: flag.betaUsers ?? [] }];
  const target = { type: 'boolean', targets: users, fallthrough: 'off' } as const;
  const [after] = editTargets(target, { ...instruction, variant, keys }).entry!.targets ?? [];
  const betaUsers = after?.keys ?? [];
  const isSame = betaUsers.length === users[0]!.keys.length;
  return { steps: ['betaUsers'], entry: isSame ? flag : { ...flag, betaUsers } };
}

function editMetadata(flag: FlagDefinition, { metadata = {}, remove = [] }: Of<'setMetadata'>): Edit<FlagDefinition> {
  const before = flag.metadata ?? {};
  const names = [...Object.keys(metadata), ...remove];
  const named = (table: JsonObject): JsonObject =>
    Object.fromEntries(names.flatMap((name) => (Object.hasOwn(table, name) ? [[name, table[name]!]] : [])));
  const kept = Object.entries(before).filter(([name]) => !remove.includes(name));
  const after = { ...Object.fromEntries(kept), ...metadata };
  return {
    steps: ['metadata'],
    entry: withMember(flag, 'metadata', Object.keys(after).length === 0 ? undefined : after),
    replaces: { now: named(before), wants: metadata },
  };
}

function archived(flag: FlagDefinition): FlagDefinition {
  if (isArchived(flag)) return switched(flag, false);
  const { metadata = {} } = flag;
  if (Object.hasOwn(metadata, 'archived')) {
    throw new Refusal('taken', ['metadata', 'archived'], 'something of your own', 'nothing: the mark stands there');
  }
  return withMember(switched(flag, false), 'metadata', { ...metadata, archived: true });
}

function mustNotBeArchived(flag: FlagDefinition): void {
  if (!isArchived(flag)) return;
  throw new Refusal('cannot', ['metadata', 'archived'], 'an archived flag', 'unarchive before');
}
