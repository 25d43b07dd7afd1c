import { afterEach, expect, it, vi } from 'vitest';
import { backoffMs } from '../../src/adapter-kit/backoff.ts';

const BACKOFF = { firstMs: 250, longestMs: 60_000 };

afterEach(() => void vi.restoreAllMocks());

it.each([
  ['the half', 0, 0.5],
  ['the whole', 1, 1],
])('doubles from failure to failure up to its longest, and is %s of that by chance', (_, random, share) => {
  vi.spyOn(Math, 'random').mockReturnValue(random);
  const delays = Array.from({ length: 12 }, (_, failures) => backoffMs(failures + 1, BACKOFF) / share);
  expect(delays[0]).toBe(250);
  for (const [index, delay] of delays.entries()) expect(delay).toBe(Math.min(60_000, 250 * 2 ** index));
  expect(backoffMs(1_000, BACKOFF)).toBe(60_000 * share);
});
