// The benchmark of counting: what a metrics sink adds to a question about a static flag.
import { parseArgs } from 'node:util';
import { ALLOCATION_FLAGS } from '../allocated-bytes.ts';
import { believable } from '../believable.ts';
import { runFresh } from '../evaluation/child.ts';
import { median } from '../evaluation/timing.ts';

const HELP = `npm run bench -- counting [--json] [--samples <number>]
  --json      the figures as JSON, and nothing else
  --samples   pairs of fresh processes (default 21)`;

/** Nanoseconds and bytes that counting may add to one call. */
const BUDGETS = { addsNs: 5, bytes: 0 } as const;

/** Resolves to the exit code. */
export async function counting(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) return 2;
  const pairs: { readonly plain: number; readonly counted: number }[] = [];
  for (let pair = 0; pair < options.samples; pair += 1) {
    console.error(`pair ${pair + 1} of ${options.samples}`);
    // In turn, so that a machine that slows down slows both.
    const first = pair % 2 === 0 ? 'plain' : 'counted';
    const one = await sample(first, 'ns');
    const other = await sample(first === 'plain' ? 'counted' : 'plain', 'ns');
    pairs.push(first === 'plain' ? { plain: one, counted: other } : { plain: other, counted: one });
  }
  const differences = pairs.map(({ plain, counted }) => counted - plain).toSorted((a, b) => a - b);
  const quartile = (q: number): number => round(differences[Math.round(q * (differences.length - 1))] ?? 0);
  const results = believable({
    samples: options.samples,
    plainNs: round(median(pairs.map(({ plain }) => plain))),
    countedNs: round(median(pairs.map(({ counted }) => counted))),
    addsNs: { median: round(median(differences)), quartiles: [quartile(0.25), quartile(0.75)] },
    bytes: round(await sample('counted', 'bytes')),
    budgets: BUDGETS,
  });
  if (options.json) {
    console.log(JSON.stringify(results, null, 2));
    return 0;
  }
  const verdict = (kept: boolean): string => (kept ? 'kept' : 'NOT KEPT');
  const { plainNs, countedNs, addsNs, bytes } = results;
  console.log(
    `isEnabled of a static flag: ${plainNs} ns without a sink, ${countedNs} ns with one\n` +
      `  counting adds ${addsNs.median} ns (quartiles ${addsNs.quartiles.join(' and ')}), at most ${BUDGETS.addsNs}: ${verdict(addsNs.median <= BUDGETS.addsNs)}\n` +
      `  and allocates ${bytes} bytes a call: ${verdict(bytes < 0.01)}`,
  );
  return 0;
}

function sample(variant: 'plain' | 'counted', figure: 'ns' | 'bytes'): Promise<number> {
  const flags = figure === 'bytes' ? ALLOCATION_FLAGS : undefined;
  return runFresh('../counting/sample.ts', [variant, figure], {}, flags) as Promise<number>;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function readOptions(args: readonly string[]): { json: boolean; samples: number } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, samples: { type: 'string', default: '21' } },
    });
    const samples = Number(values.samples);
    if (!Number.isInteger(samples) || samples < 1) throw new Error('--samples is a number from 1');
    return { json: values.json, samples };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}
