import { describe, expect, it } from 'vitest';
import { mentionedPaths } from '../paths/mentioned.mjs';

const paths = (markdown: string, options?: { loose: boolean }) =>
  mentionedPaths(markdown, options).map(({ path, from }) => [from, path]);

describe('the paths that a document mentions', () => {
  it('are rooted ones in backticks, without line numbers and punctuation', () => {
    expect(paths('See `packages/core/src/a.ts:12`, `./docs/` and `ARCHITECTURE.md`.')).toEqual([
      ['root', 'packages/core/src/a.ts'],
      ['root', 'docs/'],
      ['root', 'ARCHITECTURE.md'],
    ]);
  });

  it('are the targets of links, without anchors, from the document on', () => {
    expect(paths('[a](../x.md#part) [b](https://example.com/y) [c](#here)')).toEqual([['document', '../x.md']]);
  });

  it('are the files in commands of fenced blocks', () => {
    expect(paths('```sh\nnode examples/express-server/main.ts --port 1\nls packages\n```')).toEqual([
      ['root', 'examples/express-server/main.ts'],
    ]);
  });

  it('are not patterns, placeholders, built files, or the readers own files', () => {
    expect(paths('`packages/*/src` `packages/<name>` `packages/core/dist/index.js` `src/app.ts` `flags.json`')).toEqual(
      [],
    );
  });

  it('are short ones too where the document describes our own sources', () => {
    expect(paths('`refresh/breaker.ts` and `a/b`', { loose: true })).toEqual([['anywhere', 'refresh/breaker.ts']]);
  });

  it('carry their line', () => {
    expect(mentionedPaths('\n\n`tests/live`')).toEqual([{ path: 'tests/live', line: 3, from: 'root' }]);
  });
});
