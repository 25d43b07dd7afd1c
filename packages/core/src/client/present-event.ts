import type { Freshness } from '../refresh/freshness.ts';
import type { ClientEvents } from './events.ts';
import { describe, InvalidOptionsError } from './option-reader.ts';

/**
 * What a late listener is told: how things stand, if there is anything to say.
 *
 * @throws InvalidOptionsError when there is no event of this name
 */
export function presentEvent<Name extends keyof ClientEvents>(
  name: Name,
  freshness: Freshness,
): ClientEvents[Name] | undefined {
  const { state, breaker, feed, lastError, rejected, revision, origin } = freshness;
  const present: { readonly [Event in keyof ClientEvents]: ClientEvents[Event] | undefined } = {
    ready: origin === undefined ? undefined : { revision, origin },
    changed: undefined,
    stale: state === 'stale' ? freshness : undefined,
    fresh: state === 'fresh' || state === 'degraded' ? freshness : undefined,
    error: lastError ?? undefined,
    breaker: breaker.state === 'closed' ? undefined : { from: 'closed', to: breaker.state },
    feed: feed === 'up' || feed === 'down' ? { state: feed } : undefined,
    rejected: rejected ?? undefined,
    'store.lost-writes': undefined,
  };
  if (!Object.hasOwn(present, name)) {
    const allowed = Object.keys(present).join(', ');
    throw new InvalidOptionsError([`event: found ${describe(name)}; allowed is one of ${allowed}`]);
  }
  return present[name];
}
