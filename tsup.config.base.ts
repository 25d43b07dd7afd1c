import type { Options } from 'tsup';
import { packageEntries } from './scripts/package-entries.ts';

/** The entries of the package that tsup runs in. */
export const entries = (): string[] => packageEntries('.').map(({ source }) => source);

/** What every package leaves for the runtime; a config with `external` of its own has to repeat it. */
export const nodeModules = [/^node:/];

/** Private packages: no user can install them, so they are copied into those that use them. */
export const ours = [/^@clarity\/flags-(redis-protocol|web)(\/|$)/];

/** Packages of ours, by name; also a package's own, by which its entry `./effect` takes the main entry as it is. */
const family = [/^@clarity\/flags-/];

/** JavaScript by tsup; declarations by `tsc -p tsconfig.build.json` (TypeScript 7 has no API for tsup's `dts`). */
export const base: Options = {
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  splitting: true,
  // Deno and bundlers know Node's modules by their full name only.
  removeNodeProtocol: false,
  external: [...nodeModules, ...family],
  sourcemap: true,
  esbuildOptions(options) {
    // Packages ship src, so maps need no second copy of it; and core's would hold all of Effect, 2 MB.
    options.sourcesContent = false;
    // Puts numbers in place of constants, which no later bundler can do. Other names stay as they are.
    options.minifySyntax = true;
  },
  // The build script empties dist: tsup would do so once for each pass.
  clean: false,
  dts: false,
};
