import { Option } from 'commander';
import type { EvalOptions } from '../commands/evaluate.ts';
import type { Verb } from '../verb.ts';

export const evalVerb: Verb<EvalOptions> = {
  name: 'eval',
  words: '[store] <flag>',
  summary: 'what a flag gives for a context, and why',
  options: [
    new Option('-c, --context <json>', `the evaluation context, such as '{"targetingKey":"u1","country":"CH"}'`),
    new Option('-u, --user <key>', 'the targeting key; wins over the one in the context'),
    new Option(
      '--at <instant>',
      'the time that schedules and ramps go by, such as 2026-12-01T09:00:00Z; by default now',
    ),
    new Option('--explain', 'every rule that was tried, and why'),
  ],
  examples: [
    'clarity-flags eval flags.json new_checkout --user u1 --explain',
    'clarity-flags eval flags.json new_pricing --user u1 --at 2026-12-05T09:00:00Z',
  ],
  perform: async (call) => (await import('../commands/evaluate.ts')).performEval(call),
};
