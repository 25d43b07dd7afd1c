// Starts programs for the tasks: with the repository's tools first on PATH, signals handed on, and a sentence when one
// is missing.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const windows = process.platform === 'win32';
/** @type {{ packageManager: string }} */
export const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const env = {
  ...process.env,
  PATH: join(root, 'node_modules', '.bin') + delimiter + (process.env.PATH ?? ''),
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/** A task that cannot go on. The message says what to do; it is printed without a stack. */
export class TaskFailed extends Error {}

/** Whether a program is there and answers. @param {string} command @param {string[]} args */
export function answers(command, ...args) {
  return spawnSync(command, args, { env, stdio: 'ignore', shell: windows }).status === 0;
}

/**
 * Runs a program to its end, in the repository's root unless `cwd` says otherwise, and resolves to its exit code.
 * `quiet` keeps its output back, to be read from `output`. Interrupts reach the program first, so that it can close
 * what it holds.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd ?? root,
      env: { ...env, ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: windows,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text;
      });
    }
    /** @param {NodeJS.Signals} signal */
    const handOn = (signal) => void child.kill(signal);
    process.on('SIGINT', handOn).on('SIGTERM', handOn);
    const settle = () => process.off('SIGINT', handOn).off('SIGTERM', handOn);
    child.once('error', (error) => {
      settle();
      reject(new TaskFailed(missing(command, error)));
    });
    child.once('close', (code, signal) => {
      settle();
      resolve({ code: code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1), output });
    });
  });
}

/** pnpm in the version that package.json names, fetched by npx when it is not there yet. @param {string[]} args */
export const pnpm = (...args) => /** @type {const} */ (['npx', ['--yes', '--prefer-offline', packageManager, ...args]]);

/** turbo, which itself needs pnpm on its PATH. @param {string[]} args */
export const turbo = (...args) => pnpm('exec', 'turbo', 'run', ...args, '--output-logs=errors-only');

/** @param {string} command @param {Error} error */
function missing(command, error) {
  if ('code' in error && error.code === 'ENOENT') {
    return command === 'npx'
      ? 'npx was not found. It comes with npm: install npm (the Node installers include it) and run the command again.'
      : `${command} was not found. Run \`npm run build\` once, which installs the tools, and try again.`;
  }
  return `${command} could not be started: ${error.message}`;
}
