import { compareRevisions } from '../document/revision.ts';
import { redact } from '../adapter-kit/redact.ts';
import type { CachedSnapshot } from '../ports/snapshot-cache.ts';
import type { DecisionEvent } from './protocol.ts';
import { log } from './reports.ts';
import type { State } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Sees to it that the cache holds what is served, also when a save failed: the next process begins with what it finds
 * there.
 */

/**
 * A failed save is tried again after 1, 2, 4 and then every 8 verifications. It has no timer: a client wakes for polls
 * only.
 */
const MOST_VERIFICATIONS = 8;

export function noteCacheFailure(turn: Turn, event: Extract<DecisionEvent, { kind: 'cache-failed' }>): void {
  const { state, now } = turn;
  const { reason, message } = event.error;
  const failures = (state.cacheTrouble?.failures ?? 0) + (event.verb === 'save' ? 1 : 0);
  state.cacheErrors = (state.cacheErrors ?? 0) + 1;
  state.cacheTrouble = {
    problem: { reason, message: redact(message), source: 'cache', atMs: now.wallMs },
    failures,
    unsaved: event.snapshot ?? state.cacheTrouble?.unsaved,
    left: Math.min(2 ** Math.max(0, failures - 1), MOST_VERIFICATIONS),
  };
}

export function noteCacheSaved(turn: Turn): void {
  const { state } = turn;
  if (state.cacheTrouble === undefined) return;
  if (state.cacheTrouble.failures > 0) log(turn, 'warn', 'last-known-good cache is written again');
  state.cacheTrouble = undefined;
}

/**
 * After a refresh: if it verified the flags, the document that could not be saved is saved again, unless another has
 * taken its place, which is saved itself.
 */
export function saveAgain({ state, now, commands }: Turn): void {
  const { cacheTrouble: trouble } = state;
  if (trouble?.unsaved === undefined || state.refreshFailures > 0) return;
  if (!isServed(state, trouble.unsaved)) state.cacheTrouble = { ...trouble, unsaved: undefined };
  else if (trouble.left > 1) state.cacheTrouble = { ...trouble, left: trouble.left - 1 };
  else {
    commands.push({ kind: 'save-cache', snapshot: { ...trouble.unsaved, verifiedAtMs: now.wallMs } });
    state.cacheTrouble = { ...trouble, unsaved: undefined };
  }
}

function isServed({ served, settings }: State, { revision, source }: CachedSnapshot): boolean {
  if (served?.revision === undefined || served.source === undefined) return false;
  return settings.sources[served.source] === source && compareRevisions(served.revision, revision) === 'same';
}
