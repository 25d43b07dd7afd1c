// Holds the bound of `packages/core/src/evaluation/work.ts` against the clock, with the most expensive documents and
// contexts that we know how to make.
import { parseArgs } from 'node:util';
import { decodeDocument } from '@clarity/flags-core/document';
import { createEvaluator } from '@clarity/flags-core/evaluation';
import { pathological, PATHOLOGICAL_KINDS } from '../../../packages/core/test/evaluation/pathological.ts';
import { seededRandom } from '../../../packages/core/test/document/random.ts';
import { floor } from '../evaluation/subjects/floor.ts';

const HASHED_MB = 50;
/** Each is measured so often, and the least taken: what else the machine did is not ours. */
const TIMES = 3;

/** Resolves to the exit code: 1 when an evaluation costs more than hashing 50 MB in the same run. */
export async function worst(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      sizes: { type: 'string', default: '3' },
    },
  });
  const hashMs = await hashingMs();
  const rows: { kind: string; ms: number; ratio: number }[] = [];
  for (const kind of PATHOLOGICAL_KINDS) {
    let most = 0;
    for (let size = 0; size < Number(values.sizes); size++) {
      const { text, context } = pathological(seededRandom(Number(values.seed) + size), kind, 1);
      const decoded = decodeDocument(text);
      if (!decoded.ok) throw new Error(`${kind}: ${decoded.problems[0]!.message}`);
      const evaluator = createEvaluator(decoded.document);
      // Compiled before: that is done once for each document.
      evaluator.isEnabled('flag', {}, false);
      most = Math.max(
        most,
        leastMs(() => void evaluator.details('flag', context, false)),
      );
    }
    const ratio = Number((most / hashMs).toFixed(2));
    if (!Number.isFinite(ratio)) throw new Error(`${kind}: found ${most} ms against ${hashMs} ms; both must be times`);
    rows.push({ kind, ms: Number(most.toFixed(1)), ratio });
  }
  rows.sort((one, other) => other.ratio - one.ratio);
  if (values.json) console.log(JSON.stringify({ hashMs, rows }, null, 2));
  else {
    console.log(`hashing ${HASHED_MB} MB by the floor's murmur3: ${hashMs.toFixed(1)} ms of CPU time`);
    console.log('details of one flag, of that:');
    for (const { kind, ms, ratio } of rows)
      console.log(
        `  ${ratio <= 1 ? 'ok  ' : 'OVER'} ${kind.padEnd(24)} ${ms.toFixed(1).padStart(8)} ms ${ratio.toFixed(2).padStart(6)}`,
      );
  }
  return rows.every(({ ratio }) => ratio <= 1) ? 0 : 1;
}

async function hashingMs(): Promise<number> {
  const { isEnabled } = await floor.load(floor.write([{ key: 'k', kind: 'rollout', percentage: 50 }]));
  const user = floor.contextFor({ id: 'abcdefghij'.repeat(100_000) } as never);
  return leastMs(() => {
    for (let done = 0; done < HASHED_MB; done++) void isEnabled('k', user);
  });
}

function leastMs(run: () => void): number {
  let least = Infinity;
  for (let time = 0; time < TIMES; time++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
