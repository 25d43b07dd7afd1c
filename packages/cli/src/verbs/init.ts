import { Option } from 'commander';
import { type InitOptions, PROGRAMS, STORES } from '../commands/init-choices.ts';
import type { Verb } from '../verb.ts';

export const initVerb: Verb<InitOptions> = {
  name: 'init',
  words: '[file]',
  summary: 'write a first document, and say what to add to a program',
  about:
    'Asks what it wants to know, on a terminal. The file is flags.json unless another one is named; one that is there is left alone.',
  options: [
    new Option('--store <store>', 'where clients are to read the flags').choices(STORES),
    new Option('--program <program>', 'what asks for flags').choices(PROGRAMS),
    new Option('-y, --yes', 'ask nothing: a file, and a program of its own, unless options say otherwise'),
  ],
  examples: ['clarity-flags init', 'clarity-flags init config/flags.json --store redis --program express --yes'],
  perform: async (call) => (await import('../commands/init.ts')).performInit(call),
};
