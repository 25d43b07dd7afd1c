import type { FlagDocument } from '@clarity/flags-core/document';
import type { Instruction } from '../../src/index.ts';

/**
 * What an instruction touches in a document, said apart from the code that carries it out. One thing touches another
 * where one begins with the other: `flags/a` touches `flags/a/rules/x`.
 */
export function thingsOf(instruction: Instruction, { flags }: FlagDocument): readonly string[] {
  if (instruction.kind === 'setEnvironment') return ['environment'];
  if ('segment' in instruction) {
    const entry = ['segments', instruction.segment];
    if ('keys' in instruction) return instruction.keys.map((key) => thing(...entry, instruction.list, String(key)));
    return [instruction.kind === 'setSegmentCondition' ? thing(...entry, 'when') : thing(...entry)];
  }
  if ('layer' in instruction) {
    const entry = ['layers', instruction.layer];
    return [instruction.kind === 'setSlot' ? thing(...entry, instruction.experiment) : thing(...entry)];
  }
  if ('holdout' in instruction) return [thing('holdouts', instruction.holdout)];
  const entry = ['flags', instruction.flag];
  const flag = Object.hasOwn(flags, instruction.flag) ? flags[instruction.flag] : undefined;
  // In the short form status, share and users say together what is served.
  const isShort = flag !== undefined && 'status' in flag;
  const answer = (...more: string[]): string => (isShort ? thing(...entry, 'answer') : thing(...entry, ...more));
  const rule = (name: string | number): string[] =>
    // A place is another rule's once one before it comes or goes.
    typeof name === 'number' ? [answer('rules'), answer('order')] : [answer('rules', name)];
  switch (instruction.kind) {
    case 'create':
    case 'replace':
    case 'remove':
      return [thing(...entry)];
    case 'turnOn':
    case 'turnOff':
      return [answer('switch')];
    case 'archive':
    case 'unarchive':
      return [answer('switch'), thing(...entry, 'metadata', 'archived')];
    case 'setStatus':
      return [answer()];
    case 'setMetadata':
      return [...Object.keys(instruction.metadata ?? {}), ...(instruction.remove ?? [])].map((name) =>
        thing(...entry, 'metadata', name),
      );
    case 'setDescription':
    case 'setSalt':
    case 'setClientVisible':
    case 'setSchedule':
      return [thing(...entry, instruction.kind)];
    case 'addTargets':
    case 'removeTargets':
      return instruction.keys.map((key) => answer('targets', String(key)));
    case 'setTargets':
      return [answer('targets')];
    case 'addRule':
      return [
        answer('order'),
        answer('rules', instruction.rule.id!),
        ...(instruction.before === undefined ? [] : rule(instruction.before)),
      ];
    case 'replaceRule':
    case 'removeRule':
      return rule(instruction.rule);
    case 'reorderRules':
      return [answer('rules'), answer('order')];
    case 'setFallthrough':
      return [answer('fallthrough')];
    case 'setPercentage':
    case 'setRamp':
    case 'pauseRamp':
    case 'resumeRamp':
      return instruction.rule === undefined ? [answer('fallthrough')] : rule(instruction.rule);
    default:
      return [answer(instruction.kind)];
  }
}

/** Whether two instructions touch one thing. */
export function touch(one: readonly string[], other: readonly string[]): boolean {
  return one.some((thing) => other.some((another) => thing.startsWith(another) || another.startsWith(thing)));
}

function thing(...names: string[]): string {
  return `${names.map((name) => JSON.stringify(name)).join('/')}/`;
}
