import { telling } from './reports.ts';
import { freshnessOf, type State } from './state.ts';
import type { Signals, Turn } from './turn.ts';

/** Tells listeners what this decision changed, by comparing the states: nothing can be forgotten on the way. */
export function announceDifferences(turn: Turn, before: State): void {
  announceServed(turn, before);
  announceRejected(turn, before);
  announceLostWrites(turn, before);
  announceBreaker(turn, before);
  announceFeed(turn, before);
  announceFreshness(turn, before);
}

function announceServed({ state, commands }: Turn, before: State): void {
  const { served } = state;
  if (served === undefined) return;
  const replaced = served.document !== before.served?.document;
  if (!replaced) return;
  commands.push({
    kind: 'announce',
    announcement:
      before.served === undefined
        ? { kind: 'ready', snapshot: served }
        : { kind: 'changed', from: before.served, to: served },
  });
}

function announceRejected({ state: { rejected }, commands }: Turn, before: State): void {
  if (rejected === undefined || rejected === before.rejected) return;
  commands.push({ kind: 'announce', announcement: { kind: 'rejected', rejected } });
}

function announceLostWrites({ state: { lostWrites }, commands }: Turn, before: State): void {
  // What a follower hears with the first update happened before it came.
  if (lostWrites === undefined || lostWrites === before.lostWrites || before.phase === 'new') return;
  commands.push({ kind: 'announce', announcement: { kind: 'lost-writes', lostWrites } });
}

function announceBreaker({ state, commands }: Turn, before: State): void {
  const from = before.breaker.phase.kind;
  const to = state.breaker.phase.kind;
  if (from !== to) commands.push({ kind: 'announce', announcement: { kind: 'breaker', from, to } });
}

function announceFeed({ state: { feed }, commands }: Turn, before: State): void {
  if (feed !== before.feed && (feed === 'up' || feed === 'down'))
    commands.push({ kind: 'announce', announcement: { kind: 'feed', state: feed } });
}

function announceFreshness({ state, now, commands }: Turn, before: State): void {
  const { announced: verdict } = state;
  const { announced } = before;
  if (verdict === announced) return;
  if (verdict === 'never') return;
  const kind = verdict === 'stale' ? 'stale' : 'fresh';
  commands.push({ kind: 'announce', announcement: { kind, freshness: freshnessOf(state, now) } });
}

function announcing(reports: Signals): Signals {
  return {
    ...reports,
    differences(turn, before) {
      reports.differences(turn, before);
      announceDifferences(turn, before);
    },
  };
}

/** Log, metrics and announcements of all that is decided. */
export const signals: Signals = /* @__PURE__ */ announcing(telling);
