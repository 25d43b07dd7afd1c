import type { Subject } from './subject.ts';

/** Ours, the floor and the peers by name. Loaded one at a time, so that none runs in the company of another. */
const subjects: Readonly<Record<SubjectName, () => Promise<Subject>>> = {
  ours: async () => (await import('./subjects/ours.ts')).ours,
  floor: async () => (await import('./subjects/floor.ts')).floor,
  '@vercel/flags-core': async () => (await import('./subjects/vercel.ts')).vercel,
  '@growthbook/growthbook': async () => (await import('./subjects/growthbook.ts')).growthbook,
  '@configcat/sdk': async () => (await import('./subjects/configcat.ts')).configcat,
  '@openfeature/flagd-core': async () => (await import('./subjects/flagd.ts')).flagd,
  'unleash-client': async () => (await import('./subjects/unleash.ts')).unleash,
  '@launchdarkly/node-server-sdk': async () => (await import('./subjects/launchdarkly.ts')).launchdarkly,
};

/** The packages as their registry knows them. */
export const PEERS = [
  '@vercel/flags-core',
  '@growthbook/growthbook',
  '@configcat/sdk',
  '@openfeature/flagd-core',
  'unleash-client',
  '@launchdarkly/node-server-sdk',
] as const;

export const SUBJECTS = ['ours', 'floor', ...PEERS] as const;
export type SubjectName = (typeof SUBJECTS)[number];

export function loadSubject(name: SubjectName): Promise<Subject> {
  return subjects[name]();
}
