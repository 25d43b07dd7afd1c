import { describe, expect, it } from 'vitest';
import { counted } from '../support/scripted-source.ts';
import { Decided, document, failed, unchanged } from './decided.ts';

/** A client of two sources that holds revision 5 of the first. */
function holdingTheFirst(): Decided {
  const client = new Decided({ sources: ['first', 'second'] }).start();
  client.answer(document(counted(5)));
  return client;
}

/** A client whose first source went down after revision 5, so that it holds what the second gave. */
function holdingTheSecond(): Decided {
  const client = holdingTheFirst();
  client.passToTick();
  client.answer(failed('unavailable'));
  client.answer(document(counted(2)));
  expect(client.freshness).toMatchObject({ state: 'degraded', revision: counted(2) });
  return client;
}

const ignored = (client: Decided): number =>
  client.those('count').filter(({ name }) => name === 'feature_flag_ignored_revisions_total').length;

describe('a first source that answers with an older revision than before', () => {
  it('F11 F13 is not replaced by the next while what it gave is served: that turns stale in time', () => {
    const client = holdingTheFirst();
    client.passToTick();
    client.answer(document(counted(4)));
    expect(client.state.flight).toBeUndefined();
    expect(client.freshness).toMatchObject({ state: 'fresh', revision: counted(5) });
    expect(client.freshness.lastError).toMatchObject({ reason: 'older_revision', source: 'first' });
    for (let tick = 0; tick < 5; tick += 1) {
      client.passToTick();
      client.answer(document(counted(4)));
    }
    expect(client.freshness).toMatchObject({ state: 'stale', revision: counted(5) });
    expect(client.those('read').every(({ source }) => source === 0)).toBe(true);
    expect(ignored(client)).toBe(6);
  });

  it('F90 F93 is asked whether it still has that, so that nothing is downloaded again until it has something else', () => {
    const client = holdingTheFirst();
    const asked = (): unknown => client.those('read').at(-1)?.known;
    client.passToTick();
    expect(asked()).toEqual(counted(5));
    client.answer(document(counted(4)));
    for (let tick = 0; tick < 2; tick += 1) {
      client.passToTick();
      expect(asked()).toEqual(counted(4));
      client.answer(unchanged(counted(4)));
      expect(client.freshness).toMatchObject({ revision: counted(5), lastError: { reason: 'older_revision' } });
    }
    expect(ignored(client)).toBe(3);
    client.passToTick();
    client.answer(document(counted(5)));
    expect(client.freshness).toMatchObject({ state: 'fresh', revision: counted(5), ageMs: 0, lastError: null });
    client.passToTick();
    expect(asked()).toEqual(counted(5));
  });

  it('F58 leaves the next one in its place while that is what is served, and is counted and named', () => {
    const client = holdingTheSecond();
    client.passToTick();
    client.answer(document(counted(4)));
    expect(client.state.flight).toMatchObject({ source: 1 });
    client.answer(document(counted(3)));
    expect(client.freshness).toMatchObject({ state: 'degraded', revision: counted(3), ageMs: 0 });
    expect(client.freshness.lastError).toMatchObject({ reason: 'older_revision', source: 'first' });
    expect(ignored(client)).toBe(1);

    client.passToTick();
    client.answer(document(counted(5)));
    expect(client.freshness).toMatchObject({ state: 'fresh', revision: counted(5), lastError: null });
  });

  it('is the reason of a refresh in which no other source had anything either, and no failure of the store', () => {
    const client = holdingTheSecond();
    client.passToTick();
    client.answer(failed('unavailable'));
    client.answer(unchanged(counted(2)));
    client.state = { ...client.state, breaker: { ...client.state.breaker, failures: 2 } };
    client.take({ kind: 'refresh-asked', request: 1, force: false });
    client.answer(document(counted(4)));
    client.answer(failed('unavailable'));
    expect(client.those('answer').at(-1)?.result).toMatchObject({ ok: false, reason: 'older_revision' });
    expect(client.state.breaker).toMatchObject({ failures: 0, phase: { kind: 'closed' } });
  });
});
