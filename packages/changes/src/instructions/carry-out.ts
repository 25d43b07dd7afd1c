import type { FlagDocument, JsonValue } from '@clarity/flags-core/document';
import { same } from '../diff/same.ts';
import { type Entries, entryAt, isSetAside, withEntry } from './draft.ts';
import type { Edit } from './edit.ts';
import { editFlag, type FlagEdit } from './edit-flag.ts';
import { editHoldout, editLayer, editSegment } from './edit-parts.ts';
import type { Instruction } from './instruction.ts';
import { kindOf } from './kind-of.ts';
import { type ChangeProblem, problem, Refusal } from './problem.ts';
import type { Steps, Table } from '../references/references.ts';
import { given, withMember } from './members.ts';
import { targetOf } from './target-of.ts';
import { unsound } from './unsound.ts';

/** What came of instructions, one after the other. Nobody has looked yet whether the document is sound. */
export interface CarriedOut {
  readonly document: FlagDocument;
  /** As they were met: those that replace something say `from` what. */
  readonly instructions: readonly Instruction[];
  readonly problems: readonly ChangeProblem[];
}

export function carryOut(document: FlagDocument, instructions: readonly Instruction[]): CarriedOut {
  let current = document;
  const met: Instruction[] = [];
  const problems: ChangeProblem[] = [];
  for (const [index, instruction] of instructions.entries()) {
    try {
      const step = carryOutOne(current, instruction);
      current = step.document;
      met.push(step.instruction);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) {
        // What an instruction before this one made of an entry may be nothing that can be changed further.
        const malformed = unsound(document, current, instructions.slice(0, index));
        if (malformed.length === 0) throw thrown;
        return { document: current, instructions: met, problems: [...problems, ...malformed] };
      }
      problems.push({ ...refused(thrown.problem, instruction, current), instruction: index });
    }
  }
  return { document: current, instructions: met, problems };
}

interface Step {
  readonly document: FlagDocument;
  readonly instruction: Instruction;
}

function carryOutOne(document: FlagDocument, instruction: Instruction): Step {
  const target = targetOf(instruction);
  if (target === undefined || instruction.kind === 'setEnvironment') return setEnvironment(document, instruction);
  const { table, key } = target;
  const edit = editOf(document, instruction);
  const { replaces } = edit;
  if (replaces === undefined) return { document: withEntry(document, table, key, edit.entry), instruction };
  const { now, wants } = replaces;
  mustHold(instruction, now, wants, edit.steps);
  const isDone = same(now, wants);
  return {
    document: isDone ? document : withEntry(document, table, key, edit.entry),
    instruction: withFrom(instruction, now),
  };
}

/** An instruction that says what it replaces. */
export function withFrom(instruction: Instruction, now: unknown): Instruction {
  return { ...instruction, from: (now ?? null) as JsonValue } as unknown as Instruction;
}

function setEnvironment(document: FlagDocument, instruction: Instruction): Step {
  const { environment: now } = document;
  const wants = given((instruction as { environment: string | null }).environment);
  mustHold(instruction, now, wants, ['environment']);
  return {
    document: withMember(document, 'environment', wants),
    instruction: withFrom(instruction, now),
  };
}

/** What the author saw must be there still, or what is wanted be there already. */
function mustHold(instruction: Instruction, now: unknown, wants: unknown, steps: Steps): void {
  if (!('from' in instruction) || instruction.from === undefined) return;
  const saw = instruction.from;
  if (same(saw ?? undefined, now ?? undefined) || same(now, wants)) return;
  const isName = instruction.kind === 'setStatus' || instruction.kind === 'setFallthrough';
  const sides = { saw: saw as JsonValue, now: (now ?? null) as JsonValue, wants: (wants ?? null) as JsonValue };
  const allowed = `${kindOf(saw, isName)}, which the author saw; look at what is there, and say it anew`;
  throw new Refusal('contested', steps, kindOf(now, isName) + differs(saw, now, isName), allowed, sides);
}

/** Two things of one kind and size would read alike. */
function differs(saw: unknown, now: unknown, isName: boolean): string {
  return kindOf(saw, isName) === kindOf(now, isName) ? ' that is another one' : '';
}

/** An edit of whichever entry an instruction is about. */
function editOf(document: FlagDocument, instruction: Instruction): Edit<Entries[Table]> {
  if (isFlagEdit(instruction)) {
    return editFlag(readable(document, 'flags', instruction.flag, instruction), instruction);
  }
  switch (instruction.kind) {
    case 'create':
    case 'createSegment':
    case 'createLayer':
    case 'createHoldout': {
      const { table, key } = targetOf(instruction)!;
      const { definition: wants } = instruction;
      const now = entryAt(document, table, key);
      if ((now === undefined || same(now, wants)) && !isAside(document, table, key)) return { steps: [], entry: wants };
      const sides = { now: (now ?? null) as never, wants: wants as never };
      throw new Refusal('taken', [], 'one with this name', `another name, or ${replacing(table)}`, sides);
    }
    case 'replace':
    case 'replaceSegment':
    case 'replaceLayer':
    case 'replaceHoldout': {
      const { definition: wants } = instruction;
      const now = known(document, instruction, wants);
      return now === undefined ? { steps: [], entry: wants } : { steps: [], entry: wants, replaces: { now, wants } };
    }
    case 'remove':
    case 'removeSegment':
    case 'removeLayer':
    case 'removeHoldout': {
      const now = known(document, instruction, null);
      const gone = { steps: [], entry: undefined };
      return now === undefined ? gone : { ...gone, replaces: { now, wants: undefined } };
    }
    case 'addToSegment':
    case 'removeFromSegment':
    case 'setSegmentCondition':
      return editSegment(readable(document, 'segments', instruction.segment, instruction), instruction);
    case 'setSlot':
      return editLayer(readable(document, 'layers', instruction.layer, instruction), instruction);
    case 'setHoldoutPercentage':
      return editHoldout(readable(document, 'holdouts', instruction.holdout, instruction), instruction);
    case 'setEnvironment':
      throw new Error('the environment is no entry');
    default:
      return instruction satisfies never;
  }
}

function isFlagEdit(instruction: Instruction): instruction is FlagEdit {
  const { kind } = instruction;
  return 'flag' in instruction && kind !== 'create' && kind !== 'replace' && kind !== 'remove';
}

/** An entry that is there; undefined for a flag that is set aside, which can be taken away or written anew. */
function known(document: FlagDocument, instruction: Instruction, wants: unknown): Entries[Table] | undefined {
  const { table, key } = targetOf(instruction)!;
  if (isAside(document, table, key)) return undefined;
  return readable(document, table, key, instruction, wants);
}

function readable<Name extends Table>(
  document: FlagDocument,
  table: Name,
  key: string,
  instruction: Instruction,
  wants: unknown = instruction,
): Entries[Name] {
  const entry = entryAt(document, table, key);
  if (entry !== undefined) return entry;
  if (isAside(document, table, key)) {
    throw new Refusal('cannot', [], 'a flag that this version cannot read', 'replace or remove, or a newer version');
  }
  const saw = 'from' in instruction ? instruction.from : undefined;
  const sides = { ...(saw !== undefined && { saw: saw as never }), now: null, wants: wants as never };
  throw new Refusal('gone', [], 'nothing', `${nounOf(table)} of the document; it is gone or never was`, sides);
}

function isAside(document: FlagDocument, table: Table, key: string): boolean {
  return table === 'flags' && isSetAside(document, key);
}

function nounOf(table: Table): string {
  return `a ${table.slice(0, -1)}`;
}

function replacing(table: Table): string {
  return { flags: 'replace', segments: 'replaceSegment', layers: 'replaceLayer', holdouts: 'replaceHoldout' }[table];
}

function stepsOf(instruction: Instruction): Steps {
  const target = targetOf(instruction);
  return target === undefined ? [] : [target.table, target.key];
}

/** A problem of an entry, told of the document. What its author saw otherwise is contested. */
function refused(told: ChangeProblem, instruction: Instruction, document: FlagDocument): ChangeProblem {
  const steps = [...stepsOf(instruction), ...told.steps];
  const saw = 'from' in instruction ? instruction.from : undefined;
  if (told.sides !== undefined || saw === undefined) {
    return problem(told.reason, steps, told.found, told.allowed, told.sides);
  }
  const sides = { saw: saw as JsonValue, now: valueAt(document, steps), wants: instruction as unknown as JsonValue };
  return problem('contested', steps, told.found, told.allowed, sides);
}

function valueAt(document: FlagDocument, steps: Steps): JsonValue {
  let value: unknown = document;
  for (const step of steps) {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, step);
    value = isThere ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return (value ?? null) as JsonValue;
}
