// What holds for each example, so that none is forgotten.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { filesUnder } from '../../../scripts/files.mjs';
import { exampleFolder } from '../support/example.ts';

const text = (path: string): string => readFileSync(path, 'utf8');
const names = readdirSync(exampleFolder('')).filter((name) => existsSync(`${exampleFolder(name)}/package.json`));
const front = text(fileURLToPath(new URL('../../../README.md', import.meta.url)));

describe.each(names)('the example %s', (name) => {
  it('is private, is started by one command, and says which', () => {
    const { private: hidden, scripts } = JSON.parse(text(`${exampleFolder(name)}/package.json`)) as {
      private: boolean;
      scripts: { start: string; typecheck: string };
    };
    expect(hidden).toBe(true);
    expect(scripts.start).toMatch(/^(node|bun|deno run|next) [^&|;]+$/);
    expect(scripts.typecheck).toBe('tsc --noEmit');
    expect(text(`${exampleFolder(name)}/README.md`)).toMatch(new RegExp(`npm run (example -- ${name}|demo)\\b`));
  });

  it('needs no file outside of its folder, so that it can be copied', () => {
    const files = filesUnder(exampleFolder(name));
    expect(files).toContain('tsconfig.json');
    expect(files.filter((file) => /['"(]\.\.\//.test(text(`${exampleFolder(name)}/${file}`)))).toEqual([]);
  });

  it('is shown at the front', () => {
    expect(front).toContain(`](examples/${name}/README.md)`);
  });
});
