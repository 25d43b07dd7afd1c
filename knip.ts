import { readdirSync, readFileSync } from 'node:fs';
import type { KnipConfig } from 'knip';

/** The sources behind a package's "exports": what users reach, and so what is not unused. */
function entriesOf(dir: string): string[] {
  const { exports } = JSON.parse(readFileSync(`packages/${dir}/package.json`, 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  return Object.values(exports).flatMap((target) =>
    typeof target === 'object' ? [target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')] : [],
  );
}

const packages = Object.fromEntries(
  readdirSync('packages').map((dir) => [
    `packages/${dir}`,
    { entry: [...entriesOf(dir), 'test/**/*.test.ts'], project: ['src/**', 'test/**'] },
  ]),
);

const config: KnipConfig = {
  ignoreExportsUsedInFile: { interface: true, type: true },
  workspaces: {
    '.': {
      entry: ['scripts/*.{mjs,ts}', 'scripts/dev/*.mjs', 'scripts/test/**/*.test.ts', '.ci/*.mjs'],
      project: ['scripts/**', '.ci/**', '*.ts'],
      // Run by name, or by another tool.
      ignoreDependencies: ['oxfmt', 'oxlint', 'oxlint-tsgolint', 'turbo'],
    },
    ...packages,
    'examples/*': { entry: ['main.{ts,mjs}', '**/*.test.ts'] },
    'tests/runtimes': { entry: ['src/*.{mjs,ts}', '**/*.test.ts'], ignoreDependencies: ['bun', 'deno', 'workerd'] },
    'tests/*': { entry: ['**/*.test.ts'] },
  },
};

export default config;
