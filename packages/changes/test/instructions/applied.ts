import type { FlagDefinition, FlagDocument } from '@clarity/flags-core/document';
import { apply, type ChangeProblem, type Instruction } from '../../src/index.ts';
import { decoded } from './random-change.ts';

/** A decoded document with these flags, and other tables. */
export function documentWith(flags: Record<string, unknown>, others: Record<string, unknown> = {}): FlagDocument {
  return decoded({ schemaVersion: 1, flags, ...others });
}

/** A flag after some instructions for it, as JSON has it. */
export function flagAfter(flag: FlagDefinition, ...instructions: Instruction[]): unknown {
  const result = apply(documentWith({ a: flag, other: { status: 'enabled' } }), { instructions });
  if (!result.ok) throw new Error(result.problems[0]!.message);
  return JSON.parse(JSON.stringify(result.document.flags['a']));
}

/** What stands against instructions for a flag. */
export function problemsOf(flag: FlagDefinition, ...instructions: Instruction[]): readonly ChangeProblem[] {
  const result = apply(documentWith({ a: flag, other: { status: 'enabled' } }), { instructions });
  return result.ok ? [] : result.problems;
}
