import { Option } from 'commander';
import type { ShowOptions } from '../commands/show.ts';
import type { Verb } from '../verb.ts';

export const showVerb: Verb<ShowOptions> = {
  name: 'show',
  words: '[store]',
  summary: 'the document that a store holds, and its revision',
  options: [new Option('--raw', 'the document alone, byte for byte, as publish takes it')],
  examples: ['clarity-flags show redis://localhost:6379', 'clarity-flags show redis://localhost:6379 --raw'],
  perform: async (call) => (await import('../commands/show.ts')).performShow(call),
};
