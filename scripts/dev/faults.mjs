// `npm run fault -- F12 F13`: the tests named after rows of the fault list, without loading the others.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from '../files.mjs';
import { root, run, TaskFailed } from './run.mjs';

/** @param {string[]} ids */
export async function faults(ids) {
  if (ids.length === 0 || ids.some((id) => !/^F\d+$/.test(id))) {
    throw new TaskFailed('Name one or more faults by number: npm run fault -- F12 F13. They stand in docs/faults.md.');
  }
  // Wherever in the full name: a test stands in describe blocks.
  const named = `(^|[^A-Za-z0-9])(${ids.join('|')})(?![0-9])`;
  const mentions = new RegExp(named);
  const mentioning = ['packages', 'tests', 'scripts']
    .flatMap((folder) => filesUnder(root, folder))
    .filter((file) => file.endsWith('.ts') && mentions.test(readFileSync(join(root, file), 'utf8')));
  const files = mentioning.filter((file) => file.endsWith('.test.ts'));
  // A contract suite is a function; the files that call it hold its tests.
  if (mentioning.some((file) => file.startsWith('packages/testing/src/'))) files.push('.contract.test.ts');
  if (files.length === 0)
    throw new TaskFailed(
      `No test is named after ${ids.join(' or ')}: docs/faults.md says what each number stands for.`,
    );
  const { code } = await run('vitest', ['run', '--testNamePattern', named, ...files]);
  return code;
}
