import { describe, expect, it } from 'vitest';
import { counted } from '../support/scripted-source.ts';
import { Decided, document, failed, rejected, unchanged } from './decided.ts';

/** A client that holds revision 4 and was refused revision 5 of the same source. */
function refusedFive(sources: readonly string[] = ['first']): Decided {
  const client = new Decided({ sources }).start();
  client.answer(document(counted(4)));
  client.passToTick();
  client.answer(rejected(counted(5)));
  expect(client.freshness.rejected).toMatchObject({ revision: counted(5), source: 'first' });
  return client;
}

const refusals = (client: Decided): number =>
  client.those('count').filter(({ name }) => name === 'feature_flag_rejected_documents_total').length;
const told = (client: Decided): number =>
  client.those('announce').filter(({ announcement }) => announcement.kind === 'rejected').length;
const gauges = (client: Decided): readonly number[] =>
  client
    .those('gauge')
    .filter(({ name }) => name === 'feature_flag_document_rejected')
    .map(({ value }) => value);

describe('F15 the refused document that is told is one that the store holds', () => {
  it('and is no longer there once the store went back to an older one', () => {
    const client = refusedFive();
    client.passToTick();
    client.answer(document(counted(3)));
    expect(client.freshness).toMatchObject({ rejected: null, lastError: { reason: 'older_revision' } });
    expect(gauges(client).at(-1)).toBe(0);
    // Should it come back, it is refused anew.
    client.passToTick();
    client.answer(rejected(counted(5)));
    expect(client.freshness.rejected).toMatchObject({ revision: counted(5) });
    expect(refusals(client)).toBe(2);
  });

  it('and is no longer there once the store is empty, holds the served one again, or a newer one', () => {
    const outcomes = [
      { kind: 'rejected', reason: 'not-found', message: 'there is none', revision: undefined } as const,
      document(counted(4)),
      document(counted(6)),
    ];
    for (const outcome of outcomes) {
      const client = refusedFive();
      client.passToTick();
      client.answer(outcome);
      expect(client.freshness.rejected).toBeNull();
    }
  });

  it('and is the other one that is refused now, be it older', () => {
    const client = refusedFive();
    client.passToTick();
    client.answer(rejected(counted(2)));
    expect(client.freshness.rejected).toMatchObject({ revision: counted(2) });
  });

  it('and stays when the store says that an older one is unchanged, which nobody asked about', () => {
    const client = refusedFive();
    client.passToTick();
    client.answer(unchanged(counted(3)));
    expect(client.freshness.rejected).toMatchObject({ revision: counted(5) });
    client.passToTick();
    expect(client.those('read').at(-1)?.known).toEqual(counted(5));
  });

  it('and is not downloaded again when it was refused for its epoch first, by a clock that is right now', () => {
    const client = new Decided().start();
    const ahead = { epoch: 1_800_000_000_000 + client.nowMs + 90_000_000, version: 1 };
    client.answer(document(ahead));
    client.nowMs += 10_000_000;
    client.passToTick();
    client.answer(rejected(ahead));
    expect(client.freshness.rejected?.message).toBe('it is no good');
    client.passToTick();
    expect(client.those('read').at(-1)?.known).toEqual(ahead);
  });

  it('and is not downloaded again when it is refused for its epoch since, by a clock that is then set right', () => {
    const client = new Decided().start();
    const ahead = { epoch: 1_800_000_000_000 + client.nowMs + 90_000_000, version: 1 };
    client.answer(rejected(ahead));
    client.passToTick();
    client.answer(unchanged(ahead));
    client.nowMs += 10_000_000;
    client.passToTick();
    expect(client.those('read').at(-1)?.known).toEqual(ahead);
  });

  it('and stays while the store is down, since nobody knows better', () => {
    const client = refusedFive();
    client.passToTick();
    client.answer(failed('unavailable'));
    expect(client.freshness.rejected).toMatchObject({ revision: counted(5) });
  });

  it('and is not that of a fallback that is not asked any more, which is still not downloaded again', () => {
    const client = new Decided({ sources: ['first', 'second'] }).start();
    client.answer(failed('unavailable'));
    client.answer(rejected(counted(7)));
    expect(client.freshness.rejected).toMatchObject({ source: 'second' });
    client.passToTick();
    client.answer(document(counted(1)));
    expect(client.freshness).toMatchObject({ state: 'fresh', rejected: null });
    expect(gauges(client).at(-1)).toBe(0);

    client.passToTick();
    client.answer(failed('unavailable'));
    expect(client.those('read').at(-1)).toMatchObject({ source: 1, known: counted(7) });
    client.answer(rejected(counted(7)));
    expect(client.freshness.rejected).toMatchObject({ source: 'second', revision: counted(7) });
    expect(refusals(client)).toBe(1);
  });

  it('and of a fallback that is asked each time it is told once, for every answer of the first source before it', () => {
    const client = new Decided({ sources: ['first', 'second'] }).start();
    client.answer(document(counted(5)));
    client.passToTick();
    client.answer(failed('unavailable'));
    client.answer(document(counted(2)));
    client.passToTick();
    client.answer(failed('unavailable'));
    client.answer(rejected(counted(7)));
    for (let polls = 0; polls < 3; polls += 1) {
      client.passToTick();
      client.answer(document(counted(4)));
      client.answer(rejected(counted(7)));
    }
    expect(client.freshness.rejected).toMatchObject({ source: 'second', revision: counted(7) });
    expect(told(client)).toBe(1);
    expect(refusals(client)).toBe(1);
  });
});
