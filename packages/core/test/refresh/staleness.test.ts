import { expect, it } from 'vitest';
import { counted } from '../support/scripted-source.ts';
import { Decided, document } from './decided.ts';

/**
 * A client that was told of a document, has slept for 58 s since, and is to call it stale a millisecond later. Boot
 * time moves by the second.
 */
function awoken(): Decided {
  const client = new Decided({ mode: 'none', staleAfterMs: 58_001 });
  let sleptMs = 0;
  client.bootMs = () => Math.floor((client.nowMs + sleptMs) / 1_000) * 1_000;
  client.start().answer(document(counted(1)));
  sleptMs = 58_000;
  client.nowMs += 400;
  client.take({ kind: 'observed' });
  return client;
}

it('F41 wakes once for the turn to stale after a sleep, also where boot time moves by the second', () => {
  const client = awoken();
  const wokeMs = client.nowMs;
  let rings = 0;
  // Of the age, 58,000 ms are told until the next second, and one more is waited for.
  for (let dueMs = client.state.timers.stale; dueMs !== undefined; dueMs = client.state.timers.stale) {
    client.nowMs = dueMs;
    client.take({ kind: 'timer', timer: 'stale' });
    rings += 1;
  }
  expect(rings).toBe(1);
  expect(client.those('announce').at(-1)?.announcement.kind).toBe('stale');
  expect(client.nowMs - wokeMs).toBeLessThanOrEqual(1_000);
});

it('says stale to a caller who looks before that timer rings', () => {
  const client = awoken();
  client.nowMs += 599;
  expect(client.freshness).toMatchObject({ state: 'fresh', ageMs: 58_000 });
  client.nowMs += 1;
  expect(client.freshness).toMatchObject({ state: 'stale', ageMs: 59_000 });
  expect(client.state.timers.stale).toBeGreaterThan(client.nowMs);
});

it('waits for exactly the rest while the machine was awake', () => {
  const client = new Decided({ mode: 'none', staleAfterMs: 58_001 });
  client.bootMs = () => Math.floor(client.nowMs / 1_000) * 1_000;
  client.start().answer(document(counted(1)));
  const dueMs = client.nowMs + 58_001;
  client.nowMs = dueMs - 0.25;
  client.take({ kind: 'observed' });
  expect(client.state.timers.stale).toBe(client.nowMs + 1);
});
