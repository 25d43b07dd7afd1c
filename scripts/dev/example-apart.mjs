// An example that this workspace does not install, since what it stands on is large: it is started in a copy, with the
// packages as tarballs, as a user has it.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosenPort } from './chosen-port.mjs';
import { exampleCommand } from './example-command.mjs';
import { pnpm, root, run, TaskFailed, turbo } from './run.mjs';

/** Their names, by pnpm-workspace.yaml. */
export function examplesApart() {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  return [...workspace.matchAll(/^ {2}- '!examples\/([\w-]+)'$/gm)].map(([, name = '']) => name);
}

/**
 * The folders of our packages that an example asks for, and of those that they ask for.
 *
 * @param {string} name
 */
export function packagesOf(name) {
  const folders = new Map(
    readdirSync(join(root, 'packages')).map((folder) => [manifestIn(`packages/${folder}`).name, `packages/${folder}`]),
  );
  const found = new Set([`examples/${name}`]);
  for (const folder of found) {
    for (const dependency of Object.keys(manifestIn(folder).dependencies ?? {})) {
      const other = folders.get(dependency);
      if (other !== undefined) found.add(other);
    }
  }
  return [...found].slice(1).toSorted();
}

/** @param {string} name @param {readonly string[]} args */
export async function startApart(name, args) {
  const place = mkdtempSync(join(tmpdir(), 'clarity-example-'));
  const copy = join(place, name);
  try {
    console.log(`Building the packages; installing and building ${name} in ${copy} …`);
    const filters = packagesOf(name).map((folder) => `--filter=./${folder}`);
    await quietly(...turbo('build', ...filters));
    await quietly(...pnpm('--recursive', ...filters, 'pack', '--pack-destination', join(place, 'packed')));
    cpSync(join(root, 'examples', name), copy, { recursive: true });
    const manifest = join(copy, 'package.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll('"workspace:*"', '"*"'));
    const tarballs = readdirSync(join(place, 'packed')).map((file) => join(place, 'packed', file));
    await quietly('npm', ['--prefix', copy, 'install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs]);
    await quietly('npm', ['--prefix', copy, 'run', 'build']);
    // Not by npm, which ends before what it started does.
    const [command, ...given] = exampleCommand(name, process.env);
    // Its own file of flags is the one to edit, not the copy's.
    const { FEATURE_FLAG_STORE_URL = join(root, 'examples', name, 'flags.json') } = process.env;
    const { code } = await run(join(copy, 'node_modules', '.bin', command), [...given, ...args], {
      cwd: copy,
      env: { FEATURE_FLAG_STORE_URL, ...(await chosenPort(`example -- ${name}`)) },
    });
    // 130 and 143 are how Next ends when it is interrupted.
    if (![0, 130, 143].includes(code))
      throw new TaskFailed(`The example stopped with exit code ${code}; its own lines above say why.`);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  return 0;
}

/** @param {string} command @param {readonly string[]} args */
async function quietly(command, args) {
  const { code, output } = await run(command, args, { quiet: true });
  if (code === 0) return;
  console.error(output);
  throw new TaskFailed('The example could not be prepared; the lines above say why.');
}

/**
 * @param {string} folder
 * @returns {{ name: string, dependencies?: Record<string, string> }}
 */
function manifestIn(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
