import type { Verb } from '../verb.ts';

export const showVerb: Verb = {
  name: 'show',
  words: '[store]',
  summary: 'the document that a store holds, and its revision',
  examples: ['clarity-flags show redis://localhost:6379'],
  perform: async (call) => (await import('../commands/show.ts')).performShow(call),
};
