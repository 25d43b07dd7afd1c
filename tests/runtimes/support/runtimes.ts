// The runtimes of the matrix that run a file from the command line, each from this package's own node_modules.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { installedRuntime } from '../../live/support/installed-runtime.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const modules = join(here, 'node_modules');

/** What a program did. `code` is null when it was killed, as it is when it does not end within its time. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Runtime {
  readonly name: string;
  /** The program itself, by its path. */
  readonly command: string;
  /**
   * Runs a JavaScript file, named from tests/runtimes or by its whole path, and waits until the process ends by itself.
   */
  readonly run: (file: string, ...args: string[]) => Promise<Ending>;
  /** Starts one that is not to end by itself. It is killed when it takes too long. */
  readonly start: (file: string, ...args: string[]) => RunningProgram;
}

export type RunningProgram = ChildProcessByStdio<null, Readable, Readable>;

const endsWithinMs = 50_000;

/** pnpm's commands set NODE_PATH, which Bun obeys: a package that a program lacks would be found in this workspace. */
const { NODE_PATH: _workspace, ...env } = process.env;

function runtime(name: string, command: string, ...before: string[]): Runtime {
  const start: Runtime['start'] = (file, ...args) =>
    spawn(command, [...before, file, ...args], {
      cwd: isAbsolute(file) ? dirname(file) : here,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: endsWithinMs,
      killSignal: 'SIGKILL',
    });
  return { name, command, start, run: (file, ...args) => ending(start(file, ...args)) };
}

function ending(child: RunningProgram): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The Nodes that package.json carries for this platform; elsewhere the one that runs the tests. */
function nodes(): readonly Runtime[] {
  const carried = readdirSync(modules)
    .map((dir) => ({ dir, major: /^node-(\d+)-/.exec(dir)?.[1] }))
    .filter(({ dir, major }) => major !== undefined && existsSync(join(modules, dir, 'bin/node')))
    .map(({ dir, major }) => runtime(`Node ${major}`, join(modules, dir, 'bin/node')));
  return carried.length > 0 ? carried : [runtime(`Node ${process.versions.node}`, process.execPath)];
}

export const runtimes: readonly Runtime[] = [
  ...nodes(),
  // Bun obeys the "paths" of every tsconfig.json in the workspace, which lead to sources; a user's project has none.
  // The program itself, for pnpm's command beside it sets NODE_PATH.
  runtime('Bun', join(modules, 'bun/bin/bun.exe'), 'run', `--tsconfig-override=${join(here, 'bun.tsconfig.json')}`),
  runtime(
    'Deno',
    // The program itself: npm's command is only its parent, and what is stopped through that lives on.
    await installedRuntime('deno'),
    'run',
    '--node-modules-dir=manual',
    '--cached-only',
    '--no-lock',
    '--allow-all',
  ),
];
