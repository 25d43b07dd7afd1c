// Asks tests about one change to a source file: runs them in a process of their own, which sees the change while the
// file stays as it is.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A change may make a loop that never ends. */
const LONGEST_MS = 180_000;

/**
 * @typedef {(
 *   { kind: 'passed' } | { kind: 'failed', file: string | undefined, test: string } | { kind: 'endless' }
 * )} Answer
 */

/**
 * @param {string} root
 * @param {readonly string[]} tests
 * @param {{ path: string, start: number, end: number, after: string } | undefined} mutant
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function ask(root, tests, mutant, signal) {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-mutant-'));
  const report = join(folder, 'report.json');
  try {
    const code = await vitest(
      root,
      [
        'run',
        '--root',
        root,
        '--config',
        'scripts/mutate/vitest.config.ts',
        '--bail=1',
        '--reporter=json',
        `--outputFile=${report}`,
        ...tests,
      ],
      mutant === undefined ? {} : { MUTANT: JSON.stringify(mutant) },
      signal,
    );
    if (code === undefined) return { kind: 'endless' };
    if (code === 0) return { kind: 'passed' };
    return { kind: 'failed', ...firstFailure(report, root) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The exit code, or nothing when it had to be ended.
 *
 * @param {string} root
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {AbortSignal} signal
 * @returns {Promise<number | undefined>}
 */
function vitest(root, args, env, signal) {
  return new Promise((resolve, reject) => {
    const program = join(root, 'node_modules/.bin/vitest');
    // A group of its own, so that workers and the servers that they started end with it.
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
    let ended = false;
    const end = () => {
      ended = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(end, LONGEST_MS);
    signal.addEventListener('abort', end);
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code) => {
      settle();
      resolve(ended ? undefined : (code ?? 1));
    });
  });
}

/** @param {string} report @param {string} root */
function firstFailure(report, root) {
  try {
    /**
     * @type {{ testResults: {
     *   name: string, status: string, assertionResults: { status: string, fullName: string }[]
     * }[] }}
     */
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    // The others were stopped when it failed, and count as failed, too.
    const fails = (/** @type {{ status: string }} */ { status }) => status === 'failed';
    const module = testResults.find((one) => one.assertionResults.some(fails)) ?? testResults.find(fails);
    const test = module?.assertionResults.find(fails)?.fullName ?? 'the file cannot be loaded';
    return { file: module?.name.replace(root, ''), test };
  } catch {
    return { file: undefined, test: 'the run broke down' };
  }
}
