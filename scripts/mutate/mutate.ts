// `npm run mutate -- [package or path]... --seed 1 --mutants 100 [--least 92]`: makes small changes to the sources, one
// at a time and never on disk, asks the tests near each, and tells which changes nobody noticed. The same sources and
// seed give the same changes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runSeed } from '../drawn-tests.ts';
import { filesUnder } from '../files.mjs';
import { packageEntries, packageFolders } from '../package-entries.ts';
import { ask } from './ask.mjs';
import { drawn, mutationsOf } from './mutations.mjs';
import { importersOf, testsNear } from './near.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(runSeed('full')) },
    mutants: { type: 'string', default: '20' },
    least: { type: 'string', default: '0' },
    list: { type: 'boolean', default: false },
  },
});
const [seed, count, least] = (['seed', 'mutants', 'least'] as const).map((name) => {
  const number = Number(values[name]);
  if (values[name].trim() !== '' && Number.isSafeInteger(number) && number >= 0) return number;
  return refuse(`--${name}: found ${JSON.stringify(values[name])}; allowed is a whole number from 0`);
}) as [number, number, number];

const sources = packageFolders()
  .flatMap((folder) => filesUnder(root, `${folder}/src`))
  .filter((file) => /(?<!\.d)\.ts$/.test(file));
const chosen =
  positionals.length === 0
    ? sources
    : positionals.flatMap((name) => {
        const path = name.replace(/^\.\//, '').replace(/\/$/, '');
        const found = sources.filter(
          (file) => file === path || `${file}/`.startsWith(`${path.includes('/') ? path : `packages/${path}`}/`),
        );
        return found.length > 0
          ? found
          : refuse(`${JSON.stringify(name)} is neither a package nor a path in one's sources.`);
      });

const mutants = drawn(
  chosen.flatMap((file) => mutationsOf(file, readFileSync(file, 'utf8')).map((mutation) => ({ file, ...mutation }))),
  seed,
  count,
);
console.log(`${mutants.length} changes drawn from SEED ${seed} in ${chosen.length} files`);
if (values.list) for (const one of mutants) console.log(`  ${told(one)}`);
else await askAll();

async function askAll(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const entries = new Map(
    packageFolders().flatMap((folder) =>
      packageEntries(folder).map(({ specifier, source }) => [specifier, `${folder}/${source}`] as const),
    ),
  );
  const importers = importersOf(root, entries);
  const healthy = new Map<string, boolean>();
  const tally = new Map<string, { caught: number; all: number }>();

  for (const mutant of mutants) {
    const caughtBy = await whoNotices(mutant);
    if (stop.signal.aborted) break;
    const name = mutant.file.split('/')[1] ?? '';
    const { caught, all } = tally.get(name) ?? { caught: 0, all: 0 };
    tally.set(name, { caught: caught + (caughtBy === undefined ? 0 : 1), all: all + 1 });
    console.log(
      caughtBy === undefined ? `SURVIVED  ${told(mutant)}` : `caught    ${told(mutant)}\n          ${caughtBy}`,
    );
  }

  const sum = { caught: 0, all: 0 };
  console.log('');
  for (const [name, { caught, all }] of [...tally].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    sum.caught += caught;
    sum.all += all;
    console.log(`${name.padEnd(12)} ${caught} of ${all}`);
  }
  const percent = sum.all === 0 ? 100 : (100 * sum.caught) / sum.all;
  console.log(`${'together'.padEnd(12)} ${sum.caught} of ${sum.all}, ${percent.toFixed(1)} %`);
  if (stop.signal.aborted) process.exitCode = 130;
  else if (percent < least) {
    console.log(`Wanted are at least ${least} %: write the tests that notice the others.`);
    process.exitCode = 1;
  }

  /** What noticed a change; `undefined` when nothing did. */
  async function whoNotices(mutant: (typeof mutants)[number]): Promise<string | undefined> {
    for (const lot of testsNear(mutant.file, importers)) {
      let tests = lot.filter((test) => healthy.get(test) !== false);
      while (tests.length > 0 && !stop.signal.aborted) {
        const answer = await ask(root, tests, { ...mutant, path: join(root, mutant.file) }, stop.signal);
        if (answer.kind === 'endless') return 'the tests did not come to an end';
        if (answer.kind === 'passed') break;
        const { file } = answer;
        if (file === undefined || (await isHealthy(file))) return `${file ?? ''}: ${answer.test}`;
        console.log(`          ${file} fails without any change too, and is not asked`);
        tests = tests.filter((test) => test !== file);
      }
    }
    return undefined;
  }

  /** Whether a file of tests passes on the sources as they are. */
  async function isHealthy(test: string): Promise<boolean> {
    const known = healthy.get(test) ?? (await ask(root, [test], undefined, stop.signal)).kind === 'passed';
    healthy.set(test, known);
    return known;
  }
}

function told({ file, line, before, after, kind }: (typeof mutants)[number]): string {
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
