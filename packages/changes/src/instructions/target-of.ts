import type { Table } from '../references/references.ts';
import type { Instruction } from './instruction.ts';

/** The entry that an instruction is about. */
export interface EntryName {
  readonly table: Table;
  readonly key: string;
}

/** Undefined for the environment. */
export function targetOf(instruction: Instruction): EntryName | undefined {
  if ('flag' in instruction) return { table: 'flags', key: instruction.flag };
  if ('segment' in instruction) return { table: 'segments', key: instruction.segment };
  if ('layer' in instruction) return { table: 'layers', key: instruction.layer };
  return 'holdout' in instruction ? { table: 'holdouts', key: instruction.holdout } : undefined;
}
