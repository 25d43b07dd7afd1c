import type { Verb } from '../verb.ts';

export const doctorVerb: Verb = {
  name: 'doctor',
  words: '[store]',
  summary: 'reachable, permitted, readable, clocks, bound',
  about: 'Examines a store and writes nothing.',
  examples: ['clarity-flags doctor redis://localhost:6379'],
  perform: async (call) => (await import('../commands/doctor.ts')).performDoctor(call),
};
