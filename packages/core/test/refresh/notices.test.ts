import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/refresh/settings.ts';
import type { Notice } from '../../src/ports/feed.ts';
import { counted } from '../support/scripted-source.ts';
import { Decided, document, failed, rejected, unchanged } from './decided.ts';
import { forManySeeds } from './many-seeds.ts';

/** A client with a feed that is up and nothing to do. */
function idle(changes: Partial<Settings> = {}): Decided {
  const client = new Decided({ mode: 'both', feed: 'feed', ...changes }).start();
  client.take({ kind: 'feed-acknowledged', subscription: 1 });
  client.answer(document(counted(5)));
  while (client.state.flight === undefined && client.state.notices !== undefined) client.pass(50);
  if (client.state.flight !== undefined) client.answer(unchanged(counted(5)));
  client.pass(10_000);
  return client;
}

const hear = (client: Decided, notice: Notice = { kind: 'changed' }): void =>
  void client.take({ kind: 'notice', subscription: client.state.subscription, notice });

const readsOf = (client: Decided): number => client.those('read').length;

describe('a notice', () => {
  it('is read at once after a pause, or within the spread', () => {
    const client = idle();
    hear(client);
    expect(client.state.flight?.trigger).toBe('notice');
    const spread = idle({ noticeSpreadMs: 4_000 });
    spread.random = 0.25;
    hear(spread);
    expect(spread.state.timers.notice).toBe(spread.nowMs + 1_000);
  });

  it('is not put off by those that follow it within the spread', () => {
    const client = idle({ noticeSpreadMs: 4_000 });
    hear(client);
    const due = client.state.timers.notice;
    client.pass(500);
    client.random = 0.999;
    hear(client);
    expect(client.state.timers.notice).toBe(due);
  });

  it('F7 of what is served, or of less under its epoch, costs nothing; of another epoch it does', () => {
    const client = idle();
    const before = readsOf(client);
    hear(client, { kind: 'changed', revision: counted(5) });
    hear(client, { kind: 'changed', revision: counted(4) });
    expect(readsOf(client)).toBe(before);
    hear(client, { kind: 'changed', revision: counted(1, 2_000) });
    expect(readsOf(client)).toBe(before + 1);
  });

  it('tells the primary which revision it named, if it named one, and nobody else', () => {
    const client = idle();
    hear(client, { kind: 'changed', revision: counted(6) });
    expect(client.those('read').at(-1)?.announced).toEqual(counted(6));
    client.answer(document(counted(6)));
    client.pass(60_000);
    expect(client.those('read').at(-1)?.announced).toBeUndefined();
    hear(client);
    expect(client.those('read').at(-1)?.announced).toBeUndefined();
  });

  it('F7 F90 of what the served document stands on costs nothing, though each publication has an epoch of its own', () => {
    const client = idle();
    const ancestors = [counted(6, 1_006), counted(5)];
    hear(client, { kind: 'changed', revision: counted(7, 1_007) });
    client.answer(document(counted(7, 1_007), ancestors));
    client.pass(10_000);
    const before = readsOf(client);
    for (const revision of [counted(7, 1_007), ...ancestors, { ...counted(6, 1_006), hash: 'a'.repeat(64) }])
      hear(client, { kind: 'changed', revision });
    expect(readsOf(client)).toBe(before);
    // Of another store, perhaps: a look is worth it, and no more than a look.
    hear(client, { kind: 'changed', revision: counted(9, 1_003) });
    expect(client.those('read').slice(before)).toMatchObject([{ known: counted(7, 1_007), announced: undefined }]);
  });

  it('that a read has answered meanwhile is dropped, and another is kept', () => {
    const client = idle();
    hear(client);
    hear(client, { kind: 'changed', revision: counted(6) });
    client.answer(document(counted(6)));
    expect(client.state.notices).toBeUndefined();

    const other = idle();
    hear(other);
    hear(other, { kind: 'changed', revision: counted(7) });
    other.answer(document(counted(6)));
    expect(other.state.timers.notice).toBeGreaterThan(other.nowMs);
  });

  it('of an earlier subscription is not heard', () => {
    const client = idle();
    client.take({ kind: 'notice', subscription: 0, notice: { kind: 'changed' } });
    expect(client.state.flight).toBeUndefined();
  });

  it('waits for the tick while the breaker is open', () => {
    const client = idle({
      breaker: { failureThreshold: 1, recoveryTimeoutMs: 30_000, growth: 1, maxRecoveryTimeoutMs: 30_000 },
    });
    hear(client);
    client.answer(failed('unavailable'));
    const { tick } = client.state.timers;
    const before = readsOf(client);
    client.pass(1_000);
    hear(client);
    expect(readsOf(client)).toBe(before);
    expect(client.state.timers.notice).toBeUndefined();
    expect(client.state.timers.tick).toBeLessThanOrEqual((tick ?? 0) + 3_000);
  });

  it('waits as long as the store asked to be left alone', () => {
    const client = idle();
    hear(client);
    client.answer(failed('throttled', { retryAfterMs: 20_000, retryable: false }));
    const askedMs = client.nowMs + 20_000;
    client.pass(1_000);
    hear(client);
    expect(client.state.timers.notice).toBe(askedMs);
  });
});

describe('F93 notices that named a revision which was not there', () => {
  /** Announces a revision after a pause, and ends the read that this leads to. */
  function announce(client: Decided, version: number, outcome: Parameters<Decided['answer']>[0]): boolean {
    client.pass(10_000);
    // After a failure it has asked again meanwhile.
    const { served } = client.state;
    if (client.state.flight !== undefined) client.answer(unchanged(served?.revision ?? counted(0)));
    client.pass(1_000);
    hear(client, { kind: 'changed', revision: counted(version) });
    const announced = client.those('read').at(-1)?.announced !== undefined;
    client.answer(outcome);
    return announced;
  }

  it('are answered by a question from then on, until one of them was true', () => {
    const client = idle();
    expect(announce(client, 900, document(counted(5)))).toBe(true);
    for (let forged = 901; forged < 910; forged += 1)
      expect(announce(client, forged, unchanged(counted(5)))).toBe(false);
    // A true one is found by a question, too, and is believed again.
    expect(announce(client, 6, document(counted(6)))).toBe(false);
    expect(announce(client, 7, document(counted(7)))).toBe(true);
  });

  it('are not told from a lagging replica or a refused document, which bring nothing either', () => {
    for (const outcome of [document(counted(4)), rejected(counted(6)), rejected()]) {
      const client = idle();
      expect(announce(client, 900, outcome)).toBe(true);
      expect(announce(client, 901, unchanged(counted(5)))).toBe(false);
    }
  });

  it('are judged by what a store answers, and not while it is down or by a read that nobody announced', () => {
    const client = idle();
    expect(announce(client, 900, failed('unavailable'))).toBe(true);
    expect(announce(client, 901, unchanged(counted(5)))).toBe(true);
    expect(announce(client, 902, failed('unavailable'))).toBe(false);
    client.passToTick();
    client.answer(document(counted(6)));
    expect(announce(client, 903, unchanged(counted(6)))).toBe(false);
  });
});

describe('a subscription', () => {
  it('F1 is followed by a read each time it is acknowledged', () => {
    const client = idle();
    client.take({ kind: 'feed-acknowledged', subscription: 1 });
    expect(client.state.flight?.trigger).toBe('subscribed');
  });

  it('is ended and tried again, ever more slowly, when it is refused or never acknowledged', () => {
    const client = new Decided({ mode: 'both', feed: 'feed' }).start();
    client.answer(document(counted(1)));
    client.pass(10_000);
    expect(client.those('unsubscribe')).toEqual([{ kind: 'unsubscribe', subscription: 1 }]);
    expect(client.state).toMatchObject({ feed: 'down', feedRefusals: 1 });
    const waits: number[] = [];
    for (let refusals = 0; refusals < 12; refusals++) {
      const due = client.state.timers.resubscribe ?? Number.NaN;
      waits.push(due - client.nowMs);
      client.pass(due - client.nowMs);
      const { subscription } = client.state;
      const error = (failed('unavailable') as Extract<ReturnType<typeof failed>, { kind: 'failed' }>).error;
      client.take({ kind: 'feed-refused', subscription, error });
      expect(client.those('unsubscribe').at(-1)).toEqual({ kind: 'unsubscribe', subscription });
    }
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    expect(waits.at(-1)).toBeLessThanOrEqual(30_000);
    expect(client.those('subscribe')).toHaveLength(13);
  });
});

describe('a subscription that was given up', () => {
  const { error } = failed('unavailable', { retryAfterMs: 5_000 }) as Extract<
    ReturnType<typeof failed>,
    { kind: 'failed' }
  >;
  const late = [
    { kind: 'feed-refused', subscription: 1, error },
    { kind: 'feed-down', subscription: 1, error },
    { kind: 'feed-acknowledged', subscription: 1 },
  ] as const;

  /** Subscribed a second time, after the first was never acknowledged. */
  function subscribedAgain(): Decided {
    const client = new Decided({ mode: 'both', feed: 'feed' }).start();
    client.answer(document(counted(1)));
    client.pass(10_000);
    client.pass((client.state.timers.resubscribe ?? Number.NaN) - client.nowMs);
    expect(client.state).toMatchObject({ subscription: 2, feed: 'connecting' });
    return client;
  }

  it.each(late)('marks the one that is up no other by its late $kind', (event) => {
    const client = subscribedAgain();
    client.take({ kind: 'feed-acknowledged', subscription: 2 });
    const before = client.state;
    expect(client.take(event)).toEqual([]);
    expect(client.state).toEqual(before);
    expect(client.state.feed).toBe('up');
  });

  it.each(late)('leaves the one that is waited for in peace by its late $kind', (event) => {
    const client = subscribedAgain();
    const before = client.state;
    expect(client.take(event)).toEqual([]);
    expect(client.state).toEqual(before);
  });
});

describe('a feed that asks for patience', () => {
  const refuse = (retryAfterMs: number): number => {
    const client = new Decided({ mode: 'both', feed: 'feed' }).start();
    const { error } = failed('throttled', { retryAfterMs }) as Extract<ReturnType<typeof failed>, { kind: 'failed' }>;
    client.take({ kind: 'feed-refused', subscription: 1, error });
    return (client.state.timers.resubscribe ?? Number.NaN) - client.nowMs;
  };

  it('F28 is not subscribed to before the time it named, nor later than by its slowest pace', () => {
    expect(refuse(20_000)).toBe(20_000);
    expect(refuse(3_600_000)).toBe(30_000);
    expect(refuse(0)).toBeLessThanOrEqual(500);
  });
});

describe('notices at random', () => {
  it('F10 cost at most one read in each gap, and each is followed by a read that begins after it', () => {
    const ran = forManySeeds(150, (random) => {
      const gapMs = 1 + random.integer(1_000);
      const client = idle({
        minNoticeGapMs: gapMs,
        noticeSpreadMs: random.chance(0.3) ? random.integer(500) : 0,
        intervalMs: 1e8,
        staleAfterMs: 1e9,
      });
      let reads = readsOf(client);
      let lastReadMs = Number.NEGATIVE_INFINITY;
      let unansweredMs: number | undefined;
      const look = (): void => {
        if (readsOf(client) === reads) return;
        // What a failed read is followed by is no read for notices, but it answers them.
        const forNotices = client.state.flight?.trigger === 'notice';
        if (forNotices && client.nowMs - lastReadMs < gapMs - 1e-6)
          throw new Error(`two reads within ${client.nowMs - lastReadMs} of ${gapMs} ms`);
        reads = readsOf(client);
        if (forNotices) lastReadMs = client.nowMs;
        unansweredMs = undefined;
      };
      for (let step = 0; step < 80; step++) {
        client.random = random.next();
        if (random.chance(0.6)) {
          unansweredMs ??= client.nowMs;
          hear(client);
          look();
        }
        const ms = random.integer(random.pick([2, gapMs, 4 * gapMs])) + random.next();
        for (let left = ms; left > 0;) {
          // To the next timer and no further, so that each read is seen when it begins.
          const waitsMs = Object.values(client.state.timers).map((dueMs) => dueMs - client.nowMs);
          const next = Math.min(left, ...waitsMs.filter((waitMs) => waitMs > 0));
          client.pass(next);
          look();
          left -= next;
        }
        if (client.state.flight !== undefined && random.chance(0.7)) {
          client.answer(unchanged(counted(5)));
          look();
        }
      }
      if (client.state.flight !== undefined) client.answer(unchanged(counted(5)));
      look();
      while (client.state.timers.notice !== undefined) {
        client.pass(client.state.timers.notice - client.nowMs);
        look();
      }
      if (unansweredMs !== undefined) throw new Error(`a notice heard at ${unansweredMs} was never answered`);
    });
    expect(ran).toBe(150);
  });
});
