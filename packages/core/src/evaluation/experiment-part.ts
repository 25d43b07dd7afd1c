import type { Experiment } from '../document/types.ts';

/** Whether a unit takes part in an experiment. */
export interface ExperimentPart extends Experiment {
  /** Whether the variant is that of an arm, which the unit was dealt. */
  readonly takesPart: boolean;
  /**
   * Why it takes no part. `NO_UNIT`: what the split, its layer or its holdout deals by is not in the context.
   * `HELD_OUT`: the holdout holds it. `OTHER_SLOT`: its bucket of the layer is not in the experiment's slot.
   * `OUTSIDE_COVERAGE`: its bucket is in no arm. They are asked in this order.
   */
  readonly whyNot?: WhyNot;
  /** That in words: `outside its slot of the layer`. */
  readonly message?: string;
}

export type WhyNot = 'NO_UNIT' | 'HELD_OUT' | 'OTHER_SLOT' | 'OUTSIDE_COVERAGE';

const SENTENCES: Readonly<Record<WhyNot, string>> = {
  NO_UNIT: 'no unit to deal with',
  HELD_OUT: 'held out',
  OTHER_SLOT: 'outside its slot of the layer',
  OUTSIDE_COVERAGE: 'outside the ranges of its arms',
};

export function experimentPart({ id, phase }: Experiment, whyNot?: WhyNot): ExperimentPart {
  return { id, phase, takesPart: !whyNot, ...(whyNot && { whyNot, message: SENTENCES[whyNot] }) };
}
