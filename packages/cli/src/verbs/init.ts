import { Option } from 'commander';
import { EXAMPLES, type InitOptions, PROGRAMS, STORES } from '../commands/init-choices.ts';
import type { Verb } from '../verb.ts';

export const initVerb: Verb<InitOptions> = {
  name: 'init',
  words: '[file|folder]',
  summary: 'write a first document, or copy an example',
  about:
    'Asks what it wants to know, on a terminal. The file is flags.json unless another one is named; one that is there is left alone. With --example a whole program is copied, to a folder of its name unless another one is named.',
  options: [
    new Option('--example <name>', 'copy this program').choices(EXAMPLES).conflicts(['store', 'program']),
    new Option('--store <store>', 'where clients are to read the flags').choices(STORES),
    new Option('--program <program>', 'what asks for flags').choices(PROGRAMS),
    new Option('-y, --yes', 'ask nothing: a file, and a program of its own, unless options say otherwise'),
  ],
  examples: [
    'clarity-flags init',
    'clarity-flags init config/flags.json --store redis --program express --yes',
    'clarity-flags init --example express-server my-app',
  ],
  perform: async (call) => (await import('../commands/init.ts')).performInit(call),
};
