import type { LongFlag } from '@clarity/flags-core/document';
import { Refusal } from './problem.ts';
import type { Steps } from '../references/references.ts';

/** The variant that is meant where none is named: of a boolean flag the one that is true. */
export function trueVariant({ type, variants = ON_AND_OFF }: LongFlag, steps: Steps): string {
  const names = type === 'boolean' ? Object.keys(variants).filter((name) => variants[name] === true) : [];
  if (names.length === 1) return names[0]!;
  throw new Refusal('cannot', steps, 'no variant in the instruction', `variant: ${Object.keys(variants).join(', ')}`);
}

const ON_AND_OFF: NonNullable<LongFlag['variants']> = { on: true, off: false };
