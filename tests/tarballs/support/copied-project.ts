// A project of tests/tarballs/projects, copied out of this workspace and installed there as its owner would.
import { cpSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runIn } from '../../../scripts/release/run-in.mjs';
import type { PackedPackages } from './packed-packages.ts';
import type { PackageManager } from './package-managers.ts';

const projects = fileURLToPath(new URL('../projects', import.meta.url));

export interface CopiedProject {
  readonly folder: string;
  readonly installedInS: number;
  readonly read: (file: string) => Promise<string>;
  /** Runs a program in it, and resolves to what that wrote; rejects with it where it fails. */
  readonly run: (command: string, ...args: readonly string[]) => Promise<string>;
}

/** @param name of a folder in `projects`; the program of `modules` is the one that install.test.ts installs */
export async function copyProject(
  name: string,
  manager: PackageManager,
  { folder: place, registry }: PackedPackages,
): Promise<CopiedProject> {
  const folder = join(place, `${name}-by-${manager.name}`);
  cpSync(join(projects, name), folder, { recursive: true });
  if (name === 'modules') cpSync(join(projects, '../project/main.ts'), join(folder, 'main.ts'));
  for (const [file, text] of Object.entries(manager.settings(registry.url))) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, 'flags.json'), '{"schemaVersion":1,"flags":{"new_checkout":{"status":"enabled"}}}');
  const startedMs = performance.now();
  await manager.install(folder, join(place, 'caches'));
  const installedInS = Math.round(performance.now() - startedMs) / 1000;
  const env = { ...process.env };
  // What runs the tests sets it, and tools would find this workspace's packages by it.
  delete env['NODE_PATH'];
  return {
    folder,
    installedInS,
    read: (file) => readFile(join(folder, file), 'utf8'),
    run: (command, ...args) => runIn(folder, command, args, { env }),
  };
}

/** Compiles one of the projects by its own TypeScript, strictly, the declarations of packages too. */
export function compilerOptions(options: object): string {
  const strict = { strict: true, target: 'es2022', skipLibCheck: false, types: ['node'], rootDir: '.' };
  return JSON.stringify({ compilerOptions: { ...strict, ...options } }, null, 2);
}

/** What Jest counts, in the project as it is. */
export async function testedByJest(project: CopiedProject, node: string): Promise<unknown> {
  const outside = ['--testPathIgnorePatterns', 'dist'];
  return JSON.parse(await project.run(node, 'node_modules/jest/bin/jest.js', '--ci', '--json', ...outside));
}
