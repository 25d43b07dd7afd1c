// The tests as they always run, but for what CHANGE says of the sources: one change to one file, or marks that tell
// which changes a file of tests could notice at all. The files themselves stay as they are.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import config from '../../vitest.config.ts';
import { marked, mutated, type Mutation } from './mutations.mjs';

type Change =
  | { readonly kind: 'mutant'; readonly file: string; readonly mutation: Mutation }
  | { readonly kind: 'marks'; readonly marks: Readonly<Record<string, readonly (Mutation & { id: number })[]>> };

const root = fileURLToPath(new URL('../..', import.meta.url));

const overlay: Plugin = {
  name: 'change',
  enforce: 'pre',
  load(id) {
    const path = id.split('?')[0] ?? '';
    // Read each time: one process makes many changes, one after another.
    const given = process.env['CHANGE'];
    if (given === undefined || !path.startsWith(root)) return null;
    const file = relative(root, path);
    const change = JSON.parse(readFileSync(given, 'utf8')) as Change;
    if (change.kind === 'mutant') {
      return change.file === file ? mutated(readFileSync(path, 'utf8'), change.mutation) : null;
    }
    const marks = change.marks[file];
    return marks === undefined ? null : marked(readFileSync(path, 'utf8'), marks);
  },
};

/** The order in which they are named: the likeliest to notice a change come first. */
class AsNamed extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files);
  }
}

/** Without a change nothing is endless, and a slow machine is no reason to leave tests out. */
const patient = process.env['PATIENT'] === undefined ? {} : { testTimeout: 300_000, hookTimeout: 300_000 };

const { test, ...rest } = config;
export default {
  ...rest,
  test: {
    ...test,
    reporters: [],
    // It knows modules by their files, and so would serve the change of one run to the next.
    fsModuleCache: false,
    sequence: { sequencer: AsNamed },
    projects: test?.projects?.map((project) =>
      typeof project === 'object' && !(project instanceof Promise)
        ? {
            ...project,
            plugins: [overlay],
            test: {
              ...project.test,
              ...patient,
              fsModuleCache: false,
              setupFiles: ['scripts/mutate/note-reached.ts'],
              // All that is asked together runs in the order in which it is named.
              sequence: { groupOrder: 0 },
            },
          }
        : project,
    ),
  },
};
