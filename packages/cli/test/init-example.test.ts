// A program to begin with, copied.
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXAMPLES } from '../src/commands/init-choices.ts';
import { cli, folder } from './cli-run.ts';

const examples = fileURLToPath(new URL('../../../examples', import.meta.url));
const own = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as object;

const left = new Set(['node_modules', 'dist', '.turbo', '.next']);

function filesUnder(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !left.has(name))
    .flatMap((entry) => {
      const inside = join(path, entry.name);
      return entry.isDirectory() ? filesUnder(inside).map((file) => join(entry.name, file)) : [entry.name];
    })
    .toSorted();
}

/** This package as npm installs it: with the examples, and ranges in place of those of the workspace. */
let packageFolder: string;
beforeEach(async () => {
  packageFolder = join(folder, 'installed');
  await mkdir(packageFolder);
  cpSync(examples, join(packageFolder, 'dist/examples'), {
    recursive: true,
    filter: (path) => !left.has(basename(path)),
  });
  await writeFile(join(packageFolder, 'package.json'), JSON.stringify(own).replaceAll('workspace:^', '^1.2.0'));
});

describe('init --example', () => {
  it('knows every example', () => {
    const there = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'package.json')));
    expect([...EXAMPLES].toSorted()).toEqual(there.toSorted());
  });

  it.each(EXAMPLES)('copies %s as a program of its own', async (example) => {
    const path = join(folder, 'My shop');
    const { code, out } = await cli(['init', '--example', example, path], { packageFolder });
    expect(code).toBe(0);
    const { files, commands } = JSON.parse(out) as { files: readonly string[]; commands: readonly string[] };
    expect(files).toEqual(filesUnder(join(examples, example)));
    expect(filesUnder(path)).toEqual(files);
    expect(commands).toEqual([`cd '${path}'`, 'npm install', 'npm start']);
    const text = (await Promise.all(files.map((file) => readFile(join(path, file), 'utf8')))).join('');
    expect(text).not.toMatch(/workspace:|npm run (example|demo)/);
    const manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as {
      name: string;
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    // Names of packages have no capitals and no spaces.
    expect(manifest.name).toBe(example);
    const ours = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([name]) =>
      name.startsWith('@clarity/'),
    );
    expect(new Set(ours.map(([, range]) => range))).toEqual(new Set(['^1.2.0']));
  });

  it('names the package after the folder', async () => {
    const path = join(folder, 'shop');
    await cli(['init', '--example', 'hono', path], { packageFolder });
    expect(JSON.parse(await readFile(join(path, 'package.json'), 'utf8'))).toMatchObject({ name: 'shop' });
  });

  it('leaves a folder alone that is there already', async () => {
    expect(await cli(['init', '--example', 'hono', folder], { packageFolder })).toMatchObject({
      code: 2,
      err: expect.stringContaining('is there already, and was left alone; allowed is a folder that is not there yet'),
    });
  });

  it('refuses an example that is none, and an example beside a store', async () => {
    expect(await cli(['init', '--example', 'rails'], { packageFolder })).toMatchObject({
      code: 2,
      err: expect.stringContaining('--example is "rails"; allowed'),
    });
    expect(await cli(['init', '--example', 'hono', '--store', 'redis'], { packageFolder })).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be used with'),
    });
  });
});
