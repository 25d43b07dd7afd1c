import type { Announcement } from '../../../../packages/core/src/refresh/protocol.ts';
import type { Action } from '../history.ts';
import type { Answer } from './simulated-store.ts';

/** An action in words. */
export function describeAction(action: Action): string {
  const details = Object.entries(action)
    .filter(([name]) => name !== 'kind' && name !== 'atMs')
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  return [action.kind, ...details].join(', ');
}

export function describeAnswer(answer: Answer): string {
  switch (answer.kind) {
    case 'reading':
      return `${answer.result.kind} at ${JSON.stringify(answer.held.revision)}${answer.held.good ? '' : ' (bad)'}`;
    case 'untrue':
      return `untrue: ${(JSON.stringify(answer.result) ?? 'undefined').slice(0, 80)}`;
    case 'error':
      return `error: ${String(answer.error)}`;
    case 'none':
      return 'nothing';
  }
}

export function describeAnnouncement(announcement: Announcement): string {
  switch (announcement.kind) {
    case 'ready':
      return `ready, from ${announcement.snapshot.origin.kind} ${announcement.snapshot.origin.name}`;
    case 'changed':
      return `changed to ${JSON.stringify(announcement.to.revision)} from ${announcement.to.origin.kind} ${announcement.to.origin.name}`;
    case 'stale':
    case 'fresh':
      return `${announcement.freshness.state}, age ${announcement.freshness.ageMs} ms`;
    case 'error':
      return `error ${announcement.problem.reason} of ${announcement.problem.source}: ${announcement.problem.message}`;
    case 'breaker':
      return `breaker from ${announcement.from} to ${announcement.to}`;
    case 'feed':
      return `the feed is ${announcement.state}`;
    case 'rejected':
      return `rejected ${JSON.stringify(announcement.rejected.revision)} of ${announcement.rejected.source}: ${announcement.rejected.message}`;
    case 'lost-writes':
      return `${announcement.lostWrites.source} lost ${JSON.stringify(announcement.lostWrites.lost)}; adopted ${JSON.stringify(announcement.lostWrites.adopted)}`;
  }
}
