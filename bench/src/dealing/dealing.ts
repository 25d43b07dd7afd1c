// The benchmark of dealing: what ranges, experiments, and conditions on buckets and flags cost beside what they are
// built of.
import { parseArgs } from 'node:util';
import { ALLOCATION_FLAGS } from '../allocated-bytes.ts';
import { believable } from '../believable.ts';
import { runFresh } from '../evaluation/child.ts';
import { median } from '../evaluation/timing.ts';
import type { Kind } from './flags.ts';

const HELP = `npm run bench -- dealing [--json] [--samples <number>]
  --json      the figures as JSON, and nothing else
  --samples   fresh processes for each ratio (default 9)`;

/** Each kind by what it is compared with, and the ratio that it may have. Without a bound it is only told. */
const RATIOS: readonly { readonly kind: Kind; readonly by: Kind; readonly most?: number }[] = [
  { kind: 'ranges', by: 'weights', most: 1.3 },
  { kind: 'ranges', by: 'rollout' },
  { kind: 'experiment', by: 'ranges' },
  { kind: 'bucket', by: 'rollout' },
  { kind: 'asking', by: 'asked' },
  { kind: 'plain', by: 'asked' },
];

/** What a condition on a flag may cost by what the other flag costs: the asking flag, but for what any flag costs. */
const MOST_OF_ASKING = 1.3;

const ALLOCATING: readonly Kind[] = ['rollout', 'weights', 'ranges', 'experiment', 'bucket', 'asking'];

/** Resolves to the exit code. */
export async function dealing(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) return 2;
  const ratios = new Map<string, number[]>(RATIOS.map(({ kind, by }) => [`${kind} by ${by}`, []]));
  for (let sample = 0; sample < options.samples; sample += 1) {
    console.error(`sample ${sample + 1} of ${options.samples}`);
    for (const { kind, by } of RATIOS)
      ratios.get(`${kind} by ${by}`)!.push((await runFresh('../dealing/sample.ts', [kind, by, 'ratio'])) as number);
  }
  const bytes: Record<string, number> = {};
  for (const kind of ALLOCATING)
    bytes[kind] = round(
      (await runFresh('../dealing/sample.ts', [kind, kind, 'bytes'], {}, ALLOCATION_FLAGS)) as number,
    );
  const results = believable({
    samples: options.samples,
    ratios: Object.fromEntries([...ratios].map(([name, values]) => [name, round(median(values))])),
    bytes,
  });
  if (options.json) console.log(JSON.stringify(results, null, 2));
  else console.log(asText(results));
  return 0;
}

function asText({ ratios, bytes }: { ratios: Record<string, number>; bytes: Record<string, number> }): string {
  const lines = RATIOS.map(({ kind, by, most }) => {
    const ratio = ratios[`${kind} by ${by}`]!;
    const verdict = most === undefined ? '' : `, at most ${most}: ${ratio <= most ? 'kept' : 'NOT KEPT'}`;
    return `${kind} by ${by}: ${ratio}${verdict}`;
  });
  const asking = round(ratios['asking by asked']! - ratios['plain by asked']!);
  lines.push(
    `a condition on a flag by that flag: ${asking}, at most ${MOST_OF_ASKING}: ${asking <= MOST_OF_ASKING ? 'kept' : 'NOT KEPT'}`,
  );
  const allocated = Object.entries(bytes).map(
    ([kind, each]) => `${kind} allocates ${each} bytes a call: ${each < 0.01 ? 'kept' : 'NOT KEPT'}`,
  );
  return [...lines, ...allocated].join('\n');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function readOptions(args: readonly string[]): { json: boolean; samples: number } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, samples: { type: 'string', default: '9' } },
    });
    const samples = Number(values.samples);
    if (!Number.isInteger(samples) || samples < 1) throw new Error('--samples is a number from 1');
    return { json: values.json, samples };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}
