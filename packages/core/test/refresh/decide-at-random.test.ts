import { describe, expect, it } from 'vitest';
import type { TimerName, Command, DecisionEvent } from '../../src/refresh/protocol.ts';
import type { State } from '../../src/refresh/state.ts';
import { compareRevisions, formatRevision } from '../../src/document/revision.ts';
import { STORE_ERROR_REASONS, StoreError } from '../../src/ports/store-error.ts';
import type { Random } from '../document/random.ts';
import { counted } from '../support/scripted-source.ts';
import { Decided, document, rejected, unchanged } from './decided.ts';
import { sized } from '../../../../scripts/drawn-tests.ts';
import { forManySeeds } from './many-seeds.ts';

const TIMERS: readonly TimerName[] = [
  'tick',
  'deadline',
  'retry',
  'notice',
  'resubscribe',
  'subscribe-deadline',
  'stale',
];

/** Documents of a few revisions, decoded once. */
const DOCUMENTS = new Map<string, ReturnType<typeof document>>();

function documentOf(revision: ReturnType<typeof counted>): ReturnType<typeof document> {
  const name = formatRevision(revision);
  const made = DOCUMENTS.get(name) ?? document(revision);
  DOCUMENTS.set(name, made);
  return made;
}

/** Anything that can happen, also what no driver should ever tell: unknown reads, early timers, old subscriptions. */
function anyEvent(random: Random, state: State): DecisionEvent {
  const about = (present: number): number => (random.chance(0.8) ? present : random.integer(present + 3));
  const subscription = about(state.subscription);
  const revision = counted(random.integer(6), random.pick([1_000, 1_000, 2_000]));
  const error = new StoreError(
    random.pick(STORE_ERROR_REASONS),
    'at random',
    random.chance(0.3) ? { retryAfterMs: random.integer(90_000) } : {},
  );
  const roll = random.next();
  if (roll < 0.4) {
    const outcome = random.pick([
      documentOf(revision),
      documentOf(revision),
      unchanged(revision),
      rejected(revision),
      rejected(),
      { kind: 'failed', error } as const,
    ]);
    return { kind: 'read-settled', read: about(state.flight?.read ?? state.reads), outcome };
  }
  if (roll < 0.6) return { kind: 'timer', timer: random.pick(TIMERS) };
  if (roll < 0.7) return { kind: 'refresh-asked', request: 0, force: random.chance(0.3) };
  if (roll < 0.77) return { kind: 'feed-acknowledged', subscription };
  if (roll < 0.8) return { kind: 'feed-refused', subscription, error };
  if (roll < 0.83) return { kind: 'feed-down', subscription, error };
  if (roll < 0.93)
    return {
      kind: 'notice',
      subscription,
      notice: random.chance(0.2)
        ? { kind: 'foreign' }
        : { kind: 'changed', ...(random.chance(0.5) ? { revision } : {}) },
    };
  if (roll < 0.95) return { kind: 'breaker-reset' };
  if (roll < 0.96) {
    const snapshot = { text: '{}', revision, source: 'store', verifiedAtMs: 0 };
    return { kind: 'cache-failed', error, ...(random.chance(0.5) ? { verb: 'save', snapshot } : {}) };
  }
  if (roll < 0.97) return { kind: 'cache-saved' };
  if (roll < 0.995) return { kind: 'observed' };
  return { kind: 'close' };
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What must be so after every event. */
function checkState(before: State, after: State, commands: readonly Command[]): void {
  const { flight, timers, phase, settings, verifiedAt } = after;
  check(before.served === undefined || after.served !== undefined, 'the last good document is lost');
  check(after.reads >= before.reads, 'numbers of reads go back');
  const rings = Number(timers.deadline !== undefined) + Number(timers.retry !== undefined);
  check(rings === (flight === undefined ? 0 : 1), `a flight with ${rings} timers that end it`);
  check(
    flight === undefined || (flight.read === undefined) === (timers.retry !== undefined),
    'it reads while it waits for its second attempt',
  );
  check(flight === undefined || timers.tick === undefined, 'a tick during a flight');
  const polls = settings.mode !== 'none' || verifiedAt === undefined;
  check(
    phase !== 'running' || flight !== undefined || !polls || timers.tick !== undefined,
    'no next read is scheduled',
  );
  check(after.trailing === undefined || flight !== undefined, 'something waits for a flight that is not there');
  check(phase !== 'closed' || Object.keys(timers).length === 0, 'timers after close');
  for (const [source, revision] of after.lineages.entries()) {
    const known = before.lineages[source];
    if (revision !== undefined && known !== undefined)
      check(compareRevisions(revision, known) !== 'older', 'a lineage goes back');
  }
  const reads = commands.filter(({ kind }) => kind === 'read');
  check(reads.length <= 1, 'two reads begin at once');
  const [read] = reads;
  if (read?.kind === 'read')
    check(flight?.read === read.read && read.read === after.reads, 'a read begins that is not the one under way');
}

function live(random: Random): void {
  const mode = random.pick(['periodic', 'pubsub', 'both', 'none'] as const);
  const client = new Decided({
    mode,
    jitter: random.next() / 2,
    sources: ['a', 'b', 'c'].slice(0, 1 + random.integer(3)),
    feed: mode === 'both' || mode === 'pubsub' ? 'feed' : undefined,
    breaker: {
      failureThreshold: 1 + random.integer(3),
      recoveryTimeoutMs: 1 + random.integer(60_000),
      growth: 2,
      maxRecoveryTimeoutMs: 100_000,
    },
  });
  client.random = random.next();
  client.start();
  const waiting = new Set<number>();
  let asked = 0;
  for (let step = 0; step < 120; step++) {
    client.random = random.next();
    // Sometimes a timer rings when it is due, as drivers have it; sometimes time just passes, as when the loop stands
    // still.
    const due = Object.entries(client.state.timers).toSorted(([, one], [, other]) => one - other)[0];
    let event = anyEvent(random, client.state);
    if (due !== undefined && random.chance(0.5)) {
      client.nowMs = Math.max(client.nowMs, due[1]);
      event = { kind: 'timer', timer: due[0] as TimerName };
    } else if (random.chance(0.5)) client.nowMs += random.integer(random.pick([5, 1_000, 100_000]));
    if (event.kind === 'refresh-asked') {
      event = { ...event, request: ++asked };
      waiting.add(asked);
    }
    const before = freeze(client.state);
    const commands = client.take(freeze(event));
    for (const command of commands) {
      if (command.kind !== 'answer') continue;
      for (const request of command.requests)
        check(waiting.delete(request), `request ${request} is answered twice, or was never asked`);
    }
    checkState(before, client.state, commands);
    const late = event.kind === 'read-settled' && event.read !== before.flight?.read;
    if ('subscription' in event && event.subscription !== before.subscription) {
      // One that was given up knows nothing of the one that is there now.
      const { feed, feedRefusals, feedError, subscription, timers, notices, flight } = client.state;
      const ofFeed = [feed, feedRefusals, feedError, subscription, timers.resubscribe, timers['subscribe-deadline']];
      const was = [
        before.feed,
        before.feedRefusals,
        before.feedError,
        before.subscription,
        before.timers.resubscribe,
        before.timers['subscribe-deadline'],
      ];
      check(
        ofFeed.every((value, index) => value === was[index]),
        `${event.kind} of an old subscription changed the feed`,
      );
      check(notices === before.notices, `${event.kind} of an old subscription is gathered`);
      check(
        flight === before.flight || flight?.trigger === 'wake',
        `${event.kind} of an old subscription is followed by a read`,
      );
    }
    if (late) {
      const { served, verifiedAt, breaker, lastError, lineages } = client.state;
      const same = served === before.served && verifiedAt === before.verifiedAt && breaker === before.breaker;
      check(same && lastError === before.lastError && lineages === before.lineages, 'a late answer changed something');
    }
  }
  client.take({ kind: 'close' });
  for (const command of client.commands)
    if (command.kind === 'answer') for (const request of command.requests) waiting.delete(request);
  check(waiting.size === 0, `${waiting.size} requests were never answered`);
}

describe('decide, for random histories', () => {
  it('keeps its promises, and never writes to what it was handed', { timeout: sized(60_000, 600_000) }, () => {
    expect(forManySeeds(300, live)).toBe(300);
  });
});
