import { describe, expect, it } from 'vitest';
import { fileNamed, needsBuild } from '../dev/one-test.mjs';

describe('the one file of tests', () => {
  it('is found by its path, or by a part that no other has', () => {
    const path = 'scripts/test/one-test.test.ts';
    expect([path, `./${path}`, 'one-test', 'test\\one-test.test.ts'].map(fileNamed)).toEqual([path, path, path, path]);
    // And not packages/upstash/test/bundle-size.test.ts.
    expect(fileNamed('size.test.ts')).toBe('scripts/test/size.test.ts');
  });

  it('is not guessed', () => {
    expect(() => fileNamed('no-such-test')).toThrow('There is no file of tests with "no-such-test" in its path.');
    expect(() => fileNamed('.live.test.ts')).toThrow(/Several files .*\n {2}packages\//);
    for (const nothing of [undefined, '--watch']) expect(() => fileNamed(nothing)).toThrow('Name a file of tests');
  });

  it.each([
    ['packages/core/test/document/decode.test.ts', false],
    ['scripts/test/one-test.test.ts', false],
    ['tests/simulation/simulation.test.ts', false],
    ['tests/live/redis/random-kills.live.test.ts', false],
    // By a program that it starts, by one that its harness starts, and by where it stands.
    ['tests/live/http-cluster.live.test.ts', true],
    ['tests/live/express.live.test.ts', true],
    ['tests/runtimes/test/sizes.test.ts', true],
  ])('%s is built for: %s', (file, expected) => {
    expect(needsBuild(file)).toBe(expected);
  });
});
