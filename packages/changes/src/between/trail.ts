import type { FlagDefinition, LongFlag } from '@clarity/flags-core/document';
import { withFrom } from '../instructions/carry-out.ts';
import { editFlag, type FlagEdit } from '../instructions/edit-flag.ts';
import type { Instruction } from '../instructions/instruction.ts';
import { Refusal } from '../instructions/problem.ts';
import { longOf } from '../instructions/short-and-long.ts';
import { same } from '../diff/same.ts';

/** A flag on its way to what it shall become, and the instructions so far. */
export class Trail {
  flag: FlagDefinition;
  readonly instructions: Instruction[] = [];

  constructor(flag: FlagDefinition) {
    this.flag = flag;
  }

  get long(): LongFlag {
    return longOf(this.flag);
  }

  /** Carries one out. Throws a Refusal where that cannot be. */
  take(instruction: FlagEdit): void {
    const { entry, replaces } = editFlag(this.flag, instruction);
    if (replaces !== undefined && same(replaces.now, replaces.wants)) return;
    this.instructions.push(replaces === undefined ? instruction : withFrom(instruction, replaces.now));
    this.flag = entry!;
  }

  /** The first of some ways that leads to a place, if one does; then it is taken. */
  takeFirst(ways: readonly (readonly FlagEdit[])[], isThere: (flag: FlagDefinition) => boolean): boolean {
    for (const way of ways) {
      const trial = new Trail(this.flag);
      if (!isPossible(() => way.forEach((one) => trial.take(one))) || !isThere(trial.flag)) continue;
      this.flag = trial.flag;
      this.instructions.push(...trial.instructions);
      return true;
    }
    return false;
  }

  /** The instructions, if they lead to a flag. */
  to(after: FlagDefinition): readonly Instruction[] | undefined {
    return same(this.flag, after) ? this.instructions : undefined;
  }
}

/** Whether nothing is refused. */
export function isPossible(attempt: () => void): boolean {
  try {
    attempt();
    return true;
  } catch (thrown) {
    if (thrown instanceof Refusal) return false;
    throw thrown;
  }
}
