import { Option } from 'commander';
import type { DiffOptions } from '../commands/diff.ts';
import type { Verb } from '../verb.ts';

export const diffVerb: Verb<DiffOptions> = {
  name: 'diff',
  words: '<before> <after>',
  summary: 'in what two documents differ, in words',
  about: 'Each is a file, a store, or - for standard input. They are compared by what they mean, at this moment.',
  options: [new Option('--exit-code', 'exit with 1 when they differ')],
  examples: [
    'clarity-flags diff redis://localhost:6379 flags.json',
    'clarity-flags diff staging.json production.json --exit-code',
  ],
  perform: async (call) => (await import('../commands/diff.ts')).performDiff(call),
};
