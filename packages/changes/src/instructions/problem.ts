import type { Steps } from '../references/references.ts';
import { pathOf, type JsonValue, type Problem } from '@clarity/flags-core/document';

/** Why a change cannot be applied. */
export interface ChangeProblem extends Problem {
  /**
   * `gone`: what it is about is not there. `taken`: what it creates is. `contested`: something else stands there than
   * its author saw. `used`: what it takes away is asked for elsewhere. `cannot`: it cannot be done to what is there.
   * `invalid`: the document would not be sound.
   */
  readonly reason: 'gone' | 'taken' | 'contested' | 'used' | 'cannot' | 'invalid';
  /** The names and indexes that lead to the place. */
  readonly steps: Steps;
  /** Which instruction, from 0. Left out where no single one is at fault. */
  readonly instruction?: number;
  /** Of what is contested or gone: both sides, for people to decide. They may hold keys of users. */
  readonly sides?: Sides;
}

/** Null stands for nothing. */
export interface Sides {
  /** What the author saw; left out where the instruction does not say. */
  readonly saw?: JsonValue;
  /** What is there now. */
  readonly now: JsonValue;
  /** What the instruction makes of it. */
  readonly wants: JsonValue;
}

export function problem(
  reason: ChangeProblem['reason'],
  steps: Steps,
  found: string,
  allowed: string,
  sides?: Sides,
): ChangeProblem {
  const path = pathOf(steps);
  const message = `${path}: found ${found}, allowed: ${allowed}`;
  return { reason, path, steps, found, allowed, message, ...(sides !== undefined && { sides }) };
}

/** Ends one instruction. Never leaves this package. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problem: ChangeProblem;

  constructor(...parts: Parameters<typeof problem>) {
    const made = problem(...parts);
    super(made.message);
    this.problem = made;
  }
}
