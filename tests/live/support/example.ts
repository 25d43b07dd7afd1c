// An example of the repository, started as `npm run example` starts it once the packages are built.
import { fileURLToPath } from 'node:url';
import { exampleCommand } from '../../../scripts/dev/example-command.mjs';
import { installedRuntime } from './installed-runtime.ts';
import { type Program, startCommand } from './program.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export function exampleFolder(name: string): string {
  return here(`../../../examples/${name}`);
}

/** Starts an example on a free port of this machine. */
export async function startExample(name: string, variables: Readonly<Record<string, string>>): Promise<Program> {
  const cwd = exampleFolder(name);
  const [command, ...args] = exampleCommand(name, variables);
  const runtime = command === 'bun' || command === 'deno' ? await installedRuntime(command) : process.execPath;
  return startCommand([runtime, ...args], {
    cwd,
    env: {
      // As `npm run example` has it: from the example's folder, for Bun splits it at spaces, and the repository's may
      // have one.
      BUN_OPTIONS: '--tsconfig-override=../../tests/runtimes/bun.tsconfig.json',
      HOST: '127.0.0.1',
      PORT: '0',
      ...variables,
    },
  });
}

/** The address that an example prints when it is ready. */
export async function addressOf(program: Program): Promise<string> {
  const [, address = ''] = await program.says(/(http:\/\/127\.0\.0\.1:\d+)\//);
  return address;
}
