// `npm run bench -- evaluation`, `npm run size`: builds what is measured, and measures it.
import { run, TaskFailed, turbo } from './run.mjs';

/**
 * Standard output is the benchmark's alone, so that `--json` can be read by a program.
 *
 * @param {string[]} args
 * @param {string} packages
 */
export async function bench(args, packages) {
  const build = await run(...turbo('build', packages), { quiet: true });
  if (build.code !== 0) {
    console.error(build.output);
    throw new TaskFailed('The packages do not build; the lines above say where.');
  }
  return (await run('node', ['bench/src/main.ts', ...args])).code;
}
