import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EXIT, type Outcome, UsageError } from '../outcome.ts';
import { shellWord } from '../shell-word.ts';
import type { Call } from '../verb.ts';
import type { ExampleName, InitOptions } from './init-choices.ts';

interface Manifest {
  name: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/** Copies an example into a folder, as a program of its own: with versions, and commands of npm. */
export async function copyExample(call: Call<InitOptions>, example: ExampleName): Promise<Outcome> {
  const [folder = example] = call.words;
  const { packageFolder } = call.around;
  if (existsSync(folder))
    throw new UsageError(`${folder} is there already, and was left alone; allowed is a folder that is not there yet`);
  const from = join(packageFolder, 'dist', 'examples', example);
  const ranges = rangesOf(JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as Manifest);
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1))
    .toSorted();
  try {
    for (const file of files) {
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      const text = await readFile(join(from, file), 'utf8');
      await writeFile(path, adapted(file, text, { example, folder, ranges }), { flag: 'wx' });
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UsageError(`${folder} cannot be written (${code}); allowed is a folder that can be written to`);
  }
  const commands = [`cd ${shellWord(folder)}`, 'npm install', 'npm start'];
  return {
    code: EXIT.ok,
    value: { written: folder, files, commands },
    lines: [
      { text: `wrote the example ${example} to ${folder}; its README.md says what to try`, tone: 'good' },
      { text: '' },
      { text: 'Start it:', tone: 'quiet' },
      { text: commands.map((command) => `  ${command}`).join('\n'), isBlock: true },
    ],
  };
}

/** The range of each package of ours that fits this version of the command line. */
function rangesOf({ dependencies, peerDependencies, devDependencies }: Manifest): Readonly<Record<string, string>> {
  return { ...devDependencies, ...peerDependencies, ...dependencies };
}

interface Copy {
  readonly example: ExampleName;
  readonly folder: string;
  readonly ranges: Readonly<Record<string, string>>;
}

function adapted(file: string, text: string, { example, folder, ranges }: Copy): string {
  if (file === 'package.json') {
    const manifest = JSON.parse(text) as Manifest;
    const name = basename(folder);
    manifest.name = /^[a-z0-9][a-z0-9._-]*$/.test(name) ? name : example;
    for (const asked of [manifest.dependencies, manifest.devDependencies])
      for (const [dependency, range] of Object.entries(asked ?? {}))
        if (asked && range.startsWith('workspace:')) asked[dependency] = ranges[dependency] ?? '*';
    return `${JSON.stringify(manifest, null, 2)}\n`;
  }
  // In the repository an example is started from the root.
  return text
    .replaceAll(`npm run example -- ${example}`, 'npm start')
    .replaceAll('npm run demo -- publish', 'npm run publish-flags')
    .replaceAll('npm run demo', 'npm start');
}
