// One sample: a client with or without a sink, in a process of its own. `node sample.ts plain|counted ns|bytes` prints
// its figure.
import { createFlagClient, type EvaluationContext } from '@clarity/flags-core';
import { metricTable } from '@clarity/flags-core/metrics';
import { allocatedBytesPerCall } from '../allocated-bytes.ts';
import { askEach } from '../evaluation/ask.ts';
import { staticFlags } from '../evaluation/flag.ts';
import { ours } from '../evaluation/subjects/ours.ts';
import { cpuUs, median, warmUp } from '../evaluation/timing.ts';
import { makeUsers } from '../evaluation/user.ts';

const ROUNDS = 51;

const flags = staticFlags(100);
const text = ours.write(flags);
// Through text, as keys and contexts of real requests come: flat strings, and objects of one shape.
const keys = JSON.parse(JSON.stringify(flags.map(({ key }) => key))) as string[];
const contexts = makeUsers(10_000).map((user) => ours.contextFor(JSON.parse(JSON.stringify(user))));
const client = createFlagClient({
  source: {
    name: 'bench',
    read: () => Promise.resolve({ kind: 'document', text, revision: { epoch: 1, version: 1 } }),
    close: () => Promise.resolve(),
  },
  ...(process.argv[2] === 'counted' && { metrics: metricTable() }),
  refreshMode: 'none',
  variables: false,
});
await client.ready();
const isEnabled = (key: string, context: unknown): unknown => client.isEnabled(key, context as EvaluationContext);
const work = (calls: number): number => askEach(isEnabled, keys, contexts, calls);

const calls = 4 * (await warmUp(work));
console.log(process.argv[3] === 'bytes' ? await allocatedBytesPerCall(work, calls) : await nsOfCall());
await client.close();

/** CPU nanoseconds of one call: the median of the rounds. */
async function nsOfCall(): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(((await cpuUs(work, calls)) * 1_000) / calls);
  return median(rounds);
}
