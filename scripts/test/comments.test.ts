import { describe, expect, it } from 'vitest';
import { longCommentLines } from '../comments/long-lines.mjs';

const LONG = 'word '.repeat(30).trim();
const WORD = `https://example.com/${'x'.repeat(120)}`;

const lines = (text: string) => longCommentLines('file.ts', text).map(({ line }) => line);

describe('long lines of comments', () => {
  it('are those of more than 120 columns, indentation included', () => {
    const fits = `  // ${'x '.repeat(57)}x`;
    expect(fits).toHaveLength(120);
    expect(lines(`{\n${fits}\n}`)).toEqual([]);
    expect(longCommentLines('file.ts', `{\n${fits}x\n}`)).toEqual([{ line: 2, columns: 121 }]);
  });

  it('are found in every kind of comment', () => {
    expect(lines(`// ${LONG}`)).toEqual([1]);
    expect(lines(`/** ${LONG} */\nconst a = 1;`)).toEqual([1]);
    expect(lines(`/**\n * short\n * ${LONG}\n */\nconst a = 1;`)).toEqual([3]);
    expect(lines(`/* one\n${LONG}\ntwo */`)).toEqual([2]);
    expect(lines(`const a = 1; // ${LONG}`)).toEqual([1]);
    expect(longCommentLines('file.mjs', `#!/usr/bin/env node\n// ${LONG}`)).toEqual([{ line: 2, columns: 152 }]);
  });

  it('are not texts that look like comments, nor code beside a comment', () => {
    expect(lines(`const a = '// ${LONG}';`)).toEqual([]);
    expect(lines(`const a = \`\n// ${LONG}\n * ${LONG}\`;`)).toEqual([]);
    expect(lines(`const a = f(/* an inner one */ '${LONG}');`)).toEqual([]);
  });

  it('are not single words, which cannot be broken', () => {
    expect(lines(`// ${WORD}`)).toEqual([]);
    expect(lines(`/**\n * ${WORD}\n */\nconst a = 1;`)).toEqual([]);
    expect(lines(`// see ${WORD}`)).toEqual([1]);
  });
});
