// The benchmark of the HTTP routes: what health requests and callers of the stream cost a server with the built
// packages.
import { parseArgs } from 'node:util';
import { healthLoad } from '../../../tests/live/support/health-load.ts';
import { type Holdings, startMeasuredServer } from '../../../tests/live/support/measured-server.ts';
import { joinStream, untilCallers } from '../../../tests/live/support/stream-crowd.ts';
import { believable } from '../believable.ts';

const HELP = `npm run bench -- http [--json] [--seconds <number>] [--rate <number>] [--callers <number>]
  --json      the figures as JSON, and nothing else
  --seconds   how long health is asked for (default 60)
  --rate      health requests a second (default 10,000)
  --callers   callers of the stream at once (default 1,000)`;

const MB = 1024 * 1024;
/** Megabytes of heap and external memory. */
const BUDGETS = { health: 1, callers: 20 } as const;
const WARM_UP_SECONDS = 5;
const LOOKS = 6;

interface HealthFigures {
  readonly requests: number;
  readonly perSecond: number;
  /** CPU microseconds of the server for one request: a core answers a million divided by it in a second. */
  readonly cpuUs: number;
  /** Heap and external memory after garbage was collected, in MB: before, and at even distances until the end. */
  readonly heapMb: readonly number[];
  readonly grownMb: number;
  readonly residentGrownMb: number;
}

interface CallerFigures {
  readonly callers: number;
  readonly costMb: number;
  readonly timers: number;
  readonly leftBehindMb: number;
}

/** Resolves to the exit code. */
export async function http(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) return 2;
  const health = believable(await measureHealth(options.seconds, options.rate), 'health');
  const stream = believable(await measureCallers(options.callers), 'stream');
  if (options.json) console.log(JSON.stringify({ health, stream, budgetsMb: BUDGETS }, null, 2));
  else print(health, stream, options.rate);
  return 0;
}

async function measureHealth(seconds: number, rate: number): Promise<HealthFigures> {
  const server = await startMeasuredServer();
  const load = await healthLoad(server.port, rate);
  try {
    await load.ask(WARM_UP_SECONDS * rate);
    const before = await server.measure();
    let after = before;
    const heapMb = [megabytes(held(before))];
    const each = Math.ceil((seconds * rate) / LOOKS);
    let tookS = 0;
    let cpuMs = 0;
    for (let look = 0; look < LOOKS; look += 1) {
      const from = after.cpuMs;
      tookS += await load.ask(each);
      after = await server.measure();
      cpuMs += after.cpuMs - from;
      heapMb.push(megabytes(held(after)));
    }
    const requests = each * LOOKS;
    return {
      requests,
      perSecond: Math.round(requests / tookS),
      cpuUs: Math.round((cpuMs * 1_000) / requests),
      heapMb,
      grownMb: megabytes(held(after) - held(before)),
      residentGrownMb: megabytes(after.rss - before.rss),
    };
  } finally {
    load.close();
    await server.kill();
  }
}

async function measureCallers(callers: number): Promise<CallerFigures> {
  const server = await startMeasuredServer();
  try {
    // Once round, so that what is made on first use does not count as a caller's.
    (await joinStream(server.port, 1)).leave();
    await untilCallers(server.port, 0);
    const before = await server.measure();
    const crowd = await joinStream(server.port, callers);
    await server.change();
    await crowd.heard(2);
    const during = await server.measure();
    crowd.leave();
    await untilCallers(server.port, 0);
    const after = await server.measure();
    return {
      callers,
      costMb: megabytes(held(during) - held(before)),
      timers: during.timers - before.timers,
      leftBehindMb: megabytes(held(after) - held(before)),
    };
  } finally {
    await server.kill();
  }
}

function held({ heapUsed, external }: Holdings): number {
  return heapUsed + external;
}

function megabytes(bytes: number): number {
  return Math.round((bytes / MB) * 100) / 100;
}

function readOptions(
  args: readonly string[],
): { json: boolean; seconds: number; rate: number; callers: number } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '60' },
        rate: { type: 'string', default: '10000' },
        callers: { type: 'string', default: '1000' },
      },
    });
    const numbers = { seconds: Number(values.seconds), rate: Number(values.rate), callers: Number(values.callers) };
    for (const [name, number] of Object.entries(numbers)) {
      if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} is a number from 1`);
    }
    return { json: values.json, ...numbers };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

function print(health: HealthFigures, stream: CallerFigures, rate: number): void {
  const verdict = (kept: boolean): string => (kept ? 'kept' : 'NOT KEPT');
  console.log(
    `${health.requests} health requests: ${health.perSecond} a second of ${rate} that were asked for, ${health.cpuUs} µs of the server's CPU time each\n` +
      `  heap and external memory, MB: ${health.heapMb.join('  ')}\n` +
      `  grown by ${health.grownMb} MB, less than ${BUDGETS.health}: ${verdict(health.grownMb < BUDGETS.health)}; resident by ${health.residentGrownMb} MB\n` +
      `${stream.callers} callers of the stream: ${stream.costMb} MB, less than ${BUDGETS.callers}: ${verdict(stream.costMb < BUDGETS.callers)}\n` +
      `  timers beside those of none: ${stream.timers}, at most 1: ${verdict(stream.timers <= 1)}; ${stream.leftBehindMb} MB once they have left`,
  );
}
