import type { Settings } from '../../../packages/core/src/refresh/settings.ts';
import { fallback } from '../../../packages/core/src/client/options/fallback.ts';
import { InvalidOptionsError } from '../../../packages/core/src/client/options/option-reader.ts';
import type { FlagClientOptions } from '../../../packages/core/src/client/options/options.ts';
import { resolveOptions } from '../../../packages/core/src/client/options/resolve-options.ts';
import type { FlagFeed } from '../../../packages/core/src/ports/feed.ts';
import type { FlagSource } from '../../../packages/core/src/ports/source.ts';
import type { SnapshotCache } from '../../../packages/core/src/ports/snapshot-cache.ts';
import type { Dice } from './dice.ts';

const LONGEST_MS = 2 ** 31 - 1;
const NAMES = ['primary', 'second', 'third'];

/** Settings that `resolveOptions` accepts, from defaults to the odd corners of what is allowed. */
export function drawSettings(roll: Dice): Settings {
  for (;;) {
    try {
      return resolveOptions(drawOptions(roll)).settings;
    } catch (error) {
      if (!(error instanceof InvalidOptionsError)) throw error;
    }
  }
}

function drawOptions(roll: Dice): FlagClientOptions {
  const sources = NAMES.slice(
    0,
    roll.weighed([
      [6, 1],
      [3, 2],
      [1, 3],
    ]),
  ).map(namedSource);
  const refreshMode = roll.weighed([
    [3, 'periodic'],
    [3, 'both'],
    [3, 'pubsub'],
    [1, 'none'],
  ] as const);
  const withFeed = refreshMode === 'both' || refreshMode === 'pubsub' || roll.chance(0.2);
  const places: Pick<FlagClientOptions, 'source' | 'feed' | 'cache' | 'variables' | 'refreshMode' | 'environment'> = {
    source: fallback(sources),
    ...(withFeed ? { feed: FEED } : {}),
    ...(roll.chance(0.3) ? { cache: CACHE } : {}),
    variables: false,
    environment: 'production',
    refreshMode,
  };
  if (roll.chance(0.15)) return places;
  const whole = roll.chance(0.7) ? Math.round : (ms: number): number => ms;
  const duration = (least: number, most: number): number =>
    Math.min(LONGEST_MS, Math.max(1, whole(roll.magnitude(least, most))));
  const pauseMs = roll.weighed([
    [8, duration(500, 600_000)],
    [2, duration(5, 500)],
    [1, duration(600_000, LONGEST_MS)],
  ]);
  const timeoutMs = duration(Math.max(4, pauseMs * 0.005), Math.max(8, pauseMs * 1.2));
  const refreshJitter = roll.pick([0, 0.1, 0.1, 0.5, 0.25]);
  const recoveryTimeoutMs = duration(pauseMs * 0.05, pauseMs * 15);
  return {
    ...places,
    refreshIntervalMs: pauseMs,
    refreshJitter,
    timeoutMs,
    staleAfterMs: Math.min(LONGEST_MS, whole(pauseMs * roll.magnitude(1.02, 30) + timeoutMs * roll.pick([1, 1, 2, 3]))),
    noticeSpreadMs: roll.chance(0.6) ? 0 : Math.min(pauseMs, duration(1, 20_000)),
    minNoticeGapMs: roll.chance(0.5) ? 250 : duration(1, Math.max(2, pauseMs * 0.5)),
    breaker: {
      failureThreshold: roll.weighed([
        [4, 3],
        [3, 1],
        [3, 2],
        [2, 5],
        [1, 20],
      ]),
      recoveryTimeoutMs,
      growth: roll.pick([1, 1, 1.5, 2, 10, 1.0001]),
      maxRecoveryTimeoutMs: Math.min(LONGEST_MS, recoveryTimeoutMs * roll.pick([1, 2, 10])),
    },
  };
}

const closed = (): Promise<void> => Promise.resolve();
// What stands for the world's own ports, which are made for each history: the settings name them only.
const namedSource = (name: string): FlagSource => ({ name, read: () => new Promise(() => {}), close: closed });
const FEED: FlagFeed = { name: 'feed', subscribe: () => new Promise(() => {}), close: closed };
const CACHE: SnapshotCache = { name: 'cache', load: () => new Promise(() => {}), save: () => new Promise(() => {}) };
