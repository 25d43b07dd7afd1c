// Makes dist/cjs of the package that it is run in, for CommonJS and for tools that load nothing else, such as Jest: the
// built modules of the entries whose "exports" say `require`, and their declarations. Node itself takes the ES modules
// by both ways ("module-sync"), so that a program has one copy of them: docs/decisions/0019-two-formats-one-copy.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { importsOf } from './arrows/imports.mjs';

const FOLDER = 'dist/cjs';

/** @type {{ exports: Record<string, string | { require?: { types: string, default: string } }> }} */
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const targets = Object.values(exports).flatMap((target) =>
  typeof target === 'object' && target.require !== undefined ? [target.require] : [],
);
const beside = (/** @type {string} */ target) => join('dist', relative(FOLDER, target));

await build({
  entryPoints: reachable(targets.map((target) => beside(target.default))),
  outdir: FOLDER,
  outbase: 'dist',
  format: 'cjs',
  platform: 'node',
  target: 'es2022',
  sourcemap: true,
  sourcesContent: false,
  // Jest has no `import()` for CommonJS.
  supported: { 'dynamic-import': false },
});
for (const file of reachable(targets.map(({ types }) => beside(types)))) {
  const copy = join(FOLDER, relative('dist', file));
  mkdirSync(dirname(copy), { recursive: true });
  writeFileSync(copy, readFileSync(file));
  /** @type {{ sources: string[] }} */
  const map = JSON.parse(readFileSync(`${file}.map`, 'utf8'));
  writeFileSync(`${copy}.map`, JSON.stringify({ ...map, sources: map.sources.map((source) => `../${source}`) }));
}
writeFileSync(join(FOLDER, 'package.json'), '{ "type": "commonjs" }\n');

/** These files of dist, and those that they import. @param {readonly string[]} entries */
function reachable(entries) {
  const files = new Set(entries);
  for (const file of files) {
    for (const { specifier } of importsOf(file, readFileSync(file, 'utf8'))) {
      if (!specifier.startsWith('.')) continue;
      // Declarations import each other by the names of their sources.
      const path = join(dirname(file), specifier);
      files.add(file.endsWith('.d.ts') ? path.replace(/\.ts$/, '.d.ts') : path);
    }
  }
  return [...files];
}
