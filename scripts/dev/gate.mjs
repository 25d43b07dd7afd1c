// The one gate, `npm run check`: every step runs, so that one run shows all that there is to mend.
import { run, turbo } from './run.mjs';

/** @type {readonly (readonly [name: string, command: string, args: readonly string[]])[]} */
const steps = [
  ['build', ...turbo('build', '--continue')],
  ['types', ...turbo('typecheck', '//#typecheck', '--continue')],
  ['lint', 'oxlint', ['--type-aware']],
  ['arrows', 'node', ['scripts/check-arrows.mjs']],
  ['boundary of Effect', 'node', ['scripts/check-boundary.mjs']],
  ['format', 'oxfmt', ['--check']],
  ['comments', 'node', ['scripts/check-comments.mjs']],
  ['unused code', 'knip', ['--no-config-hints']],
  ['published shape', ...turbo('shape', '--continue')],
  ['documented paths', 'node', ['scripts/check-paths.mjs']],
  ['documented faults', 'node', ['scripts/check-faults.mjs']],
  ['lockfile', 'node', ['scripts/check-lockfile.mjs']],
  ['commit subjects', 'node', ['scripts/check-subjects.mjs']],
];

/** Runs all steps; resolves to the names of those that failed. Prints the output of those only. */
export async function gate() {
  const failed = [];
  for (const [name, command, args] of steps) {
    const started = performance.now();
    const { code, output } = await run(command, args, { quiet: true });
    const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name}, ${took}`);
    if (code === 0) continue;
    failed.push(name);
    console.log(output.trimEnd());
  }
  return failed;
}
