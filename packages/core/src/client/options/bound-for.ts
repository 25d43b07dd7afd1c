import { type Bound, boundOf } from '../../refresh/bound.ts';
import type { FlagFeed } from '../../ports/feed.ts';
import type { FlagSource } from '../../ports/source.ts';
import type { FlagClientOptions } from './options.ts';
import { resolveOptions } from './resolve-options.ts';

/**
 * How late a published change can arrive in a client with these options: while the store answers, and counted from the
 * moment it answers again after an outage of `outageMs` (default: any length). The client shows the same figures in
 * health and in its start log; alert thresholds are best taken from them.
 *
 * @throws InvalidOptionsError like `createFlagClient`
 */
export function boundFor(
  options: Omit<FlagClientOptions, 'source' | 'feed'> & {
    readonly source?: FlagClientOptions['source'];
    readonly feed?: FlagFeed | true;
  },
  outageMs?: number,
): Bound {
  const feed = options.feed === true ? SOME_FEED : options.feed;
  const { settings } = resolveOptions({
    ...options,
    source: options.source ?? SOME_SOURCE,
    ...(feed === undefined ? {} : { feed }),
  } as FlagClientOptions);
  return boundOf(settings, outageMs);
}

/** The bound depends on whether there is a feed, not on which. */
const SOME_SOURCE: FlagSource = {
  name: 'some source',
  read: () => Promise.reject(new Error('this source stands for one')),
  close: () => Promise.resolve(),
};
const SOME_FEED: FlagFeed = {
  name: 'some feed',
  subscribe: () => Promise.reject(new Error('this feed stands for one')),
  close: () => Promise.resolve(),
};
