import { expect, it } from 'vitest';
import { examplesApart, packagesOf } from '../dev/example-apart.mjs';
import { pathsOf } from '../dev/example.mjs';
import { root } from '../dev/run.mjs';

it('what Bun is told has no space of the folder that the repository lies in: it would split there', () => {
  const { BUN_OPTIONS: told } = pathsOf(`${root}examples/bun-server`);
  expect(told).toBe('--tsconfig-override=../../tests/runtimes/bun.tsconfig.json');
});

it('an example that the workspace leaves out is started with the packages that it stands on, and theirs', () => {
  expect(examplesApart()).toEqual(['next-app']);
  const found = packagesOf('next-app');
  expect(found).toEqual(expect.arrayContaining(['packages/core', 'packages/fetch', 'packages/http', 'packages/node']));
  // Which only others of them ask for.
  expect(found).toEqual(expect.arrayContaining(['packages/changes', 'packages/file']));
  expect(found).not.toContain('packages/testing');
});
