import type { KnipConfig } from 'knip';
import { packageEntries, packageFolders } from './scripts/package-entries.ts';

const packages = Object.fromEntries(
  packageFolders().map((folder) => [
    folder,
    {
      entry: [...packageEntries(folder).map(({ source }) => source), 'test/**/*{.test,-cli}.ts'],
      project: ['src/**', 'test/**'],
      // Named for the ranges that `init --example` writes: packing puts versions in place of `workspace:^`.
      ...(folder === 'packages/cli' && { ignoreDependencies: [/^@clarity\/flags-(express|file|http|otlp|testing)$/] }),
    },
  ]),
);

const config: KnipConfig = {
  // Programs of the system that tests drive.
  ignoreBinaries: ['mkfifo', 'openssl', 'promtool', 'prometheus'],
  // The preset loads its adapters when an address asks for one.
  rules: { optionalPeerDependencies: 'off' },
  ignoreExportsUsedInFile: { interface: true, type: true },
  workspaces: {
    '.': {
      entry: [
        'scripts/*.{mjs,ts}',
        'scripts/dev/*.mjs',
        'scripts/release/{dry,pack,repository}.mjs',
        'scripts/mutate/{mutate,note-reached,vitest.config}.ts',
        'scripts/test/**/*.test.ts',
        '.ci/*.mjs',
      ],
      project: ['scripts/**', '.ci/**', '*.ts'],
      // Run by name, or by another tool.
      ignoreDependencies: ['oxfmt', 'oxlint', 'oxlint-tsgolint', 'turbo'],
    },
    ...packages,
    // Samples run in processes of their own, by path.
    bench: {
      entry: [
        'src/main.ts',
        'src/**/*.mjs',
        'src/*/{sample,ask,agreement,baseline}.ts',
        'src/**/*-process.ts',
        'src/allocation-probe.ts',
      ],
    },
    // `cloudflare:workers` is the runtime's own.
    // Layers of an adapter load its client.
    'examples/effect-app': { entry: ['main.ts', '**/*.test.ts'], ignoreDependencies: ['ioredis'] },
    'examples/*': { entry: ['{main,publish,worker}.ts', '**/*.test.ts'], ignoreDependencies: ['cloudflare'] },
    'tests/runtimes': {
      entry: ['src/*.{mjs,ts}', 'src/contracts/*.ts', '**/*.test.ts'],
      // The programs that are built from other folders' harnesses load them, from here.
      // `cloudflare:` is workerd's own.
      ignoreDependencies: [
        'bun',
        'deno',
        'cloudflare',
        '@clarity/flags-node',
        '@clarity/flags-postgres',
        '@clarity/flags-ssm',
        '@aws-sdk/client-ssm',
        '@upstash/redis',
        'pg',
      ],
    },
    'tests/tarballs': {
      // Programs of others, which are copied out of this workspace.
      ignore: ['projects/**'],
      entry: ['project/*.ts', '**/*.test.ts'],
      ignoreDependencies: [
        '@clarity/flags-cli',
        '@types/express',
        '@types/node',
        '@aws-sdk/client-ssm',
        '@upstash/redis',
        'ioredis',
        'pg',
        'prom-client',
      ],
    },
    // Loaded before examples, by path.
    'tests/stand-ins': { entry: ['play-*.ts', '**/*.test.ts'] },
    'tests/simulation': {
      entry: ['cli.ts', 'mutations.ts', 'src/first-failure.ts', 'src/sources.mjs', '**/*.test.ts'],
    },
    // The code of the documentation imports them.
    'tests/docs': {
      ignoreDependencies: [
        '@aws-sdk/client-ssm',
        '@nestjs/common',
        '@nestjs/core',
        '@types/express',
        '@upstash/redis',
        'effect',
        'express',
        'hono',
        'ioredis',
        'prom-client',
        'zod',
      ],
    },
    'tests/hosts/*': { entry: ['**/*.test.ts'] },
    'tests/*': { entry: ['**/*.test.ts', '**/*.mjs', '**/*-program.ts'], ignoreDependencies: ['bun', 'deno'] },
  },
};

export default config;
