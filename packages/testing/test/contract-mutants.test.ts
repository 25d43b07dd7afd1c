import { afterAll, describe, expect, it } from 'vitest';
import {
  cacheChecks,
  type ContractCheck,
  feedChecks,
  historyChecks,
  metricsSinkChecks,
  type MetricsSinkHarness,
  publisherChecks,
  sourceChecks,
} from '@clarity/flags-testing/checks';
import {
  cacheMutants,
  feedMutants,
  leaks,
  publisherMutants,
  recordingSink,
  sinkMutants,
  sourceMutants,
} from './contract-mutants.ts';
import { historyMutants } from './history-mutants.ts';
import { cacheHarness, feedHarness, historyHarness, publisherHarness, sourceHarness } from './memory-harness.ts';

/** Looks at the whole process, so nothing else may run beside it. */
const LEAVES_NOTHING = 'close leaves nothing open';
const LEAKING = 'leaves a timer';
const TIMEOUT_MS = 60_000;

afterAll(() => {
  for (const timer of leaks) clearInterval(timer);
});

async function fails(check: ContractCheck): Promise<boolean> {
  return check.run().then(
    () => false,
    () => true,
  );
}

/** The names of the checks that the thing under test does not pass. */
async function failuresOf(checks: readonly ContractCheck[]): Promise<readonly string[]> {
  const names = [];
  for (const alone of checks.filter(({ name }) => name === LEAVES_NOTHING))
    if (await fails(alone)) names.push(alone.name);
  const beside = checks.filter(({ name }) => name !== LEAVES_NOTHING);
  const verdicts = await Promise.all(beside.map(fails));
  return [...names, ...beside.filter((_, n) => verdicts[n]).map(({ name }) => name)];
}

interface Suite {
  readonly name: string;
  readonly mutants: readonly string[];
  /** Of the sound store without a mutant's name. */
  readonly checksOf: (mutant?: string) => readonly ContractCheck[];
}

function suite<Mutant>(
  name: string,
  mutants: Readonly<Record<string, Mutant>>,
  checksOf: (mutant: Mutant | undefined) => readonly ContractCheck[],
): Suite {
  return {
    name,
    mutants: Object.keys(mutants),
    checksOf: (mutant) => checksOf(mutant === undefined ? undefined : mutants[mutant]),
  };
}

const suites: readonly Suite[] = [
  suite('source', sourceMutants, (mutant) =>
    sourceChecks(sourceHarness(mutant && { source: (sound) => ({ ...sound, ...mutant(sound) }) })),
  ),
  suite('feed', feedMutants, (mutant) =>
    feedChecks(feedHarness(mutant && { feed: (sound) => ({ ...sound, ...mutant(sound) }) })),
  ),
  suite('publisher', publisherMutants, (mutant) =>
    publisherChecks(publisherHarness(mutant && { publisher: (sound) => ({ ...sound, ...mutant(sound) }) })),
  ),
  suite('history', historyMutants, (mutant) =>
    historyChecks(
      historyHarness(
        mutant && {
          ...(mutant.history && { history: (sound) => ({ ...sound, ...mutant.history!(sound) }) }),
          ...(mutant.publisher && { publisher: (sound) => ({ ...sound, ...mutant.publisher!(sound) }) }),
        },
      ),
    ),
  ),
  suite('cache', cacheMutants, (mutant) =>
    cacheChecks(cacheHarness(mutant && { cache: (sound) => ({ ...sound, ...mutant(sound) }) })),
  ),
  suite('metrics sink', sinkMutants, (mutant) => {
    const harness: MetricsSinkHarness = {
      open: async () => {
        const sound = recordingSink();
        return {
          sink: { ...sound, ...mutant?.(sound) },
          value: async (name, labels) => sound.value(name, labels),
          observations: async (name, labels) => {
            const observed = sound.observed(name, labels);
            return observed.length === 0
              ? undefined
              : { count: observed.length, sum: observed.reduce((sum, one) => sum + one, 0) };
          },
          secrets: [],
          faults: {},
          dispose: async () => undefined,
        };
      },
    };
    return metricsSinkChecks(harness);
  }),
];

describe('sound stores', () => {
  it.each(suites)('pass the $name suite', { timeout: TIMEOUT_MS }, async ({ checksOf }) => {
    expect(await failuresOf(checksOf())).toEqual([]);
  });
});

describe('leaking stores', () => {
  it.each(suites.filter(({ mutants }) => mutants.includes(LEAKING)))('fail the $name suite', async ({ checksOf }) => {
    expect(await failuresOf(checksOf(LEAKING).filter(({ name }) => name === LEAVES_NOTHING))).toEqual([LEAVES_NOTHING]);
  });
});

// Beside each other, since most of the time goes into waiting for what never comes. A check that nothing fails proves
// nothing.
describe.concurrent('broken stores', () => {
  it.each(suites)(
    'the $name suite catches each, and has no check that none of them fails',
    { timeout: TIMEOUT_MS },
    async (suite) => {
      const { checksOf } = suite;
      const mutants = suite.mutants.filter((mutant) => mutant !== LEAKING);
      const beside = (checks: readonly ContractCheck[]): readonly ContractCheck[] =>
        checks.filter(({ name }) => name !== LEAVES_NOTHING);
      const caught = await Promise.all(mutants.map((mutant) => failuresOf(beside(checksOf(mutant)))));
      expect(
        mutants.filter((_, n) => caught[n]?.length === 0),
        'broken stores that pass every check',
      ).toEqual([]);
      const failed = new Set(caught.flat());
      const toothless = beside(checksOf()).filter(({ name }) => !failed.has(name));
      expect(toothless, 'checks that no broken store fails').toEqual([]);
    },
  );
});
