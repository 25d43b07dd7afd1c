import type { Freshness } from '../../refresh/freshness.ts';
import type { ClientEvents } from './events.ts';

const NOW: {
  readonly [Name in keyof ClientEvents]: (freshness: Freshness) => ClientEvents[Name] | undefined;
} = {
  ready: ({ origin, revision }) => (origin === undefined ? undefined : { revision, origin }),
  changed: () => undefined,
  stale: (freshness) => (freshness.state === 'stale' ? freshness : undefined),
  fresh: (freshness) => (freshness.state === 'fresh' || freshness.state === 'degraded' ? freshness : undefined),
  error: ({ lastError }) => lastError ?? undefined,
  breaker: ({ breaker }) => (breaker.state === 'closed' ? undefined : { from: 'closed', to: breaker.state }),
  feed: ({ feed }) => (feed === 'up' || feed === 'down' ? { state: feed } : undefined),
  rejected: ({ rejected }) => rejected ?? undefined,
  'store.lost-writes': () => undefined,
};

/** The names of all events. */
export const EVENT_NAMES: readonly string[] = Object.keys(NOW);

/** What a late listener is told: how things stand, if there is anything to say. */
export function eventNow<Name extends keyof ClientEvents>(
  name: Name,
  freshness: Freshness,
): ClientEvents[Name] | undefined {
  return NOW[name](freshness);
}
