import { expect, it } from 'vitest';
import { Cleanup } from '../src/cleanup.ts';

it('what has settled is waited for no more, and what is under way is, however it ends', async () => {
  const cleanup = new Cleanup();
  expect(await cleanup.track(Promise.resolve(7))).toBe(7);
  await expect(cleanup.track(Promise.reject(new Error('no')))).rejects.toThrow('no');
  await cleanup.settled();
  let fail = (_reason: Error): void => {};
  const hanging = cleanup.track(new Promise((_resolve, reject) => void (fail = reject)));
  hanging.catch(() => undefined);
  let settled = false;
  const waiting = cleanup.settled().then(() => void (settled = true));
  for (let turns = 0; turns < 10; turns++) await Promise.resolve();
  expect(settled).toBe(false);
  fail(new Error('late'));
  await waiting;
  expect(settled).toBe(true);
});
