import type { Verb } from '../verb.ts';

export const validateVerb: Verb = {
  name: 'validate',
  words: '[store|file...]',
  summary: 'check flag documents',
  about: 'Each is a file, a store, or - for standard input. Without any, the store of FEATURE_FLAG_STORE_URL.',
  examples: ['clarity-flags validate flags.json', 'clarity-flags validate staging.json production.json'],
  perform: async (call) => (await import('../commands/validate.ts')).performValidate(call),
};
