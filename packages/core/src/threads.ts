/** One connection for all threads of a process: `@clarity/flags-core/threads`. */
export type { ChannelEvent, ChannelPort } from './threads/channel.ts';
export type { FollowOptions } from './threads/follow-flags.ts';
export { followFlags } from './threads/follow-flags.ts';
export { shareFlags } from './threads/share-flags.ts';
