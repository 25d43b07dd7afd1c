// What clients say of themselves while their store is dead: real clients, a real server, killed and started again.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { believable } from '../believable.ts';
import { type Account, accountOf, type Look } from './look.ts';
import { type Outage, pictureOf } from './picture.ts';
import { loadWatchable, WATCHED } from './watchables.ts';
import { POLL_MS, type Served, STALE_AFTER_MS } from './watched.ts';

const HELP = `npm run bench -- outage [--json] [--svg <path>] [--seconds <before,dead,after>]
  --json     what was seen as JSON, and nothing else
  --svg      also draws it into this file: docs/pictures/outage.svg is the README's
  --seconds  how long the store lives, is dead, and lives again (default 30,90,60)`;

/** Resolves to the exit code. */
export async function outage(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) return 2;
  const { json, svg, seconds } = options;
  const seen = believable(await watch(seconds));
  if (svg !== undefined) await writeFile(svg, pictureOf(seen));
  if (json) console.log(JSON.stringify(seen, null, 2));
  else print(seen);
  return 0;
}

type Seconds = readonly [before: number, dead: number, after: number];

async function watch([before, dead, after]: Seconds): Promise<Outage> {
  const routes: Record<string, Served> = {};
  for (const name of WATCHED) Object.assign(routes, (await loadWatchable(name)).routes());
  let store = await startStore(0, routes);
  const clients: ChildProcess[] = [];
  const looks: Look[][] = WATCHED.map(() => []);
  try {
    // One after the other: some give up a start that takes seconds, as several at once do on a busy machine.
    for (const name of WATCHED) clients.push(await startClient(name, `http://127.0.0.1:${store.port}`));
    const began = performance.now();
    for (let second = 0; second < before + dead + after; second++) {
      if (second === before) await kill(store.process);
      if (second === before + dead) store = await startStore(store.port, routes);
      await delay(Math.max(0, began + second * 1000 - performance.now()));
      const answers = await Promise.all(clients.map(look));
      answers.forEach((answer, index) => looks[index]!.push(answer));
    }
  } finally {
    for (const client of clients) client.disconnect();
    await kill(store.process);
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    seconds: { before, dead, after },
    pollS: POLL_MS / 1000,
    staleAfterS: STALE_AFTER_MS / 1000,
    accounts: WATCHED.map((name, index) => accountOf(name, looks[index]!)),
  };
}

async function startStore(
  port: number,
  routes: Readonly<Record<string, Served>>,
): Promise<{ process: ChildProcess; port: number }> {
  const process = fork(path('store-process.ts'), [String(port), JSON.stringify(routes)]);
  const [taken] = (await once(process, 'message')) as [number];
  return { process, port: taken };
}

async function startClient(name: string, url: string): Promise<ChildProcess> {
  // Its own lines on standard output, which nobody counts, are not this program's.
  const client = fork(path('client-process.ts'), [name, url], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const failed = once(client, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${code} before it had flags`);
  });
  await Promise.race([once(client, 'message'), failed]);
  failed.catch(() => undefined);
  return client;
}

async function look(client: ChildProcess): Promise<Look> {
  const answer = once(client, 'message');
  client.send('look');
  const [seen] = (await answer) as [Look];
  return seen;
}

async function kill(process: ChildProcess): Promise<void> {
  const ended = once(process, 'exit');
  process.kill('SIGKILL');
  await ended;
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function readOptions(
  args: readonly string[],
): { json: boolean; svg: string | undefined; seconds: Seconds } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        svg: { type: 'string' },
        seconds: { type: 'string', default: '30,90,60' },
        help: { type: 'boolean', default: false },
      },
    });
    const [before = 0, dead = 0, after = 0, ...more] = values.seconds.split(',').map(Number);
    const given = [before, dead, after] as const;
    if (more.length === 0 && given.every((part) => Number.isInteger(part) && part > 0) && !values.help) {
      return { json: values.json, svg: values.svg, seconds: given };
    }
    if (!values.help) console.error('--seconds is three numbers above 0, such as 30,90,60.');
  } catch (error) {
    console.error((error as Error).message);
  }
  console.error(HELP);
  return undefined;
}

function print({ seconds: { before, dead, after }, accounts }: Outage): void {
  console.log(`The store lives ${before} s, is dead ${dead} s, lives ${after} s.`);
  for (const account of accounts) console.log(described(account));
}

function described({ name, spans, lines, alwaysOn }: Account): string {
  const said = spans.map(({ says, fromS, untilS }) => `${says} ${fromS}-${untilS} s`).join('; ');
  const written = lines.map(({ atS, count }) => `${atS} s: ${count}`).join(', ');
  return [
    name,
    `  says     ${said}`,
    `  log      ${written === '' ? 'nothing' : written}`,
    `  answers  ${alwaysOn ? 'right all the time' : 'NOT right all the time'}`,
  ].join('\n');
}
