import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests import the packages' sources by the names that users know, so coverage counts them and no build is needed first.
const alias = readdirSync('packages').flatMap((dir) => {
  const { name, exports } = JSON.parse(readFileSync(`packages/${dir}/package.json`, 'utf8')) as {
    name: string;
    exports: Record<string, string | { default: string }>;
  };
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string') return [];
    const source = target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
    return [
      {
        find: new RegExp(`^${name}${path.slice(1)}$`),
        replacement: fileURLToPath(new URL(`packages/${dir}/${source}`, import.meta.url)),
      },
    ];
  });
});

export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line.ts'],
    coverage: { provider: 'v8', include: ['packages/*/src/**'], reporter: ['text-summary', 'lcov'] },
    projects: [
      {
        resolve: { alias },
        test: { name: 'unit', include: ['packages/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'] },
      },
      // Sources again, against real servers and real files, across packages.
      { resolve: { alias }, test: { name: 'live', include: ['tests/live/**/*.test.ts'], testTimeout: 20_000 } },
      // What npm users get: the built packages, in each runtime.
      { test: { name: 'runtimes', include: ['tests/runtimes/**/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
});
