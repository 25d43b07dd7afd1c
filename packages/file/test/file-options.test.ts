import { describe, expect, it } from 'vitest';
import { fileCache, fileFeed, filePublisher, fileSource, fileStore } from '../src/index.ts';

describe.each(Object.entries({ fileSource, fileFeed, filePublisher, fileCache, fileStore }))('%s', (_name, make) => {
  it.each([undefined, null, 'flags.json'])('called with %j says what to give', (options) => {
    const attempt = (): unknown => make(options as never);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(/^options of a file store are .*; allowed is { path: 'flags.json' }$/);
  });

  it.each([{}, { path: null }, { path: 7 }, { path: '' }])('refuses the path in %j with what is allowed', (options) => {
    expect(() => make(options as never)).toThrow(/^path is .*; allowed is a path /);
  });

  it.each(['', 'x'.repeat(101), 5])('refuses the name %j with what is allowed', (name) => {
    expect(() => make({ path: 'flags.json', name } as never)).toThrow(
      /^name is .*; allowed is a text of 1 to 100 characters/,
    );
  });
});
