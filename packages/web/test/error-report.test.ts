import { afterEach, expect, it, vi } from 'vitest';
import { safeErrorListener } from '../src/index.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('an error goes to the listener whole, and what that throws is ignored', () => {
  const onError = vi.fn<(error: unknown) => void>(() => {
    throw new Error('listener');
  });
  const error = new Error('x');
  safeErrorListener(onError)(error);
  expect(onError).toHaveBeenCalledExactlyOnceWith(error);
});

it('without a listener the name alone is printed, once a minute, with how many more there were', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  const report = safeErrorListener(undefined);
  for (let n = 0; n < 3; n += 1) report(new TypeError('secret'));
  report('text');
  vi.advanceTimersByTime(60_000);
  report(new TypeError('secret'));
  const said = (what: string) =>
    `[clarity-flags] an HTTP request could not be answered (${what}); pass onError to see the whole error`;
  expect(print.mock.calls).toEqual([
    [said('TypeError')],
    [said('string')],
    [said('TypeError, 2 more since it was last said')],
  ]);
});

it('each listener counts for itself', () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  for (let n = 0; n < 2; n += 1) safeErrorListener(undefined)(new Error('x'));
  expect(print).toHaveBeenCalledTimes(2);
});

it('twenty names are printed, and all others as one', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  const report = safeErrorListener(undefined);
  for (let n = 1; n <= 22; n += 1) report(Object.assign(new Error('x'), { name: `Error${n}` }));
  const names = print.mock.calls.map(([line]) => /\((.*)\)/.exec(String(line))?.[1]);
  expect(names).toEqual([...Array.from({ length: 20 }, (_, at) => `Error${at + 1}`), 'another error']);
});
