import { expect, it } from 'vitest';
import { pathsOf } from '../dev/example.mjs';
import { root } from '../dev/run.mjs';

it('what Bun is told has no space of the folder that the repository lies in: it would split there', () => {
  const { BUN_OPTIONS: told } = pathsOf(`${root}examples/bun-server`);
  expect(told).toBe('--tsconfig-override=../../tests/runtimes/bun.tsconfig.json');
});
