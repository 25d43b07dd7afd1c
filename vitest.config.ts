import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { runSeed, sized } from './scripts/drawn-tests.ts';
import { packageEntries, packageFolders } from './scripts/package-entries.ts';

// One seed for the whole run, which the workers inherit and the closing line tells.
process.env['SEED'] = String(runSeed());

// Tests import the packages' sources by the names that users know, so coverage counts them and no build is needed
// first.
const alias = packageFolders().flatMap((folder) =>
  packageEntries(folder).map(({ specifier, source }) => ({
    find: new RegExp(`^${specifier}$`),
    replacement: fileURLToPath(new URL(`${folder}/${source}`, import.meta.url)),
  })),
);

export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line.ts'],
    coverage: { provider: 'v8', include: ['packages/*/src/**'], reporter: ['text-summary', 'lcov'] },
    // Projects run one after another: servers and child processes are not to be starved by the unit tests.
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts', 'tests/docs/**/*.test.ts'],
          testTimeout: sized(5_000, 300_000),
          sequence: { groupOrder: 0 },
        },
      },
      // Random histories of a world that misbehaves: a share of what `npm run simulate` runs.
      {
        resolve: { alias },
        test: {
          name: 'simulation',
          include: ['tests/simulation/**/*.test.ts'],
          testTimeout: sized(300_000, 1_800_000),
          sequence: { groupOrder: 0 },
        },
      },
      // Sources again, against real servers and real files, across packages.
      {
        resolve: { alias },
        test: {
          name: 'live',
          include: ['tests/{live,hosts,stand-ins}/**/*.test.ts', 'examples/*/*.test.ts'],
          testTimeout: sized(20_000, 120_000),
          sequence: { groupOrder: 1 },
        },
      },
      // What npm users get: the built packages, in each runtime, and their tarballs.
      {
        test: {
          name: 'runtimes',
          include: ['tests/runtimes/**/*.test.ts', 'tests/tarballs/**/*.test.ts'],
          setupFiles: ['tests/runtimes/support/built-packages.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
