// The package managers that a user may have, each as it is started in an empty project.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runIn } from '../../../scripts/release/run-in.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const carried = join(root, 'tests/runtimes/node_modules/.bin');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string };

export interface PackageManager {
  readonly name: string;
  /**
   * Installs what the package.json of `project` asks for. `caches` is a folder for what must not be kept between runs.
   */
  readonly install: (project: string, caches: string) => Promise<void>;
  /** Files, by name, that lead it to the registry of our packages. */
  readonly settings: (registry: string) => Readonly<Record<string, string>>;
  /** How a program that was installed is started, such as `tsc`, and a file by a Node. */
  readonly start: (program: string, ...args: readonly string[]) => readonly [command: string, ...args: string[]];
}

const installsWithinMs = 300_000;
const yarnBerry = ['--yes', '--prefer-offline', '--package', '@yarnpkg/cli-dist@4.18.1', 'yarn'];

function manager(name: string, command: string, ...args: readonly string[]): PackageManager {
  return {
    name,
    settings: (registry) => ({ '.npmrc': `@clarity:registry=${registry}\n` }),
    start: (program, ...given) => [`node_modules/.bin/${program}`, ...given],
    install: async (project, caches) => {
      // Bun and Deno find packages in their caches by name and version, and do not look at their contents.
      const env = {
        ...outside(),
        ...asNpm(),
        BUN_INSTALL_CACHE_DIR: join(caches, 'bun'),
        DENO_DIR: join(caches, 'deno'),
      };
      try {
        await runIn(project, command, args, { env, timeoutMs: installsWithinMs });
      } catch (error) {
        throw new Error(
          `${name} could not install our tarballs and what they depend on. That needs the npm registry: is there a network, and does \`npm ping\` answer? ${String(error)}`,
          { cause: error },
        );
      }
    },
  };
}

export const packageManagers: readonly PackageManager[] = [
  // Without a network npm would try for minutes.
  manager(
    'npm',
    'npm',
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--fetch-retries=2',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=3000',
  ),
  manager(
    'pnpm',
    'npx',
    '--yes',
    '--prefer-offline',
    packageManager,
    'install',
    '--prefer-offline',
    '--no-frozen-lockfile',
    '--ignore-scripts',
  ),
  manager('Bun', join(carried, 'bun'), 'install'),
  manager('Deno', join(carried, 'deno'), 'install'),
];

/** Yarn 4, by Plug'n'Play: there is no node_modules, and a package finds what it asks for by name, and nothing else. */
const yarn: PackageManager = {
  ...manager('Yarn', 'npx', ...yarnBerry, 'install'),
  settings: (registry) => ({
    'yarn.lock': '',
    '.yarnrc.yml': `nodeLinker: pnp
enableScripts: false
enableTelemetry: false
enableImmutableInstalls: false
npmMinimalAgeGate: 0
unsafeHttpWhitelist: ['127.0.0.1']
npmScopes:
  clarity:
    npmRegistryServer: '${registry.replace(/\/$/, '')}'
`,
  }),
  start: (program, ...args) => ['npx', ...yarnBerry, 'run', program, ...args],
};

/** One of them, or Yarn, which is asked for by the matrix of installs alone. */
export function packageManagerNamed(name: string): PackageManager {
  const found = [...packageManagers, yarn].find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no package manager ${name} here`);
  return found;
}

/**
 * How npm is told to reach its registry, and npm alone: it hands its settings to its scripts by variables that Bun and
 * Deno do not read.
 */
function asNpm(): NodeJS.ProcessEnv {
  const { npm_config_registry: registry, npm_config_cafile: authorities } = process.env;
  return {
    ...(registry !== undefined && {
      NPM_CONFIG_REGISTRY: registry,
      YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
    }),
    ...(authorities !== undefined && {
      NODE_EXTRA_CA_CERTS: authorities,
      DENO_CERT: authorities,
      YARN_HTTPS_CA_FILE_PATH: authorities,
    }),
  };
}

/**
 * The variables of this process without those that npm adds for its scripts: they name this workspace as the project.
 */
function outside(): NodeJS.ProcessEnv {
  const own =
    /^(npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|prefix|global_prefix))|INIT_CWD|NODE_PATH)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
