import { readFileSync } from 'node:fs';
import type { Options } from 'tsup';

/**
 * The source files behind a package's own "exports" (read from the folder that tsup runs in), so that
 * entry points and build cannot drift apart. Sub-paths that are not built JavaScript are left out.
 */
export function entries(): string[] {
  const { exports = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports?: Record<string, string | { default: string }>;
  };
  return Object.values(exports).flatMap((target) =>
    typeof target === 'object' ? [target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')] : [],
  );
}

/** JavaScript by tsup; declarations by `tsc -p tsconfig.build.json` (TypeScript 7 has no API for tsup's `dts`). */
export const base: Options = {
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  splitting: true,
  sourcemap: true,
  esbuildOptions(options) {
    // Packages ship src, so maps need no second copy of it; and core's would hold all of Effect, 2 MB.
    options.sourcesContent = false;
  },
  // The build script empties dist: tsup would do so once for each pass.
  clean: false,
  dts: false,
};
