// The tasks by name, as package.json calls them.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bench } from './bench.mjs';
import { demo } from './demo.mjs';
import { drill } from './drills.mjs';
import { example } from './example.mjs';
import { faults } from './faults.mjs';
import { gate } from './gate.mjs';
import { install, installed } from './install.mjs';
import { pnpm, root, run, TaskFailed, turbo } from './run.mjs';
import { provideSystemPrograms } from './system-programs.mjs';
import { writeSboms } from '../release/sbom.mjs';

/**
 * Each resolves to an exit code, or to nothing for 0.
 *
 * @type {Record<string, (args: string[]) => Promise<number | void>>}
 */
const tasks = {
  async demo(args) {
    await install();
    return demo(args);
  },
  async example(args) {
    await install();
    return example(args);
  },
  test: (args) => test(args),
  'test-all': (args) => test(args, { TEST_SIZE: 'full' }),
  async 'test-one'(args) {
    // Asking pnpm costs as long as most files of tests.
    if (!installed()) await install();
    // It reads imports with a package: nothing that a bare clone lacks may be loaded before `install`.
    const { oneTest } = await import('./one-test.mjs');
    return oneTest(args);
  },
  async mutate(args) {
    if (!installed()) await install();
    return (await run('node', ['scripts/mutate/mutate.ts', ...args])).code;
  },
  async drill(args) {
    await install();
    return drill(args);
  },
  async check() {
    await install();
    const failed = await gate();
    if (failed.length > 0) throw new TaskFailed(`The gate is closed by: ${failed.join(', ')}.`);
    console.log('The gate is open.');
  },
  async build() {
    await install();
    return (await run(...turbo('build'))).code;
  },
  async bench(args) {
    await install();
    return bench(args, '--filter=@clarity/bench^...');
  },
  async size(args) {
    await install();
    return bench(['size', ...args], '--filter=./packages/*');
  },
  async coverage(args) {
    await install();
    return (await run('vitest', ['run', '--project', 'unit', '--coverage', ...args])).code;
  },
  async fault(ids) {
    await install();
    return faults(ids);
  },
  async format() {
    await install();
    const { code } = await run('node', ['scripts/check-faults.mjs', '--write']);
    return (await run('oxfmt', [])).code || code;
  },
  async simulate(args) {
    await install();
    const program = args.includes('--mutations') ? 'mutations.ts' : 'cli.ts';
    return (
      await run('node', ['--import', './tests/simulation/src/sources.mjs', `tests/simulation/${program}`, ...args])
    ).code;
  },
  async fuzz(args) {
    await install();
    return (await run('node', ['packages/core/test/evaluation/fuzz-cli.ts', ...args])).code;
  },
  async watch([name, ...args]) {
    const packages = readdirSync(join(root, 'packages'));
    if (name === undefined || !packages.includes(name)) {
      throw new TaskFailed(`Name a package: npm run test:watch -- ${packages.join(' | ')}`);
    }
    await install();
    return (await run('vitest', ['watch', `packages/${name}/`, ...args])).code;
  },
  async pack(args) {
    await install();
    await buildAnew();
    return (await run('node', ['scripts/release/pack.mjs', ...args])).code;
  },
  async 'release-dry'(args) {
    await install();
    await buildAnew();
    return (await run('node', ['scripts/release/dry.mjs', ...args])).code;
  },
  async 'release-version'() {
    await install();
    // changesets brings the lockfile up to date with the pnpm that is on its PATH.
    return (await run(...pnpm('exec', 'changeset', 'version'))).code;
  },
  async 'release-publish'() {
    await install();
    await buildAnew();
    const { code } = await run('node', ['scripts/release/dry.mjs', '--strict']);
    if (code !== 0) throw new TaskFailed('Nothing was published; the lines above say why.');
    writeSboms(root);
    // It publishes with that pnpm, too.
    return (await run(...pnpm('exec', 'changeset', 'publish'))).code;
  },
};

/** The gate and all tests. @param {readonly string[]} args @param {Record<string, string>} [env] */
async function test(args, env = {}) {
  console.log(
    'npm test: packages into node_modules and, when absent, redis-server, Postgres, PgBouncer, Chromium, Prometheus, nginx and HAProxy from the system’s packages;',
  );
  console.log('then build, types, lint and all tests, on real servers and every runtime. It takes about ten minutes.');
  await install();
  await provideSystemPrograms();
  const failed = await gate();
  return (await run('vitest', ['run', ...args], { env: { CLARITY_GATE_FAILED: failed.join(', '), ...env } })).code;
}

/**
 * From nothing: what turbo restores from its cache is laid over what an earlier build left, and that would be packed,
 * too.
 */
async function buildAnew() {
  const { code, output } = await run(...turbo('build', '--force'), { quiet: true });
  if (code === 0) return;
  console.error(output);
  throw new TaskFailed('The packages do not build; the lines above say where.');
}

/**
 * Runs one task and resolves to the exit code of this process.
 *
 * @param {string | undefined} name
 * @param {string[]} args
 */
export async function runTask(name, args) {
  const task = name !== undefined && Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (task === undefined) {
    console.error(`Tasks: ${Object.keys(tasks).join(', ')}`);
    return 2;
  }
  try {
    return (await task(args)) ?? 0;
  } catch (error) {
    if (!(error instanceof TaskFailed)) throw error;
    console.error(error.message);
    return 1;
  }
}
