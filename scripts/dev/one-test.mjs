// `npm run test:one -- <file>`: one file of tests within seconds. Builds only where the tests run what is built.
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { filesUnder } from '../files.mjs';
import { importsOf } from '../arrows/imports.mjs';
import { root, run, TaskFailed, turbo } from './run.mjs';

/** Tests of what users install. */
const built = /^tests\/(?:runtimes|tarballs|hosts)\//;
/** What a test says that starts a program of ours, which finds the packages by name and so what is built of them. */
const startsProgram = /\.mjs['"`]|\bstartProgram\(|\bexampleFolder\(|\bprocess\.execPath\b|\bdist\//;

/** @param {readonly string[]} args */
export async function oneTest([asked, ...args]) {
  const file = fileNamed(asked);
  if (needsBuild(file)) {
    console.log('It runs what is built: building what has changed …');
    const { code, output } = await run(...turbo('build'), { quiet: true });
    if (code !== 0) {
      console.error(output);
      throw new TaskFailed('The packages do not build; the lines above say where.');
    }
  }
  return (await run('vitest', ['run', file, ...args])).code;
}

/** The one file of tests that is asked for, by its path or by any part of it. @param {string | undefined} asked */
export function fileNamed(asked) {
  if (asked === undefined || asked.startsWith('-')) {
    throw new TaskFailed('Name a file of tests, or a part of its path: npm run test:one -- breaker.test.ts');
  }
  const path = asked.replaceAll('\\', '/').replace(/^\.\//, '');
  const tests = ['packages', 'tests', 'scripts', 'examples']
    .flatMap((folder) => filesUnder(root, folder))
    .filter((one) => one.endsWith('.test.ts'));
  const whole = tests.filter((one) => `/${one}`.endsWith(`/${path}`));
  const [found, ...others] = whole.length > 0 ? whole : tests.filter((one) => one.includes(path));
  if (found === undefined) throw new TaskFailed(`There is no file of tests with ${JSON.stringify(asked)} in its path.`);
  if (others.length === 0) return found;
  throw new TaskFailed(
    `Several files have ${JSON.stringify(asked)} in their path:\n  ${[found, ...others].join('\n  ')}`,
  );
}

/** Whether a file of tests, or a file that it imports by path, runs what is built. @param {string} file */
export function needsBuild(file) {
  const waiting = [file];
  for (const one of waiting) {
    if (built.test(one)) return true;
    if (!/^(?:tests|examples)\//.test(one)) continue;
    const text = readFileSync(join(root, one), 'utf8');
    if (startsProgram.test(text)) return true;
    for (const { specifier } of importsOf(one, text)) {
      const path = posix.join(posix.dirname(one), specifier);
      if (specifier.startsWith('.') && !waiting.includes(path) && existsSync(join(root, path))) waiting.push(path);
    }
  }
  return false;
}
