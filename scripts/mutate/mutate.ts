// `npm run mutate -- [package or path]... --seed 1 --mutants 100 [--least 92]`: makes small changes to the sources, one
// at a time and never on disk, asks the tests near each, and tells which changes nobody noticed. The same sources and
// seed give the same changes. A path with a line, as in the answers, takes the changes of that line.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runSeed } from '../drawn-tests.ts';
import { filesUnder } from '../files.mjs';
import { packageEntries, packageFolders } from '../package-entries.ts';
import { Asked, type Mutant } from './ask.mjs';
import { drawn, mutationsOf } from './mutations.mjs';
import { importersOf, testsNear, type TestsNear } from './near.mjs';

/** So many changes are looked at side by side. */
const LANES = 3;
/** What the tests that are asked about one change may usually take together, beside the one that is likeliest. */
const MOST_MS = 60_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(runSeed('full')) },
    mutants: { type: 'string', default: '20' },
    least: { type: 'string', default: '0' },
    list: { type: 'boolean', default: false },
    own: { type: 'boolean', default: false },
  },
});
const [seed, count, least] = (['seed', 'mutants', 'least'] as const).map((name) => {
  const number = Number(values[name]);
  if (values[name].trim() !== '' && Number.isSafeInteger(number) && number >= 0) return number;
  return refuse(`--${name} is ${JSON.stringify(values[name])}; allowed is a whole number from 0`);
}) as [number, number, number];

const sources = packageFolders()
  .flatMap((folder) => filesUnder(root, `${folder}/src`))
  .filter((file) => /(?<!\.d)\.ts$/.test(file));
const chosen =
  positionals.length === 0
    ? sources.map((file) => ({ file, line: undefined }))
    : positionals.flatMap((name) => {
        const [, path = '', line] = /^(?:\.\/)?(.*?)\/?(?::(\d+))?$/.exec(name) ?? [];
        const found = sources.filter(
          (file) => file === path || `${file}/`.startsWith(`${path.includes('/') ? path : `packages/${path}`}/`),
        );
        return found.length > 0
          ? found.map((file) => ({ file, line: line === undefined ? undefined : Number(line) }))
          : refuse(`${JSON.stringify(name)} is neither a package nor a path in one's sources.`);
      });

const mutants = drawn(
  chosen.flatMap(({ file, line }) =>
    mutationsOf(file, readFileSync(file, 'utf8'))
      .filter((mutation) => line === undefined || mutation.line === line)
      .map((mutation): Mutant => ({ file, mutation })),
  ),
  seed,
  count,
);
console.log(`${mutants.length} changes drawn from SEED ${seed} in ${chosen.length} files`);
if (values.list) for (const one of mutants) console.log(`  ${told(one)}`);
else await askAll();

async function askAll(): Promise<void> {
  const entries = new Map(
    packageFolders().flatMap((folder) =>
      packageEntries(folder).map(({ specifier, source }) => [specifier, `${folder}/${source}`] as const),
    ),
  );
  const importers = importersOf(root, entries);
  const near = new Map(mutants.map((mutant) => [mutant, testsNear(mutant.file, importers)] as const));
  const started = Date.now();
  const survivors = await askEach(mutants, ({ own }) => own, near);
  const alive = values.own ? survivors : await askEach(survivors, ({ outside }) => outside, near);
  tell(alive, (Date.now() - started) / 1_000);
}

/** Who is left of some mutants when tests of a kind were asked. */
async function askEach(
  asked: readonly Mutant[],
  kind: (near: TestsNear) => readonly string[],
  near: ReadonlyMap<Mutant, TestsNear>,
): Promise<readonly Mutant[]> {
  const testsOf = (mutant: Mutant): readonly string[] => kind(near.get(mutant)!);
  const tests = [...new Set(asked.flatMap(testsOf))];
  if (tests.length === 0) return asked;
  console.log(`\n${tests.length} files of tests run without a change first: how long they take, and what they reach`);
  const calm = new Asked(root, 'every-test');
  const usual = await calm.reachedBy(tests, asked).finally(() => calm.end());
  for (const { file, failed } of usual.values()) {
    if (failed) console.log(`          ${file} fails without any change too, and is not asked`);
  }
  const usualMs = (test: string): number => usual.get(test)?.ms ?? 0;
  const left = new Set<Mutant>();
  const waiting = asked.entries();
  // Tests wait for timers more than they compute.
  const lanes = Array.from({ length: Math.min(LANES, asked.length) }, async () => {
    const process = new Asked(root, 'until-one-fails');
    for (const [id, mutant] of waiting) {
      const { direct } = near.get(mutant)!;
      const reaching = testsOf(mutant)
        .filter((test) => usual.get(test)?.failed === false && usual.get(test)?.reached.has(id))
        .toSorted((one, other) => Number(direct.has(other)) - Number(direct.has(one)) || usualMs(one) - usualMs(other));
      const affordable = firstOf(reaching, usualMs, MOST_MS);
      const caughtBy = await whoNotices(process, mutant, affordable, usualMs);
      if (caughtBy === undefined) left.add(mutant);
      const unasked = reaching.length - affordable.length;
      const words =
        reaching.length === 0
          ? 'no test comes by it'
          : `${affordable.length} files of tests do not notice it${unasked === 0 ? '' : `, ${unasked} slower ones were not asked`}`;
      console.log(
        caughtBy === undefined
          ? `SURVIVED  ${told(mutant)}\n          ${words}`
          : `caught    ${told(mutant)}\n          ${caughtBy}`,
      );
    }
    process.end();
  });
  await Promise.all(lanes);
  return asked.filter((mutant) => left.has(mutant));
}

/** As many of the first as take no longer than that together; never none, if there is one. */
function firstOf(tests: readonly string[], usualMs: (test: string) => number, mostMs: number): readonly string[] {
  let sumMs = 0;
  return tests.filter((test, index) => (sumMs += usualMs(test)) <= mostMs || index === 0);
}

/** What noticed a change; `undefined` when nothing did. */
async function whoNotices(
  asked: Asked,
  mutant: Mutant,
  all: readonly string[],
  usualMs: (test: string) => number,
): Promise<string | undefined> {
  let tests = all;
  while (tests.length > 0) {
    const longest = tests.reduce((sum, test) => sum + usualMs(test), 0);
    const answer = await asked.about(tests, mutant, longest);
    if (answer.kind === 'passed') return undefined;
    const { file } = answer;
    // Alone it has to fail too, or files that ran before it are at fault. Where it was not in time, it has to be
    // without the change: else the machine is at fault.
    const failing = file === undefined ? tests : [file];
    const calm = answer.kind === 'failed' ? 'passed' : (await asked.about(failing, undefined, longest)).kind;
    const again = await asked.about(failing, mutant, longest);
    if (calm === 'passed' && again.kind === 'endless') return `${file ?? 'the tests'}: did not come to an end`;
    if (calm === 'passed' && again.kind === 'failed') return `${again.file ?? ''}: ${again.test}`;
    tests = file === undefined ? [] : tests.slice(tests.indexOf(file) + 1);
  }
  return undefined;
}

function tell(alive: readonly Mutant[], seconds: number): void {
  const names = [...new Set(mutants.map(packageOf))].toSorted();
  const line = (name: string, some: readonly Mutant[]): string => {
    const caught = some.filter((one) => !alive.includes(one)).length;
    const percent = some.length === 0 ? 100 : (100 * caught) / some.length;
    return `${name.padEnd(14)} ${caught} of ${some.length}, ${percent.toFixed(1)} %`;
  };
  console.log('');
  for (const one of alive) console.log(`SURVIVED  ${told(one)}`);
  for (const name of names) {
    console.log(
      line(
        name,
        mutants.filter((one) => packageOf(one) === name),
      ),
    );
  }
  console.log(`${line('together', mutants)}; ${(seconds / Math.max(1, mutants.length)).toFixed(1)} s for each`);
  if (100 * (mutants.length - alive.length) < least * mutants.length) {
    console.log(`Wanted are at least ${least} %: write the tests that notice the others.`);
    process.exitCode = 1;
  }
}

function packageOf({ file }: Mutant): string {
  return file.split('/')[1] ?? '';
}

function told({ file, mutation: { line, before, after, kind } }: Mutant): string {
  const short = (text: string): string => {
    const flat = text.replaceAll(/\s+/g, ' ');
    return flat.length > 100 ? `${flat.slice(0, 97)}...` : flat;
  };
  return `${file}:${line}  ${kind}: ${short(before)}  ->  ${short(after)}`;
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
