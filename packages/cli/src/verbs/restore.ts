import { Option } from 'commander';
import type { RestoreOptions } from '../commands/publish.ts';
import type { Verb } from '../verb.ts';
import { noteOptions } from './note-options.ts';

export const restoreVerb: Verb<RestoreOptions> = {
  name: 'restore',
  words: '[store] <file>',
  summary: 'write a document over anything that the store holds, under a new epoch',
  about:
    'For a backup that was put back: clients adopt it even where it is older than what they have. Shows what differs, and asks.',
  options: [new Option('-y, --yes', 'do it without being asked; needed where nobody can be asked'), ...noteOptions],
  examples: ['clarity-flags restore redis://localhost:6379 backup.json --yes'],
  doubt: 'look at what the store holds (clarity-flags show)',
  perform: async (call) => (await import('../commands/publish.ts')).performRestore(call),
};
