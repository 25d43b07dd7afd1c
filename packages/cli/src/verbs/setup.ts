import { Option } from 'commander';
import type { SetupOptions } from '../commands/setup.ts';
import type { Verb } from '../verb.ts';

export const setupVerb: Verb<SetupOptions> = {
  name: 'setup',
  words: '[store]',
  summary: 'make the tables and rights of a store that needs them (Postgres)',
  options: [
    new Option('--print', 'print the statements, and run nothing'),
    new Option('--reader <role>', 'grant this role what clients need'),
    new Option('--writer <role>', 'grant this role what publishers need'),
  ],
  about: 'With a user who may create tables. What is there stays as it is, so it may be run again.',
  examples: [
    'clarity-flags setup postgres://owner@localhost/shop --reader app --writer deploy',
    'clarity-flags setup postgres://localhost/shop --print',
  ],
  doubt: 'run it again',
  perform: async (call) => (await import('../commands/setup.ts')).performSetup(call),
};
