import type { LongFlag, Ramp, Serve } from '@clarity/flags-core/document';
import type { Edit } from './edit.ts';
import type { Of, RuleName } from './instruction.ts';
import { placeOf } from './named-rule.ts';
import { Refusal } from './problem.ts';
import type { Steps } from '../references/references.ts';

/** What a rule or the fallthrough serves, and the flag with something else in its place. */
export interface ServePlace {
  readonly steps: Steps;
  readonly serve: Serve;
  readonly flagWith: (serve: Serve) => LongFlag;
}

export function servePlace(flag: LongFlag, rule: RuleName | undefined): ServePlace {
  if (rule === undefined) {
    const { fallthrough: serve } = flag;
    return { steps: ['fallthrough'], serve, flagWith: (fallthrough) => ({ ...flag, fallthrough }) };
  }
  const place = placeOf(flag, rule);
  const rules = flag.rules!;
  const { serve } = rules[place]!;
  const flagWith = (served: Serve): LongFlag => ({
    ...flag,
    rules: rules.with(place, { ...rules[place]!, serve: served }),
  });
  return { steps: ['rules', place, 'serve'], serve, flagWith };
}

type ServeInstruction = Of<'setFallthrough' | 'setRamp' | 'pauseRamp' | 'resumeRamp'>;

export function editServe(flag: LongFlag, instruction: ServeInstruction): Edit<LongFlag> {
  const place = servePlace(flag, instruction.kind === 'setFallthrough' ? undefined : instruction.rule);
  const { steps, serve, flagWith } = place;
  switch (instruction.kind) {
    case 'setFallthrough':
    case 'setRamp': {
      const wants = instruction.kind === 'setRamp' ? instruction.ramp : instruction.serve;
      return { steps, entry: flagWith(wants), replaces: { now: serve, wants } };
    }
    case 'pauseRamp': {
      const ramp = rampAt(place);
      const { pauses = [] } = ramp;
      if (isPaused(ramp)) throw new Refusal('cannot', steps, 'a ramp that is paused', 'resumeRamp, then pauseRamp');
      return { steps, entry: flagWith({ ...ramp, pauses: [...pauses, { from: instruction.at }] }) };
    }
    case 'resumeRamp': {
      const ramp = rampAt(place);
      const { pauses = [] } = ramp;
      if (!isPaused(ramp)) throw new Refusal('cannot', steps, 'a ramp that is not paused', 'pauseRamp before');
      const last = { ...pauses.at(-1)!, until: instruction.at };
      return { steps, entry: flagWith({ ...ramp, pauses: [...pauses.slice(0, -1), last] }) };
    }
    default:
      return instruction satisfies never;
  }
}

function rampAt({ serve, steps }: ServePlace): Ramp {
  if (typeof serve === 'object' && serve?.kind === 'ramp') return serve;
  throw new Refusal('cannot', steps, 'no ramp', 'a ramp: setRamp');
}

function isPaused({ pauses = [] }: Ramp): boolean {
  return pauses.length > 0 && pauses.at(-1)!.until === undefined;
}
