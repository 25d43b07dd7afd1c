// The tests as they always run, but for one change to one source file, which MUTANT names. The file itself stays as it
// is.
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vitest/config';
import config from '../../vitest.config.ts';
import { mutated } from './mutations.mjs';

interface Mutant {
  /** Absolute. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly after: string;
}

const given = process.env['MUTANT'];
const mutant = given === undefined ? undefined : (JSON.parse(given) as Mutant);

const overlay: Plugin = {
  name: 'mutant',
  enforce: 'pre',
  load(id) {
    if (mutant === undefined || id.split('?')[0] !== mutant.path) return null;
    return mutated(readFileSync(mutant.path, 'utf8'), mutant);
  },
};

const { test, ...rest } = config;
export default {
  ...rest,
  test: {
    ...test,
    reporters: [],
    // It knows modules by their files, and so would serve the change of one run to the next.
    fsModuleCache: false,
    projects: test?.projects?.map((project) =>
      typeof project === 'object' && !(project instanceof Promise)
        ? { ...project, plugins: [overlay], test: { ...project.test, fsModuleCache: false } }
        : project,
    ),
  },
};
