import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../docs/decisions/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');
const pages = readdirSync(folder)
  .filter((file) => /^\d{4}-.*\.md$/.test(file))
  .toSorted();
const rows = read('README.md')
  .split('\n')
  .filter((line) => /^\| +\d/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** Days that are there, as ISO 8601 writes them. */
const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

describe('the decisions', () => {
  it('have each a number of its own, from 1 on, the same in the name of the file and in the title', () => {
    const numbers = pages.map((page) => [Number(page.slice(0, 4)), Number(/^# (\d+)\. /.exec(read(page))?.[1])]);
    expect(numbers, 'take the next free number').toEqual(pages.map((_, index) => [index + 1, index + 1]));
  });

  it('stand in the index, in their order, with the titles that they have', () => {
    const titles = pages.map((page) => {
      const [, number, title] = /^# (\d+)\. (.*)/.exec(read(page)) ?? [];
      return [number, `[${title}](${page})`];
    });
    expect(rows.map(([number, link]) => [number, link])).toEqual(titles);
  });

  it('have a date in the index, and none was changed before it was taken', () => {
    const wrong = rows.filter(
      ([, , taken = '', changed = '']) => !isDay(taken) || (changed !== '' && !(isDay(changed) && changed >= taken)),
    );
    expect(wrong).toEqual([]);
  });
});
