/** The changes that people type: each is a verb of its own. */
import type { Instruction } from '@clarity/flags-changes';
import { InvalidArgumentError, Option } from 'commander';
import type { PublishOptions } from '../commands/publish.ts';
import { type Outcome, UsageError } from '../outcome.ts';
import type { Call, Verb } from '../verb.ts';
import { noteOptions } from './note-options.ts';

const options: readonly Option[] = [
  new Option('--dry-run', 'show what differs, and write nothing'),
  new Option('-y, --yes', 'do it without being asked; needed where there is a question and nobody to answer it'),
  ...noteOptions,
];

const doubt = 'look at what the store holds (clarity-flags show)';

/** A verb that gives one flag one instruction. */
function onFlag(
  name: string,
  summary: string,
  about: string,
  instruction: (flag: string) => Instruction,
): Verb<PublishOptions> {
  return {
    name,
    words: '<store> <flag>',
    summary,
    about: `${about} Shows what differs and asks as publish does; others' changes stay.`,
    options,
    examples: [`clarity-flags ${name} redis://localhost:6379 new_checkout`, `clarity-flags ${name} flags.json a --yes`],
    doubt,
    perform: (call) => perform(call, instruction(call.words[1] ?? '')),
  };
}

async function perform(call: Call<PublishOptions>, instruction: Instruction): Promise<Outcome> {
  const { performChange } = await import('../commands/change.ts');
  const comment = call.options.comment ?? '';
  return performChange(call, call.words[0] ?? '', { comment, instructions: [instruction] });
}

export const enableVerb = onFlag(
  'enable',
  'turn a flag on',
  'A flag in the short form becomes what it was before it was turned off: a canary with its share, a beta with its users.',
  (flag) => ({ kind: 'turnOn', flag }),
);
export const disableVerb = onFlag(
  'disable',
  'turn a flag off for everybody',
  'Targets, rules and shares are kept for when it is turned on again.',
  (flag) => ({ kind: 'turnOff', flag }),
);
export const archiveVerb = onFlag(
  'archive',
  'put a flag away: it is off, and says so',
  'It can be taken back by a change with unarchive, or by rollback.',
  (flag) => ({ kind: 'archive', flag }),
);

export interface RolloutOptions extends PublishOptions {
  readonly variant?: string;
  readonly rule?: string;
}

export const rolloutVerb: Verb<RolloutOptions> = {
  name: 'rollout',
  words: '<store> <flag> <percentage>',
  summary: 'serve a flag to a share of users',
  about:
    'Of a canary, of a split of two variants, or of a split by ranges, whose arms grow so that as few users move as can be. Shows what differs and asks as publish does.',
  options: [
    new Option('--variant <name>', 'whose share; by default the one that is true, or all arms together').argParser(
      named,
    ),
    new Option('--rule <id>', 'the rule that deals; by default what all others are served').argParser(named),
    ...options,
  ],
  examples: [
    'clarity-flags rollout redis://localhost:6379 new_checkout 25',
    'clarity-flags rollout flags.json search 10 --rule testers',
  ],
  doubt,
  perform: async (call) => {
    const { variant, rule } = call.options;
    const text = call.words[2] ?? '';
    const percentage = /^\d{1,3}(\.\d{1,3})? ?%?$/.test(text) ? Number.parseFloat(text) : NaN;
    if (!(percentage >= 0 && percentage <= 100))
      throw new UsageError(
        `the percentage is ${JSON.stringify(text)}; allowed is 0 to 100, with at most three decimals`,
      );
    return perform(call, {
      kind: 'setPercentage',
      flag: call.words[1] ?? '',
      percentage,
      ...(variant !== undefined && { variant }),
      ...(rule !== undefined && { rule }),
    });
  },
};

function named(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('a name');
}

export const applyVerb: Verb<PublishOptions> = {
  name: 'apply',
  words: '<store> <change>',
  summary: 'make a change, written as instructions, to whatever the store holds',
  about:
    'A change is {"comment": "…", "instructions": [{"kind": "setPercentage", "flag": "a", "percentage": 25}]}. What others changed meanwhile stays; where something else stands in a place than its author saw ("from"), it is refused with both sides.',
  options,
  examples: [
    'clarity-flags apply redis://localhost:6379 change.json',
    'clarity-flags apply flags.json change.json --dry-run',
  ],
  doubt,
  perform: async (call) => (await import('../commands/change.ts')).performApply(call),
};
