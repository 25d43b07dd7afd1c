// The programs that tests drive and npm does not carry. To add one, add a row.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { answers, root, run, TaskFailed } from './run.mjs';

/**
 * `variables` are those of the environment that say where it is, when it is not where it is looked for.
 *
 * @typedef {{
 *   name: string, why: string, variables: string[], isThere: () => boolean, apt: string, brew: string[]
 * }} Program
 */

/** Of the Nodes that tests/runtimes brings for Linux, the one that a Debian without a compiler lacks a library for. */
const node26 = join(root, 'tests/runtimes/node_modules/node-26-linux-x64/bin/node');

const browsers = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where `postgres` and `initdb` may be: no package puts them on the path. */
function postgresFolders() {
  const given = process.env.POSTGRES_PROGRAMS;
  if (given !== undefined) return [given];
  return ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'].flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .map((name) => join(folder, name, 'bin'))
          .filter((bin) => existsSync(join(bin, 'initdb')))
      : [],
  );
}

/** @type {readonly Program[]} */
const programs = [
  {
    name: 'redis-server',
    why: 'a real Redis for the tests of stores and feeds',
    variables: ['REDIS_SERVER'],
    isThere: () => answers(process.env.REDIS_SERVER ?? 'redis-server', '--version'),
    apt: 'redis-server',
    brew: ['redis'],
  },
  {
    name: 'Postgres',
    why: 'a real Postgres for the tests of its store',
    variables: ['POSTGRES_PROGRAMS'],
    isThere: () => postgresFolders().some((folder) => answers(join(folder, 'postgres'), '--version')),
    apt: 'postgresql',
    brew: ['postgresql@17'],
  },
  {
    name: 'PgBouncer',
    why: 'the pooler that most Postgres servers stand behind',
    variables: ['PGBOUNCER'],
    isThere: () =>
      (process.env.PGBOUNCER === undefined ? ['pgbouncer', '/usr/sbin/pgbouncer'] : [process.env.PGBOUNCER]).some(
        (path) => answers(path, '-V'),
      ),
    apt: 'pgbouncer',
    brew: ['pgbouncer'],
  },
  {
    name: 'Chromium',
    why: 'a real browser for the tests of pages',
    variables: ['CHROMIUM'],
    isThere: () => browsers.some((path) => path !== undefined && existsSync(path)),
    apt: 'chromium',
    brew: ['--cask', 'google-chrome'],
  },
  {
    name: 'Prometheus',
    why: 'a real Prometheus with promtool for the tests of metrics and alerts',
    variables: ['PROMETHEUS', 'PROMTOOL'],
    isThere: () =>
      answers(process.env.PROMETHEUS ?? 'prometheus', '--version') &&
      answers(process.env.PROMTOOL ?? 'promtool', '--version'),
    apt: 'prometheus',
    brew: ['prometheus'],
  },
  {
    name: 'nginx',
    why: 'a real proxy whose rules about paths the routes are tested behind',
    variables: ['NGINX'],
    isThere: () => answers(process.env.NGINX ?? 'nginx', '-v'),
    apt: 'nginx-light',
    brew: ['nginx'],
  },
  {
    name: 'HAProxy',
    why: 'another, which passes on what was typed',
    variables: ['HAPROXY'],
    isThere: () => answers(process.env.HAPROXY ?? 'haproxy', '-v'),
    apt: 'haproxy',
    brew: ['haproxy'],
  },
  {
    name: 'libatomic',
    why: 'a library that Node 26 stands on, one of the runtimes of the tests',
    variables: [],
    isThere: () => !existsSync(node26) || answers(node26, '--version'),
    apt: 'libatomic1',
    brew: [],
  },
];

/** Installs what is absent from the system's packages, after saying so; or says what a person has to install. */
export async function provideSystemPrograms() {
  const absent = programs.filter((program) => !program.isThere());
  if (absent.length === 0) return;
  const commands = installCommands(absent);
  if (commands === undefined) throw new TaskFailed(byHand(absent));
  console.log('Installing from the system’s packages, once (about a minute):');
  for (const { name, why } of absent) console.log(`  ${name}: ${why}`);
  for (const [command = '', ...args] of commands) {
    console.log(`  $ ${[command, ...args].join(' ')}`);
    const { code, output } = await run(command, args, { quiet: true });
    if (code !== 0) {
      console.error(output);
      throw new TaskFailed(`That failed; the lines above say why (no network?). ${byHand(absent)}`);
    }
  }
  const stillAbsent = absent.filter((program) => !program.isThere());
  if (stillAbsent.length > 0) throw new TaskFailed(`Installed, and still not found. ${byHand(stillAbsent)}`);
}

/** @param {readonly Program[]} absent @returns {string[][] | undefined} */
function installCommands(absent) {
  const isRoot = process.getuid?.() === 0;
  if (answers('apt-get', '--version') && (isRoot || answers('sudo', '-n', 'true'))) {
    const sudo = isRoot ? [] : ['sudo', '-n'];
    // RUNLEVEL keeps the packages from starting servers of their own: the tests start theirs on free ports.
    const quietly = ['env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
    const names = absent.map(({ apt }) => apt);
    return [
      [...sudo, 'apt-get', 'update', '-qq'],
      [...sudo, ...quietly, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names],
    ];
  }
  if (answers('brew', '--version')) return absent.map(({ brew }) => ['brew', 'install', ...brew]);
  return undefined;
}

/** @param {readonly Program[]} absent */
function byHand(absent) {
  const apt = absent.map((program) => program.apt).join(' ');
  const variables = absent.flatMap((program) => program.variables);
  const elsewhere =
    variables.length === 0 ? '' : ` For a program that is elsewhere, set ${inWords(variables)} to its path.`;
  return (
    `The tests need ${inWords(absent.map(({ name }) => name))}. ` +
    `Run \`apt-get install ${apt}\` as root, or install the like from your system’s packages, and run \`npm test\` again.` +
    `${elsewhere} \`npm run demo\` needs none of it.`
  );
}

/** @param {readonly string[]} names */
const inWords = (names) => [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
