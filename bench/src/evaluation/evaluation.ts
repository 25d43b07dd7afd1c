// The benchmark of evaluation: ours, a hand-written floor and the peers side by side.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleSizes } from '../size/bundle-sizes.ts';
import { ALLOCATION_FLAGS } from '../allocated-bytes.ts';
import { believableOfEach } from '../believable.ts';
import { BUDGETS } from '../size/budgets.ts';
import { runFresh } from './child.ts';
import { type Figures, MEASURES, type Measure } from './measures.ts';
import { PEERS, SUBJECTS } from './subjects.ts';
import { verdictsOn } from './verdict.ts';

const HELP = `npm run bench -- evaluation [--json] [--only <measure>]... [--subject <name>]... [--samples <number>]
  --json      the figures as JSON, and nothing else
  --only      ${MEASURES.map(({ name }) => name).join(', ')}, bundle
  --subject   ${SUBJECTS.join(', ')}
  --samples   fresh processes for each figure (default 9)`;

/** What is imported, by its name in the results. `nothing` is what the others are measured above. */
const IMPORTS: Readonly<Record<string, string>> = {
  nothing: new URL('nothing.mjs', import.meta.url).href,
  ours: '@clarity/flags-core',
  'ours ./evaluation': '@clarity/flags-core/evaluation',
  'ours ./edge': '@clarity/flags-core/edge',
  ...Object.fromEntries(PEERS.map((peer) => [peer, peer])),
};

type Env = Readonly<Record<string, string>>;

interface Options {
  readonly json: boolean;
  readonly samples: number;
  isWanted(measure: string): boolean;
  isAsked(subject: string): boolean;
}

/** Resolves to the exit code: 1 when a subject gives wrong answers, for then its speed means nothing. */
export async function evaluation(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) return 2;
  // Fresh processes that do not all compile the same files: a third of the whole time.
  const compiled = await mkdtemp(join(tmpdir(), 'bench-compiled-'));
  try {
    return await run(options, { NODE_COMPILE_CACHE: compiled });
  } finally {
    await rm(compiled, { recursive: true });
  }
}

async function run(options: Options, env: Env): Promise<number> {
  const measures = MEASURES.filter(({ name }) => options.isWanted(name));
  // What is only imported or bundled answers nothing.
  const wrong = measures.some(({ workload }) => workload !== 'import') ? await checkAnswers(options, env) : [];
  if (wrong.length > 0) {
    console.error(wrong.join('\n'));
    return 1;
  }
  const results: Record<string, Figures> = {};
  const samples = await takeSamples(measures, options, env);
  for (const measure of measures) {
    results[measure.name] = believableOfEach(measure.name, measure.reduce(samples[measure.workload]!));
  }
  if (options.isWanted('bundle')) results['bundle'] = believableOfEach('bundle', await bundles());
  if (options.json) console.log(JSON.stringify(results, null, 2));
  else print(measures, results);
  return 0;
}

function readOptions(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        subject: { type: 'string', multiple: true, default: [] },
        samples: { type: 'string', default: '9' },
      },
    });
    const samples = Number(values.samples);
    if (!Number.isInteger(samples) || samples < 1)
      throw new Error(`--samples is a number from 1, not ${values.samples}`);
    return {
      json: values.json,
      samples,
      isWanted: (measure) => values.only.length === 0 || values.only.includes(measure),
      isAsked: (subject) =>
        values.subject.length === 0 || values.subject.includes(subject.split(' ')[0]!) || subject === 'nothing',
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

async function checkAnswers({ isAsked }: Options, env: Env): Promise<readonly string[]> {
  progress('Do all give the same answers?');
  const wrong: string[] = [];
  for (const subject of SUBJECTS.filter(isAsked)) {
    const sentences = (await runFresh('sample.ts', ['agreement', subject], env)) as string[];
    wrong.push(...sentences.map((sentence) => `${subject}: ${sentence}`));
  }
  if (isAsked('ours') && isAsked('floor'))
    wrong.push(...((await runFresh('sample.ts', ['dealing', 'floor'], env)) as string[]));
  return wrong;
}

/** Samples by workload and subject. All take turns, so that a busy minute of the machine is shared by all. */
async function takeSamples(
  measures: readonly Measure[],
  { samples, isAsked }: Options,
  env: Env,
): Promise<Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>> {
  const taken: Record<string, Record<string, unknown[]>> = {};
  const subjectsOf = new Map(measures.map(({ workload, subjects }) => [workload, subjects]));
  if (subjectsOf.has('import')) subjectsOf.set('import', Object.keys(IMPORTS));
  const times = Math.max(...[...subjectsOf.keys()].map((workload) => samplesOf(workload, samples)));
  for (let turn = 0; turn < times; turn++) {
    progress(`Turn ${turn + 1} of ${times}`);
    for (const [workload, subjects] of subjectsOf) {
      for (const subject of subjects.filter(isAsked)) {
        if (turn >= samplesOf(workload, samples, subject)) continue;
        ((taken[workload] ??= {})[subject] ??= []).push(await takeSample(workload, subject, env));
      }
    }
  }
  return taken;
}

/** How many fresh processes a figure takes. Bytes do not vary; a peer's loading may take a second a time. */
function samplesOf(workload: string, samples: number, subject = ''): number {
  if (workload === 'import') return Math.ceil((samples * 5) / 3);
  return workload === 'bytes' || (workload === 'load' && subject !== 'ours') ? Math.min(3, samples) : samples;
}

function takeSample(workload: string, subject: string, env: Env): Promise<unknown> {
  // An import is measured as a new process of a user has it.
  return workload === 'import'
    ? runFresh('import-probe.mjs', [IMPORTS[subject]!])
    : runFresh('sample.ts', [workload, subject], env, workload === 'bytes' ? ALLOCATION_FLAGS : undefined);
}

/** Bytes of all exports, minified, after gzip -9. */
async function bundles(): Promise<Figures> {
  const names = { ours: '@clarity/flags-core/evaluation', ...Object.fromEntries(PEERS.map((peer) => [peer, peer])) };
  const sizes: Record<string, number> = {};
  for (const [name, specifier] of Object.entries(names)) sizes[name] = (await bundleSizes(specifier)).gzip;
  return sizes;
}

const BUNDLE_BUDGET = BUDGETS['@clarity/flags-core/evaluation'] ?? 0;

function print(measures: readonly Measure[], results: Readonly<Record<string, Figures>>): void {
  for (const measure of measures) {
    const figures = results[measure.name]!;
    printFigures(`${measure.name}: ${measure.title}, ${measure.unit}`, figures);
    for (const { ok, text } of verdictsOn(measure, figures)) console.log(`  ${ok ? 'ok  ' : 'OVER'} ${text}`);
  }
  const { bundle } = results;
  if (bundle === undefined) return;
  printFigures('bundle: all exports of ./evaluation, minified, gzip -9, bytes', bundle);
  console.log(
    `  ${bundle['ours']! <= BUNDLE_BUDGET ? 'ok  ' : 'OVER'} ours: ${bundle['ours']}, at most ${BUNDLE_BUDGET}`,
  );
}

function printFigures(title: string, figures: Figures): void {
  console.log(`\n${title}`);
  for (const [subject, figure] of Object.entries(figures))
    console.log(`  ${subject.padEnd(32)} ${figure.toLocaleString('en').padStart(10)}`);
}

/** Results go to standard output; what is going on does not. */
function progress(line: string): void {
  console.error(line);
}
