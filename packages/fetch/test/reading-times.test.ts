import { describe, expect, it } from 'vitest';
import { readingTimes, retryAfterMs } from '../src/reading-times.ts';

const NOON = 'Thu, 01 Jan 2026 12:00:00 GMT';
const LATER = 'Thu, 01 Jan 2026 12:05:00 GMT';
const NOON_MS = Date.UTC(2026, 0, 1, 12);

describe('readingTimes', () => {
  it.each([
    ['both', { date: LATER, 'last-modified': NOON }, { publishedAtMs: NOON_MS, storeTimeMs: NOON_MS + 300_000 }],
    ['nothing', {}, {}],
    ['a change in the future', { date: NOON, 'last-modified': LATER }, { storeTimeMs: NOON_MS }],
    [
      'the date of a reproducible build',
      { date: NOON, 'last-modified': 'Thu, 01 Jan 1970 00:00:01 GMT' },
      { storeTimeMs: NOON_MS },
    ],
    [
      'an answer out of a cache',
      { date: LATER, 'last-modified': NOON, age: '30' },
      { publishedAtMs: NOON_MS, ageMs: 30_000 },
    ],
    ['a cache that has just looked', { date: LATER, age: '0' }, { storeTimeMs: NOON_MS + 300_000 }],
    ['obsolete and broken dates', { date: 'Thursday, 01-Jan-26 12:00:00 GMT', 'last-modified': '2026-01-01' }, {}],
    ['a day that does not exist', { date: 'Thu, 41 Jan 2026 12:00:00 GMT' }, {}],
  ])('with %s', (_what, headers, times) => {
    expect(readingTimes(new Headers(headers as Record<string, string>))).toEqual(times);
  });
});

describe('retryAfterMs', () => {
  it.each([
    ['30', 30_000],
    ['0', 0],
    [LATER, 300_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
    ['-1', undefined],
    ['1e3', undefined],
    ['', undefined],
    ['99999999999', undefined],
  ])('of %j', (value, ms) => {
    expect(retryAfterMs(new Headers({ 'retry-after': value }), NOON_MS)).toBe(ms);
  });

  it("reads a date by the server's clock, not by ours", () => {
    expect(retryAfterMs(new Headers({ 'retry-after': LATER, date: NOON }), NOON_MS + 999_999)).toBe(300_000);
  });
});
