// The benchmark of propagation: from the call that publishes to the answer that has changed, beside plain ioredis and
// plain pg.
import { parseArgs } from 'node:util';
import { startPostgres } from '../../../tests/live/support/postgres-server.ts';
import { startRedis } from '../../../tests/live/support/redis-server.ts';
import { documentText } from './document.ts';
import { measureFanOut } from './fan-out.ts';
import { measureOneFollower } from './one-follower.ts';
import { followByHand, followWithOurs } from './follower.ts';
import { postgresByHand, postgresWithOurs } from './postgres-pairs.ts';
import { publishByHand, publishWithOurs } from './publishing.ts';
import { type Quantiles, round } from './quantiles.ts';
import { believable } from '../believable.ts';

const HELP = `npm run bench -- propagation [--json] [--rounds <number>] [--followers <number>]
  --json       the figures as JSON, and nothing else
  --rounds     changes that are measured with one client (default 200; with many, a third); a quarter more go before to warm up
  --followers  clients in the other process (default 50)`;

/** How many times what plain ioredis and plain pg take ours may take. */
const BUDGETS = { one: { p50: 2.2, p99: 3 }, many: { p50: 2 }, postgres: { p50: 2 } } as const;

interface Comparison {
  readonly rawMs: Quantiles;
  readonly oursMs: Quantiles;
  readonly ratio: { readonly p50: number; readonly p99: number };
}

/** Resolves to the exit code. */
export async function propagation(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) return 2;
  const { json, rounds, followers } = options;
  const server = await startRedis();
  const database = await startPostgres();
  try {
    const warmUps = Math.ceil(rounds / 4);
    const { url } = server;
    const one = await measureOneFollower(
      { publishing: await publishByHand(url), follower: await followByHand(url) },
      { publishing: await publishWithOurs(url, documentText(false, 0)), follower: await followWithOurs(url) },
      warmUps,
      rounds,
    );
    const postgres = await measureOneFollower(
      await postgresByHand(database.url()),
      await postgresWithOurs(database.url(), documentText(false, 0)),
      warmUps,
      rounds,
    );
    const manyRounds = Math.ceil(rounds / 3);
    const many = await measureFanOut(server.url, followers, Math.ceil(manyRounds / 4), manyRounds);
    const results = believable({
      documentBytes: Buffer.byteLength(documentText(true, 1)),
      rounds,
      one: compared(one.raw, one.ours),
      followers,
      many: compared(many.raw, many.ours),
      postgres: compared(postgres.raw, postgres.ours),
      budgets: BUDGETS,
    });
    if (json) console.log(JSON.stringify(results, null, 2));
    else print(results);
    return 0;
  } finally {
    await server.stop();
    await database.stop();
  }
}

function compared(rawMs: Quantiles, oursMs: Quantiles): Comparison {
  return { rawMs, oursMs, ratio: { p50: round(oursMs.p50 / rawMs.p50), p99: round(oursMs.p99 / rawMs.p99) } };
}

function readOptions(args: readonly string[]): { json: boolean; rounds: number; followers: number } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        rounds: { type: 'string', default: '200' },
        followers: { type: 'string', default: '50' },
      },
    });
    const [rounds, followers] = [Number(values.rounds), Number(values.followers)];
    for (const [name, number] of Object.entries({ rounds, followers })) {
      if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} is a number from 1`);
    }
    return { json: values.json, rounds, followers };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

interface Results {
  readonly documentBytes: number;
  readonly rounds: number;
  readonly one: Comparison;
  readonly followers: number;
  readonly many: Comparison;
  readonly postgres: Comparison;
}

function print({ documentBytes, rounds, one, followers, many, postgres }: Results): void {
  console.log(`Publish to changed answer, a document of ${documentBytes} bytes, ${rounds} changes (milliseconds)\n`);
  const line = (name: string, { p50, p99, most }: Quantiles): void =>
    console.log(
      `  ${name.padEnd(30)} p50 ${p50.toFixed(2).padStart(8)}  p99 ${p99.toFixed(2).padStart(8)}  most ${most.toFixed(2).padStart(8)}`,
    );
  line('one, ioredis by hand', one.rawMs);
  line('one, ours', one.oursMs);
  line(`last of ${followers}, ioredis by hand`, many.rawMs);
  line(`last of ${followers}, ours`, many.oursMs);
  line('one, pg by hand', postgres.rawMs);
  line('one, ours on Postgres', postgres.oursMs);
  console.log('');
  judge('one p50', one.ratio.p50, BUDGETS.one.p50);
  judge('one p99', one.ratio.p99, BUDGETS.one.p99);
  judge(`last of ${followers} p50`, many.ratio.p50, BUDGETS.many.p50);
  judge('one p50 on Postgres', postgres.ratio.p50, BUDGETS.postgres.p50, 'pg');
}

function judge(name: string, ratio: number, atMost: number, client = 'ioredis'): void {
  console.log(`  ${ratio <= atMost ? 'kept  ' : 'MISSED'} ${name}: ${ratio}x of ${client} by hand, at most ${atMost}x`);
}
