import { expect, it } from 'vitest';
import * as files from '../src/index.ts';
import * as none from '../src/no-file-system.ts';

const calls = Object.entries(none).filter(([, value]) => typeof value === 'function');

it.each(calls)('without a file system %s says so when it is called, and what to use instead', (name, call) => {
  expect(call).toThrow(`${name} needs a file system, which this runtime does not have. Use @clarity/flags-fetch`);
});

it('without a file system there is every function that there is with one', () => {
  const functions = Object.entries(files).filter(([, value]) => typeof value === 'function');
  expect(calls.map(([name]) => name).toSorted()).toEqual(functions.map(([name]) => name).toSorted());
});
