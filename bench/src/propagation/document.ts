/** The flag that is switched on and off. */
export const WATCHED = 'watched';

/** A flag document of about 100 KB, as a product of some size has one. */
export function documentText(on: boolean, n: number): string {
  const flags: Record<string, unknown> = { [WATCHED]: { status: on ? 'enabled' : 'disabled', metadata: { n } } };
  for (let i = 0; i < 480; i += 1) {
    flags[`feature_${i}`] = {
      status: 'canary',
      rolloutPercentage: i % 100,
      betaUsers: [`user-${i}`, `user-${i + 1}`],
      description: `Flag number ${i} of a document like those in production`,
      metadata: { owner: `team-${i % 7}`, ticket: `FLAG-${1000 + i}` },
    };
  }
  return JSON.stringify({ schemaVersion: 1, flags });
}
