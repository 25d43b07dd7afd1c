import { type PublishFacts, publishWarnings } from '@clarity/flags-core/adapter-kit';
import { expect, it } from 'vitest';

const NOW = Date.UTC(2026, 10, 30, 12);
const HOUR_MS = 3_600_000;

const kinds = (facts: Partial<PublishFacts>): readonly string[] => told(facts).map(({ kind }) => kind);
const told = (facts: Partial<PublishFacts>) =>
  publishWarnings({
    place: 'shop:document',
    held: { epoch: NOW - HOUR_MS, version: 5 },
    floorEpoch: 0,
    storeMs: NOW,
    wallMs: NOW,
    ...facts,
  });

it('F90 says nothing of a store that lost nothing', () => {
  expect(kinds({})).toEqual([]);
  expect(kinds({ floorEpoch: NOW - HOUR_MS })).toEqual([]);
  expect(kinds({ held: undefined })).toEqual([]);
  expect(kinds({ server: 'a1', heldServer: 'a1' })).toEqual([]);
  expect(kinds({ storeMs: undefined })).toEqual([]);
});

it('F90 a store that holds less than it confirmed to this publisher lost it, for certain', () => {
  const [warning] = told({ floorEpoch: NOW - 60_000 });
  expect(warning).toEqual({
    kind: 'lost-writes',
    message:
      'shop:document held 1796036400000.5, and had confirmed a publication of 2026-11-30T11:59:00.000Z before: the store lost it, and all else that was published after 1796036400000.5. Look whether this document has all that it should',
  });
  expect(told({ floorEpoch: NOW - 60_000, held: undefined })[0]?.message).toContain('held no publication');
});

it('F90 another server than the one before was restarted or failed over, which may have lost something', () => {
  expect(told({ server: 'b2', heldServer: 'a1' })).toEqual([
    {
      kind: 'store-restarted',
      message:
        'the server of shop:document was restarted, failed over or replaced since 1796036400000.5; later publications may be lost. Look whether this document has all that it should',
    },
  ]);
  expect(kinds({ server: '', heldServer: 'a1' })).toEqual([]);
  expect(kinds({ server: 'b2', heldServer: '' })).toEqual([]);
});

it('F90 a clock that went back is told with the moment until which clients may ignore the publication', () => {
  const [warning] = told({ held: { epoch: NOW + 12_000, version: 5 } });
  expect(warning).toMatchObject({ kind: 'store-clock', message: expect.stringContaining('2026-11-30T12:00:12.000Z') });
  expect(kinds({ floorEpoch: NOW + 12_000 })).toEqual(['lost-writes', 'store-clock']);
});

it('publications that follow each other within a millisecond are no clock that went back', () => {
  expect(kinds({ held: { epoch: NOW + 20, version: 5 } })).toEqual([]);
});

it('F13 an epoch that no client adopted says nothing of the clock', () => {
  expect(kinds({ held: { epoch: NOW + 48 * HOUR_MS, version: 5 } })).toEqual([]);
});

it.each([
  [24, 'is 24 h ahead of this one'],
  [-24, 'is 24 h behind this one'],
])('a clock that is %i hours off is told', (hours, words) => {
  expect(told({ storeMs: NOW + hours * HOUR_MS })).toEqual([
    { kind: 'store-clock', message: expect.stringContaining(words) },
  ]);
});

it('a clock of another millennium is told of, and breaks nothing', () => {
  expect(kinds({ storeMs: Number.MAX_SAFE_INTEGER, held: { epoch: Number.MAX_SAFE_INTEGER, version: 1 } })).toEqual([
    'store-clock',
  ]);
});
