/** What a publisher notices about its store while it publishes (F90): pure, from what the store answered. */
import { type CountedRevision, formatRevision } from '../document/revision.ts';
import type { PublishWarning } from '../ports/publisher.ts';

export interface PublishFacts {
  /** The key or path, for messages. */
  readonly place: string;
  /** What the store held until now; undefined for nothing that can be read. */
  readonly held: CountedRevision | undefined;
  /** The highest epoch that the publisher was told before, or 0. */
  readonly floorEpoch: number;
  /** The store's clock, Unix milliseconds, where it tells. */
  readonly storeMs: number | undefined;
  /** The publisher's clock, Unix milliseconds. */
  readonly wallMs: number;
  /** Which server took this publication and the one before it; empty where that is unknown. */
  readonly server?: string;
  readonly heldServer?: string;
}

/**
 * Publications that follow each other quickly take epochs a little ahead of the clock: that is no clock that went back.
 */
const MOST_AHEAD_OF_CLOCK_MS = 1_000;
/** Further apart than this, one of two clocks is wrong, and not only out of step. */
const FAR_OFF_MS = 12 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

export function publishWarnings(facts: PublishFacts): readonly PublishWarning[] {
  return [...lostWrites(facts), ...restarted(facts), ...clock(facts)];
}

function lostWrites({ place, held, floorEpoch }: PublishFacts): readonly PublishWarning[] {
  if (floorEpoch <= (held?.epoch ?? 0)) return [];
  const found = held === undefined ? 'no publication' : formatRevision(held);
  const message = `${place} held ${found}, and had confirmed a publication of ${instant(floorEpoch)} before: the store lost it, and all else that was published ${held === undefined ? 'there' : `after ${found}`}. Look whether this document has all that it should`;
  return [{ kind: 'lost-writes', message }];
}

function restarted({ place, held, server = '', heldServer = '' }: PublishFacts): readonly PublishWarning[] {
  if (server === '' || heldServer === '' || server === heldServer) return [];
  const since = held === undefined ? 'the last publication' : formatRevision(held);
  const message = `the server of ${place} was restarted, failed over or replaced since ${since}; later publications may be lost. Look whether this document has all that it should`;
  return [{ kind: 'store-restarted', message }];
}

function clock({ place, held, floorEpoch, storeMs, wallMs }: PublishFacts): readonly PublishWarning[] {
  if (storeMs === undefined) return [];
  const offMs = storeMs - wallMs;
  if (Math.abs(offMs) > FAR_OFF_MS) {
    const hours = Math.round(Math.abs(offMs) / 3_600_000);
    const message = `the clock of the store at ${place} is ${hours} h ${offMs < 0 ? 'behind' : 'ahead of'} this one; set the one that is wrong`;
    return [{ kind: 'store-clock', message }];
  }
  // An epoch that no client adopted (F13) says nothing of the clock.
  const heldEpoch = held !== undefined && held.epoch <= wallMs + DAY_MS ? held.epoch : 0;
  const lastMs = Math.max(heldEpoch, floorEpoch);
  if (lastMs <= storeMs + MOST_AHEAD_OF_CLOCK_MS) return [];
  const message = `the clock of the store at ${place} says ${instant(storeMs)}, before the last publication of ${instant(lastMs)}: it went back. If the store also lost a publication, clients that have it may ignore this one until something is published after ${instant(lastMs)}`;
  return [{ kind: 'store-clock', message }];
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
