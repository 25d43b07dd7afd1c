import { Option } from 'commander';
import type { RollbackOptions } from '../commands/rollback.ts';
import type { Verb } from '../verb.ts';
import { noteOptions } from './note-options.ts';

export const rollbackVerb: Verb<RollbackOptions> = {
  name: 'rollback',
  words: '<store> <revision>',
  summary: 'publish an earlier document again, or one flag of it',
  about:
    'By the number of an entry or a revision, as history tells them. Shows what differs, and asks as publish does.',
  options: [
    new Option('--flag <key>', 'only this flag; all others stay as they are now'),
    new Option('--dry-run', 'show what differs, and write nothing'),
    new Option('-y, --yes', 'do it without being asked; needed where there is a question and nobody to answer it'),
    ...noteOptions,
  ],
  examples: ['clarity-flags rollback flags.json 12', 'clarity-flags rollback flags.json 12 --flag new_checkout'],
  doubt: 'look at what the store holds (clarity-flags show)',
  perform: async (call) => (await import('../commands/rollback.ts')).performRollback(call),
};
