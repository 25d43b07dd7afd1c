// `npm run drill -- <name>`: one long run at full size, from a seed that nobody has used or from SEED. To add a drill,
// add a row.
import { run, TaskFailed } from './run.mjs';

/**
 * `commands` run one after another, all of them, with SEED and TEST_SIZE=full in their environment: a test that reads
 * `sized` and `runSeed` (scripts/drawn-tests.ts), or a program that takes its default seed from `runSeed`.
 *
 * @typedef {{ about: string, commands: readonly (readonly [command: string, ...args: string[]])[] }} Drill
 */

/** @param {string} file */
const test = (file) => /** @type {const} */ (['vitest', 'run', file]);

/** @type {Readonly<Record<string, Drill>>} */
export const drills = {
  simulation: {
    about: '10,000 histories of a misbehaving world with each driver',
    commands: ['effect', 'edge'].map((driver) => [
      'node',
      '--import',
      './tests/simulation/src/sources.mjs',
      'tests/simulation/cli.ts',
      '--driver',
      driver,
      '--histories',
      '10000',
    ]),
  },
  mutations: {
    about: 'each deliberate mistake in core is caught by an invariant of the simulation',
    commands: [['node', 'tests/simulation/mutations.ts']],
  },
  fuzz: {
    about: '1,000,000 pairs of a random document and a random context: evaluation never throws',
    commands: [['node', 'packages/core/test/evaluation/fuzz-cli.ts', '--pairs', '1000000']],
  },
  'one-rhythm': {
    about: '100,000 sequences of events: the ticks that are decided are the pauses of the Schedule for Effect programs',
    commands: [test('packages/core/test/effect/one-rhythm.test.ts')],
  },
  'random-kills': {
    about: '400 kills of Redis and its connections: no client is left stale',
    commands: [test('tests/live/redis/random-kills.live.test.ts')],
  },
  'lost-writes': {
    about: '100 crashes, 20 failovers that lose publications, 100 replicas that lag: no client is late or taken back',
    commands: [test('tests/live/redis/lost-writes-drill.live.test.ts')],
  },
  installs: {
    about:
      'the packages installed and run by every package manager, module format, resolution and framework, in pairs; the example of Next',
    commands: [test('tests/tarballs/test/commonjs.test.ts'), test('tests/tarballs/test/install-matrix.test.ts')],
  },
  'torn-documents': {
    about: '10,000 rounds of an SSM writer beside a reader: no torn document',
    commands: [test('tests/live/ssm/concurrent-writer.live.test.ts')],
  },
};

/** @param {readonly string[]} args */
export async function drill([name, ...rest]) {
  if (name === undefined || !Object.hasOwn(drills, name) || rest.length > 0) {
    const rows = Object.entries(drills).map(([one, { about }]) => `  ${one.padEnd(16)} ${about}`);
    throw new TaskFailed(`Name one drill: npm run drill -- <name>\n${rows.join('\n')}`);
  }
  const SEED = process.env.SEED ?? String(Math.floor(Math.random() * 2 ** 31));
  console.log(`drill ${name}; the same again: SEED=${SEED} npm run drill -- ${name}`);
  let worst = 0;
  for (const [command, ...args] of drills[name]?.commands ?? []) {
    const { code } = await run(command, args, { env: { SEED, TEST_SIZE: 'full' } });
    worst = Math.max(worst, code);
  }
  return worst;
}
