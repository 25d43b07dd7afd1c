import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/ports/store-error.ts';
import { counted } from '../support/scripted-source.ts';
import { Decided, document, failed, rejected, unchanged } from './decided.ts';

const kinds = (commands: readonly { readonly kind: string }[]): string[] =>
  commands.map(({ kind }) => kind).filter((kind) => !['log', 'gauge', 'count', 'observe'].includes(kind));

describe('starting', () => {
  it('reads and subscribes at once, and loads the cache where there is one', () => {
    const client = new Decided({ mode: 'both', feed: 'feed', hasCache: true }).start();
    expect(kinds(client.commands)).toEqual(['load-cache', 'read', 'subscribe']);
    expect(client.state.timers).toMatchObject({ deadline: client.nowMs + 5_000 });
  });

  it('happens once', () => {
    const client = new Decided().start();
    expect(kinds(client.start().commands)).toEqual([]);
  });

  it('F59 serves a cached document as stale until a source says anything, and never after that', () => {
    const client = new Decided({ hasCache: true }).start();
    const { loaded } = document(counted(3)) as Extract<ReturnType<typeof document>, { kind: 'document' }>;
    const cached = { loaded, revision: counted(3), source: 'store', cache: 'disk' };
    client.take({ kind: 'cache-loaded', cached });
    expect(client.freshness).toMatchObject({ state: 'stale', origin: { kind: 'cache', name: 'disk' } });
    client.answer(document(counted(2)));
    expect(client.freshness).toMatchObject({ state: 'fresh', revision: counted(2) });
    client.take({ kind: 'cache-loaded', cached });
    expect(client.freshness.revision).toEqual(counted(2));
  });
});

describe('what is announced', () => {
  const announced = (client: Decided): readonly object[] =>
    client
      .those('announce')
      .map(({ announcement }) => announcement)
      .filter(({ kind }) => kind === 'breaker' || kind === 'feed');

  it('are the transitions of the breaker', () => {
    const client = new Decided().start();
    for (let times = 0; times < 3; times++) {
      if (times > 0) client.passToTick();
      client.answer(failed('unavailable'));
    }
    expect(announced(client)).toEqual([{ kind: 'breaker', from: 'closed', to: 'open' }]);
    client.take({ kind: 'breaker-reset' });
    expect(announced(client)[1]).toEqual({ kind: 'breaker', from: 'open', to: 'closed' });
  });

  it('is a feed that comes and goes, and none that is only being tried', () => {
    const client = new Decided({ mode: 'both', feed: 'feed' }).start();
    expect(announced(client)).toEqual([]);
    client.take({ kind: 'feed-acknowledged', subscription: 1 });
    client.take({ kind: 'feed-down', subscription: 1, error: new StoreError('unavailable', 'gone') });
    expect(announced(client)).toEqual([
      { kind: 'feed', state: 'up' },
      { kind: 'feed', state: 'down' },
    ]);
  });
});

it('a document that is adopted is measured: its revision, its size, and the flags set aside', () => {
  const client = new Decided().start();
  const adopted = document(counted(1));
  client.answer(adopted);
  const gauges = Object.fromEntries(client.those('gauge').map(({ name, value }) => [name, value]));
  const { loaded } = adopted as Extract<typeof adopted, { kind: 'document' }>;
  expect(gauges).toMatchObject({
    feature_flag_revision_info: 1,
    feature_flag_set_aside_flags: 0,
    feature_flag_document_bytes: loaded.bytes,
  });
});

describe('a timer that rings', () => {
  it('means nothing when it was moved or cleared while its ring was on the way', () => {
    const client = new Decided().start();
    const before = client.state;
    expect(client.take({ kind: 'timer', timer: 'deadline' })).toEqual([]);
    expect(client.take({ kind: 'timer', timer: 'retry' })).toEqual([]);
    expect(client.state).toEqual(before);
    client.nowMs += 4_999;
    client.take({ kind: 'timer', timer: 'deadline' });
    expect(client.state.flight).toBeDefined();
    client.nowMs += 1;
    client.take({ kind: 'timer', timer: 'deadline' });
    expect(client.state.flight).toBeUndefined();
  });
});

describe('a flight', () => {
  it('gives each source that is left an even share of the time that is left', () => {
    const client = new Decided({ sources: ['a', 'b', 'c'], timeoutMs: 9_000 }).start();
    expect(client.state.timers.deadline).toBe(client.nowMs + 3_000);
    client.pass(3_000);
    expect(client.those('abort-read')).toEqual([{ kind: 'abort-read', read: 1 }]);
    expect(client.state.flight).toMatchObject({ source: 1, attempt: 1 });
    client.pass(1_000);
    client.answer(failed('unavailable'));
    expect(client.state.timers.deadline).toBe(client.nowMs + 5_000);
    client.pass(5_000);
    expect(client.state.flight).toBeUndefined();
  });

  it('F28 makes a second attempt for what may succeed a moment later, within the same deadline, and no third', () => {
    const client = new Decided().start();
    const endsMs = client.state.flight?.deadlineMs;
    client.answer(failed('throttled', { retryAfterMs: 2_000 }));
    expect(client.state.timers).toMatchObject({ retry: client.nowMs + 2_000 });
    client.pass(2_000);
    expect(client.state.flight).toMatchObject({ attempt: 2, deadlineMs: endsMs });
    client.answer(failed('throttled', { retryAfterMs: 2_000 }));
    expect(client.state.flight).toBeUndefined();
    expect(client.those('read')).toHaveLength(2);
    expect(client.state.timers.tick).toBeGreaterThanOrEqual(client.nowMs + 2_000);
  });

  it('F28 tells the caller of a refresh how long the first source that failed wants to be left alone', () => {
    const client = new Decided({ sources: ['primary', 'second'] }).start();
    client.answer(document(counted(1)));
    client.take({ kind: 'refresh-asked', request: 1, force: false });
    client.answer(failed('throttled', { retryable: false, retryAfterMs: 30_000 }));
    client.answer(failed('throttled', { retryable: false, retryAfterMs: 90_000 }));
    expect(client.those('answer')).toEqual([
      {
        kind: 'answer',
        requests: [1],
        result: { ok: false, reason: 'throttled', message: expect.stringMatching(/^primary: /), retryAfterMs: 30_000 },
      },
    ]);
  });

  it('tells no time to wait where the store named none', () => {
    const client = new Decided().start();
    client.answer(document(counted(1)));
    client.take({ kind: 'refresh-asked', request: 1, force: false });
    client.answer(failed('unavailable'));
    expect(client.those('answer')[0]?.result).not.toHaveProperty('retryAfterMs');
  });

  it('F28 leaves a throttled store alone for the time it named, also when notices come and a fallback serves meanwhile', () => {
    const settings = {
      mode: 'both',
      feed: 'feed',
      sources: ['primary', 'second'],
      intervalMs: 60_000,
      jitter: 0,
    } as const;
    const client = new Decided(settings).start();
    client.answer(failed('throttled', { retryable: false, retryAfterMs: 30_000 }));
    client.answer(document(counted(1)));
    expect(client.freshness.state).toBe('degraded');
    const servedMs = client.nowMs;
    client.pass(1_000);
    client.take({ kind: 'notice', subscription: 1, notice: { kind: 'changed' } });
    client.pass(28_999);
    expect(client.those('read')).toHaveLength(2);
    client.pass(1);
    expect(client.those('read')).toHaveLength(3);
    expect(client.nowMs - servedMs).toBe(30_000);
  });

  it('makes none when the store asks for more patience than leaves time to answer, or says that it is of no use', () => {
    for (const outcome of [
      failed('throttled', { retryAfterMs: 4_990 }),
      failed('unauthorized'),
      rejected(counted(1)),
    ]) {
      const client = new Decided().start();
      client.answer(outcome);
      expect(client.state.flight).toBeUndefined();
    }
  });

  it('is followed by exactly one for all that was asked meanwhile, forced if one of them was', () => {
    const client = new Decided().start();
    for (const force of [false, true, false]) {
      client.take({ kind: 'refresh-asked', request: client.all.length, force });
    }
    const asked = client.state.trailing?.requests;
    expect(asked).toHaveLength(3);
    client.answer(document(counted(1)));
    expect(client.those('read')).toHaveLength(2);
    client.answer(unchanged(counted(1)));
    expect(client.those('answer')).toMatchObject([{ requests: asked, result: { ok: true, outcome: 'unchanged' } }]);
    expect(client.those('read')).toHaveLength(2);
  });

  it('F9 takes no answer of a read that was given up', () => {
    const client = new Decided().start();
    client.pass(5_000);
    const before = client.state;
    client.take({ kind: 'read-settled', read: 1, outcome: document(counted(1)) });
    expect(client.state).toEqual(before);
    expect(client.state.served).toBeUndefined();
  });
});

describe('a refused document', () => {
  it('F15 is asked about by its revision, by each source for itself', () => {
    const client = new Decided({ sources: ['a', 'b'] }).start();
    client.answer(rejected(counted(7)));
    client.answer(rejected(counted(9)));
    client.passToTick();
    client.answer(unchanged(counted(7)));
    expect(client.those('read').map(({ source, known }) => [source, known])).toEqual([
      [0, undefined],
      [1, undefined],
      [0, counted(7)],
      [1, counted(9)],
    ]);
    expect(client.freshness.rejected).toMatchObject({ source: 'a', revision: counted(7) });
    expect(client.freshness.breaker).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('is counted and told once, with or without a revision', () => {
    for (const revision of [counted(7), undefined]) {
      const client = new Decided().start();
      client.answer(rejected(revision));
      const { atMs } = client.freshness.rejected ?? {};
      for (let polls = 0; polls < 3; polls++) {
        client.passToTick();
        client.answer(rejected(revision));
      }
      const told = client.those('announce').filter(({ announcement }) => announcement.kind === 'rejected');
      expect(told).toHaveLength(1);
      expect(client.freshness.rejected?.atMs).toBe(atMs);
    }
  });

  it('F13 F90 is not one that follows an adopted one, though the clock here was set back by days since, and is one that lies far ahead of that', () => {
    const client = new Decided().start();
    const nowMs = 1_800_000_000_000 + client.nowMs;
    const hours = (n: number): number => n * 3_600_000;
    client.answer(document({ epoch: nowMs + hours(72), version: 1 }));
    expect(client.freshness.rejected).toMatchObject({ message: expect.stringContaining('more than a day ahead') });
    client.passToTick();
    client.answer(document({ epoch: nowMs + hours(20), version: 1 }));
    // As if it had been 40 hours: each publication takes an epoch of its own.
    for (const after of [1, 23, 40]) {
      client.passToTick();
      client.answer(document({ epoch: nowMs + hours(20 + after), version: 1 + after }));
      expect(client.freshness).toMatchObject({ state: 'fresh', rejected: null, revision: { version: 1 + after } });
    }
    client.passToTick();
    client.answer(document({ epoch: nowMs + hours(100), version: 9 }));
    expect(client.freshness.rejected).toMatchObject({ revision: { version: 9 } });
  });

  it('F13 is judged again when only its epoch was wrong, and the clock is right now', () => {
    const client = new Decided().start();
    const ahead = { epoch: 1_800_000_000_000 + client.nowMs + 90_000_000, version: 1 };
    client.answer(document(ahead));
    expect(client.freshness.rejected).toMatchObject({ revision: ahead });
    client.passToTick();
    expect(client.those('read').at(-1)?.known).toEqual(ahead);
    client.answer(unchanged(ahead));
    client.nowMs += 10_000_000;
    client.passToTick();
    expect(client.those('read').at(-1)?.known).toBeUndefined();
    client.answer(document(ahead));
    expect(client.freshness).toMatchObject({ state: 'fresh', revision: ahead, rejected: null });
  });
});

describe('resetting the breaker', () => {
  it('lets an open one try soon, and never puts off the scheduled read', () => {
    const client = new Decided().start();
    client.answer(document(counted(1)));
    const scheduled = client.state.timers.tick;
    client.pass(30_000);
    client.take({ kind: 'breaker-reset' });
    expect(client.state.timers.tick).toBe(scheduled);

    for (let failures = 0; failures < 3; failures++) {
      client.take({ kind: 'refresh-asked', request: failures, force: false });
      client.answer(failed('unavailable'));
    }
    expect(client.freshness.breaker.state).toBe('open');
    expect(client.state.timers.tick).toBeGreaterThanOrEqual(client.nowMs + 30_000);
    client.take({ kind: 'breaker-reset' });
    expect(client.freshness.breaker.state).toBe('closed');
    expect(client.state.timers.tick).toBeLessThanOrEqual(client.nowMs + 4_000);
  });
});

describe('the turn to stale', () => {
  it('has its timer at the threshold, and one that rounding left a hair of a millisecond still rings once', () => {
    const client = new Decided({ mode: 'none', staleAfterMs: 299_999.999_999_999_94 });
    client.nowMs = 987_654_321.123_456_7;
    client.start().answer(document(counted(1)));
    for (let rings = 0; rings < 3 && client.freshness.state === 'fresh'; rings++) {
      const due = client.state.timers.stale ?? Number.NaN;
      client.pass(due - client.nowMs);
      if (client.freshness.state === 'fresh') expect(client.state.timers.stale).toBeGreaterThan(client.nowMs);
    }
    expect(client.freshness.state).toBe('stale');
    expect(client.state.timers.stale).toBeUndefined();
  });
});

describe('closing', () => {
  it('F43 ends the read, the subscription and every timer, and answers all who wait', () => {
    const client = new Decided({ mode: 'both', feed: 'feed' }).start();
    client.take({ kind: 'refresh-asked', request: 1, force: false });
    client.take({ kind: 'refresh-asked', request: 2, force: false });
    client.take({ kind: 'close' });
    expect(kinds(client.commands)).toEqual(['abort-read', 'unsubscribe', 'answer']);
    expect(client.those('answer')).toMatchObject([{ requests: [1, 2], result: { ok: false, reason: 'closed' } }]);
    expect(client.state.timers).toEqual({});
  });

  it('F44 is final: what happens later changes nothing and is told nobody', () => {
    const client = new Decided({ mode: 'both', feed: 'feed' }).start();
    client.take({ kind: 'close' });
    const closed = client.state;
    client.take({ kind: 'read-settled', read: 1, outcome: document(counted(1)) });
    client.take({ kind: 'notice', subscription: 1, notice: { kind: 'changed' } });
    client.take({ kind: 'start', bootstrap: undefined });
    client.take({ kind: 'breaker-reset' });
    client.take({ kind: 'close' });
    expect(client.commands).toEqual([]);
    expect(client.state).toBe(closed);
    client.take({ kind: 'refresh-asked', request: 9, force: true });
    expect(client.commands).toMatchObject([{ kind: 'answer', requests: [9], result: { reason: 'closed' } }]);
  });
});
