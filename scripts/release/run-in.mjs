import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a program in a folder and resolves to what it wrote on standard output. `timeoutMs` of 0 is no limit.
 *
 * @param {string} folder @param {string} command @param {readonly string[]} args @param {{ env?: NodeJS.ProcessEnv,
 * timeoutMs?: number }} [options]
 * @returns {Promise<string>}
 * @throws Error with all that it wrote, when it fails
 */
export async function runIn(folder, command, args, { env = process.env, timeoutMs = 0 } = {}) {
  try {
    const { stdout } = await run(command, args, { cwd: folder, env, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
