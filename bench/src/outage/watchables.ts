import type { Watchable } from './watched.ts';

/** Who is watched, by the name of the package, in the order of the picture. */
const watchables = {
  '@clarity/flags-core': async () => (await import('./watched/ours.ts')).ours,
  '@vercel/flags-core': async () => (await import('./watched/vercel.ts')).vercel,
  '@configcat/sdk': async () => (await import('./watched/configcat.ts')).configcat,
  '@growthbook/growthbook': async () => (await import('./watched/growthbook.ts')).growthbook,
  'unleash-client': async () => (await import('./watched/unleash.ts')).unleash,
  '@launchdarkly/node-server-sdk': async () => (await import('./watched/launchdarkly.ts')).launchdarkly,
} as const satisfies Readonly<Record<string, () => Promise<Watchable>>>;

export type WatchedName = keyof typeof watchables;

export const WATCHED = Object.keys(watchables) as readonly WatchedName[];

export function loadWatchable(name: WatchedName): Promise<Watchable> {
  return watchables[name]();
}
