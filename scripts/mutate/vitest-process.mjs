// A process that keeps one vitest and runs files of tests as it is asked: each run sees the sources with the change
// that its question names. `ask.mjs` starts it, and kills it when a change makes a loop that never ends.
import { join } from 'node:path';
import { createVitest } from 'vitest/node';

/**
 * @typedef {{ tests: string[], changed: string[], change: string | undefined, reached: string | undefined }} Question
 *
 * @typedef {{
 *   file: string, failed: boolean, test: string | undefined, error: string, timedOut: boolean, ms: number
 * }} Outcome
 */

const root = process.cwd();
/** Of this run alone: vitest's own results tell of earlier runs too. */
/** @type {import('vitest/node').TestModule[]} */
let ended = [];
const everyTest = process.argv[2] === 'every-test';
if (everyTest) process.env['PATIENT'] = 'yes';
const vitest = await createVitest(
  'test',
  {
    root,
    config: join(root, 'scripts/mutate/vitest.config.ts'),
    watch: false,
    reporters: [{ onTestModuleEnd: (module) => void ended.push(module) }],
    bail: everyTest ? 0 : 1,
    isolate: everyTest,
    maxWorkers: everyTest ? 3 : 1,
  },
  { server: { watch: null } },
);
await vitest.globTestSpecifications();
process.on('message', (/** @type {Question} */ question) => void answer(question));
process.on('disconnect', () => process.exit());
process.send?.('ready');

/** @param {Question} question */
async function answer({ tests, changed, change, reached }) {
  for (const [name, value] of Object.entries({ CHANGE: change, REACHED: reached })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  for (const file of changed) vitest.invalidateFile(join(root, file));
  const specifications = tests.flatMap((test) => vitest.getModuleSpecifications(join(root, test)));
  ended = [];
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications);
  /** @type {Outcome[]} */
  const outcomes = ended.map((module) => {
    const failed = [...module.children.allTests('failed')][0];
    const errors = [...(failed?.result().errors ?? []), ...module.errors()];
    return {
      file: module.moduleId.slice(root.length + 1),
      failed: module.state() === 'failed',
      test: failed?.fullName,
      error: String(errors[0]?.message),
      timedOut: errors.some(({ message }) => /timed out in \d+ms/.test(message)),
      ms: module.diagnostic().duration + module.diagnostic().collectDuration + module.diagnostic().setupDuration,
    };
  });
  process.send?.({ outcomes, unhandled: unhandledErrors.map((error) => String(error)) });
}
