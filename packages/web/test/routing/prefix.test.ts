import { expect, it } from 'vitest';
import { checkedPrefix } from '../../src/index.ts';

it.each([
  ['', ''],
  ['/', ''],
  ['/a/b.c/~d-e_f', '/a/b.c/~d-e_f'],
  [`/${'a'.repeat(199)}`, `/${'a'.repeat(199)}`],
])('the prefix %j is put before paths as %j', (given, prefix) => {
  expect(checkedPrefix('prefix', given)).toBe(prefix);
});

it.each(['a', '/a/', '/a//b', '/..', '/{a}', '/a b', '/ä', `/${'a'.repeat(200)}`, 5, null])(
  'the prefix %j is refused by the name of its option',
  (given) => {
    expect(() => checkedPrefix('mount', given as string)).toThrow(/^mount is .*; allowed is ''/);
  },
);
