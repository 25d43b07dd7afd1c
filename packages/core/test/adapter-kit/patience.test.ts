import { expect, it } from 'vitest';
import { Patience } from '../../src/adapter-kit/patience.ts';

it('F94 waits its least for a server that was quick, and three times as long as one that was slow', () => {
  const patience = new Patience(1_000, 5_000);
  expect(patience.ms).toBe(1_000);
  patience.heard(100);
  expect(patience.ms).toBe(1_000);
  patience.heard(800);
  expect(patience.ms).toBe(2_400);
});

it('F94 remembers a slow reply over several quick ones, and forgets it in the end', () => {
  const patience = new Patience(100, 5_000);
  patience.heard(1_000);
  for (let reply = 0; reply < 3; reply += 1) patience.heard(5);
  expect(patience.ms).toBeGreaterThan(1_000);
  for (let reply = 0; reply < 30; reply += 1) patience.heard(5);
  expect(patience.ms).toBe(100);
});

it('F46 waits no longer than its most, even if more was measured', () => {
  const patience = new Patience(100, 5_000);
  patience.heard(30_000);
  expect(patience.ms).toBe(5_000);
  expect(new Patience(10_000, 5_000).ms).toBe(10_000);
});
