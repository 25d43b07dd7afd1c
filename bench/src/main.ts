// `npm run bench -- <benchmark> [--json] ...`: picks a benchmark by name. Each has a folder of its own.
import { UnbelievableFigure } from './believable.ts';
import { counting } from './counting/counting.ts';
import { dealing } from './dealing/dealing.ts';
import { evaluation } from './evaluation/evaluation.ts';
import { outage } from './outage/outage.ts';
import { size } from './size/size.ts';
import { worst } from './worst/worst.ts';

/** Each takes its arguments and resolves to the exit code. */
const benchmarks: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  counting,
  dealing,
  evaluation,
  http: async (args) => (await import('./http/http.ts')).http(args),
  outage,
  // Needs the Redis packages, which the others do without.
  propagation: async (args) => (await import('./propagation/propagation.ts')).propagation(args),
  size,
  worst,
};

const [name = 'evaluation', ...rest] = process.argv.slice(2);
// Only options: the first benchmark.
const [chosen, args] = name.startsWith('--') ? ['evaluation', [name, ...rest]] : [name, rest];
if (Object.hasOwn(benchmarks, chosen)) {
  try {
    process.exitCode = await benchmarks[chosen]!(args);
  } catch (error) {
    if (!(error instanceof UnbelievableFigure)) throw error;
    console.error(`${chosen}: ${error.message}. Nothing of this run is printed.`);
    process.exitCode = 1;
  }
} else {
  console.error(`There is no benchmark "${chosen}". Known: ${Object.keys(benchmarks).join(', ')}.`);
  process.exitCode = 2;
}
