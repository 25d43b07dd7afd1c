import type { BreakerStateName, Freshness, RefreshProblem, RejectedDocument } from './freshness.ts';
import type { LostWrites } from './lost-writes.ts';
import type { Snapshot } from './snapshot.ts';

/** What listeners are told, before the client shapes it. */
export type Announcement =
  | { readonly kind: 'ready'; readonly snapshot: Snapshot }
  | { readonly kind: 'changed'; readonly from: Snapshot; readonly to: Snapshot }
  | { readonly kind: 'stale' | 'fresh'; readonly freshness: Freshness }
  | { readonly kind: 'error'; readonly problem: RefreshProblem }
  | { readonly kind: 'breaker'; readonly from: BreakerStateName; readonly to: BreakerStateName }
  | { readonly kind: 'feed'; readonly state: 'up' | 'down' }
  | { readonly kind: 'rejected'; readonly rejected: RejectedDocument }
  | { readonly kind: 'lost-writes'; readonly lostWrites: LostWrites };
