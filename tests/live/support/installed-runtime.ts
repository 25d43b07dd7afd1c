// Bun and Deno as the lockfile has them: the programs themselves, of which npm's commands are only parents. What a test
// stops through those lives on.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));

const askedForItself = {
  bun: ['-e', 'console.log(process.execPath)'],
  deno: ['eval', 'console.log(Deno.execPath())'],
} as const;

/** The path of the program. */
export async function installedRuntime(name: keyof typeof askedForItself): Promise<string> {
  const { stdout } = await run(join(modules, '.bin', name), askedForItself[name]);
  return stdout.trim();
}
