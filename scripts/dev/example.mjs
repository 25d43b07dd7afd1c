// `npm run example -- <name>`: builds what an example stands on, and runs its own start script in its folder.
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { chosenPort } from './chosen-port.mjs';
import { examplesApart, startApart } from './example-apart.mjs';
import { exampleCommand } from './example-command.mjs';
import { root, run, TaskFailed, turbo } from './run.mjs';

const folder = join(root, 'examples');

/** @param {readonly string[]} args */
export async function example([name, ...args]) {
  const names = readdirSync(folder).filter((one) => existsSync(join(folder, one, 'package.json')));
  if (name === undefined || !names.includes(name)) {
    throw new TaskFailed(`Name an example: npm run example -- ${names.join(' | ')}`);
  }
  if (examplesApart().includes(name)) return startApart(name, args);
  await buildFor(name);
  const cwd = join(folder, name);
  const [command, ...given] = exampleCommand(name, process.env);
  const { code } = await run(command, [...given, ...args], {
    cwd,
    env: { ...pathsOf(cwd), ...(await chosenPort(`example -- ${name}`)) },
  });
  if (code !== 0) throw new TaskFailed(`The example stopped with exit code ${code}; its own lines above say why.`);
  return 0;
}

/**
 * Builds the packages that an example and the stand-ins stand on, and the example itself where it is compiled.
 *
 * @param {string} name
 */
export async function buildFor(name) {
  console.log('Building the packages …');
  const build = await run(
    ...turbo('build', `--filter=@clarity/example-${name}...`, '--filter=@clarity/flags-stand-ins...'),
    { quiet: true },
  );
  if (build.code === 0) return;
  console.error(build.output);
  throw new TaskFailed(
    'The packages do not build; the lines above say where. `npm run check` shows everything that is wrong.',
  );
}

/** Variables by which an example finds its tools. @param {string} cwd */
export function pathsOf(cwd) {
  return {
    PATH: [join(cwd, 'node_modules', '.bin'), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(
      delimiter,
    ),
    // Bun obeys the "paths" of every tsconfig.json in the workspace, which lead to sources; a user's project has none.
    // It splits this at spaces, and the folder that the repository lies in may have one.
    BUN_OPTIONS: `--tsconfig-override=${relative(cwd, join(root, 'tests', 'runtimes', 'bun.tsconfig.json'))}`,
  };
}
