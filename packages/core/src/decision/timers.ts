/**
 * - `tick`: the next scheduled read
 * - `deadline`: the read under way is given up
 * - `retry`: the second attempt of a refresh
 * - `notice`: what notices asked for is read
 * - `resubscribe`, `subscribe-deadline`: the feed is tried again; the subscription under way is given up
 * - `stale`: the served document turns stale
 */
export type TimerName = 'tick' | 'deadline' | 'retry' | 'notice' | 'resubscribe' | 'subscribe-deadline' | 'stale';

/**
 * When each timer is due, in monotonic milliseconds; absent when it does not run. Decisions state what they want and the
 * driver makes it so: there is no timer that a decision does not know of.
 */
export type Timers = Readonly<Partial<Record<TimerName, number>>>;
