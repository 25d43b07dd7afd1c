import { expect, it } from 'vitest';
import { spelledPath } from '../../src/routing/spelled-path.ts';

it.each([
  ['http://a.test/x/../y?z', '/x/../y'],
  ['https://a.test:8080/%2e/y', '/%2e/y'],
  ['HTTP://a.test/x#y', '/x#y'],
  ['/x/./y?a=/../b', '/x/./y'],
  ['http://a.test', ''],
  [String.raw`http://a.test\x`, String.raw`\x`],
  ['http://user@a.test/x', '@a.test/x'],
  ['foo://a.test/x', 'foo://a.test/x'],
  ['//a.test/x', '//a.test/x'],
])('F95 the path of %j is %j, as it was typed', (address, path) => {
  expect(spelledPath(address)).toBe(path);
});
