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
    new Option('--explain', 'every rule that was tried, and why'),
  ],
  examples: ['clarity-flags eval flags.json new_checkout --user u1 --explain'],
  perform: async (call) => (await import('../commands/evaluate.ts')).performEval(call),
};
