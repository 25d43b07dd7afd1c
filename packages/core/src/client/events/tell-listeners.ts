import type { Announcement } from '../../refresh/protocol.ts';
import { changedKeys } from './changed-keys.ts';
import type { Listeners } from './listeners.ts';

/** Tells those who listen for it what the decisions announce, in the shape of the client's events. */
export function tellListeners(listeners: Listeners, announcement: Announcement): void {
  switch (announcement.kind) {
    case 'ready': {
      const { revision, origin } = announcement.snapshot;
      return listeners.tell('ready', { revision, origin });
    }
    case 'changed': {
      const { from, to } = announcement;
      let keys: readonly string[] | undefined;
      return listeners.tell('changed', {
        revision: to.revision,
        origin: to.origin,
        // Comparing two documents takes longer than all the rest of a swap: it is done when somebody wants to know.
        get keys() {
          keys ??= changedKeys(from.document, to.document);
          return keys;
        },
      });
    }
    case 'stale':
    case 'fresh':
      return listeners.tell(announcement.kind, announcement.freshness);
    case 'error':
      return listeners.tell('error', announcement.problem);
    case 'breaker':
      return listeners.tell('breaker', { from: announcement.from, to: announcement.to });
    case 'feed':
      return listeners.tell('feed', { state: announcement.state });
    case 'rejected':
      return listeners.tell('rejected', announcement.rejected);
    case 'lost-writes':
      return listeners.tell('store.lost-writes', announcement.lostWrites);
  }
}
