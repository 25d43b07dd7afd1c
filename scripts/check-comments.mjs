// Fails when a line of a comment has more than 120 columns, and says where.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LONGEST, longCommentLines } from './comments/long-lines.mjs';
import { filesUnder } from './files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = filesUnder(root).filter((file) => /\.(ts|tsx|mts|mjs|cjs|js)$/.test(file));

let long = 0;
for (const file of files) {
  for (const { line, columns } of longCommentLines(file, readFileSync(join(root, file), 'utf8'))) {
    long++;
    console.log(
      `${file}:${line} is a comment of ${columns} columns; allowed is ${LONGEST}. Break the line, or say it in fewer words.`,
    );
  }
}
console.log(
  long === 0
    ? `The comments of ${files.length} files have at most ${LONGEST} columns.`
    : `${long} lines of comments are too long.`,
);
process.exitCode = long === 0 ? 0 : 1;
