import type { Verb } from '../verb.ts';

export const watchVerb: Verb = {
  name: 'watch',
  words: '[store]',
  summary: 'tell each change until stopped',
  about: 'Follows the feed of the store, and reads every 10 s. In JSON it prints one object a line.',
  examples: ['clarity-flags watch redis://localhost:6379'],
  isEndless: true,
  perform: async (call) => (await import('../commands/watch.ts')).performWatch(call),
};
