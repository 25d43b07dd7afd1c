// An example as a user gets it: copied out of the packed command line, installed by npm, and started.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runIn } from '../../../scripts/release/run-in.mjs';
import type { PackedPackages } from './packed-packages.ts';
import { packageManagerNamed } from './package-managers.ts';

const npm = packageManagerNamed('npm');

/** Resolves to the folder of the copy, in which everything is installed. */
export async function copyExample(name: string, packages: PackedPackages): Promise<string> {
  const home = join(packages.folder, 'home');
  if (!existsSync(home)) await installCommandLine(home, packages);
  const said = await runIn(home, 'node_modules/.bin/clarity-flags', ['init', '--example', name, '--json']);
  const { written } = JSON.parse(said) as { written: string };
  const folder = join(home, written);
  await install(folder, packages);
  return folder;
}

async function installCommandLine(home: string, packages: PackedPackages): Promise<void> {
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{"private":true,"dependencies":{"@clarity/flags-cli":"*"}}');
  await install(home, packages);
}

async function install(folder: string, { folder: caches, registry }: PackedPackages): Promise<void> {
  // npm looks for it in the folder of each project.
  for (const [file, text] of Object.entries(npm.settings(registry.url))) writeFileSync(join(folder, file), text);
  await npm.install(folder, caches);
}

export interface StartedExample {
  /** Where it says that it listens. */
  readonly address: string;
  /** What it has written until now. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts it by its own `npm start`, on a free port; resolves once it names its address. */
export async function startCopied(
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<StartedExample> {
  const env: NodeJS.ProcessEnv = { ...process.env, PORT: '0', ...variables };
  // What runs the tests sets them: a user has not.
  delete env['NODE_ENV'];
  delete env['NODE_PATH'];
  const program = spawn('npm', ['start'], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: program.stdout })
      .on('line', (line) => {
        output += `${line}\n`;
        const [, found] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      })
      .on('close', () => reject(new Error(`it ended:\n${output}`)));
  });
  return { address, output: () => output, stop: () => stopWithChildren(program) };
}

/** npm and what it started; npm alone would leave that behind. */
async function stopWithChildren(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.pid === undefined) return;
  const ended = once(program, 'exit');
  process.kill(-program.pid);
  await ended;
}
