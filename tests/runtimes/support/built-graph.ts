// What a built entry of core loads: the files of dist that it reaches, the sources that were compiled into those, and
// the packages that it leaves for the runtime to find.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { initSync, parse } from 'es-module-lexer';

initSync();
const { resolve } = createRequire(import.meta.url);

export interface BuiltGraph {
  readonly files: readonly string[];
  readonly sources: readonly string[];
  readonly packages: readonly string[];
}

/** Follows every import, dynamic ones too, from an entry such as `@clarity/flags-core/evaluation`. */
export function builtGraph(specifier: string): BuiltGraph {
  const files = new Set<string>();
  const sources = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const source of sourcesOf(file)) sources.add(source);
    for (const { n: imported } of parse(readFileSync(file, 'utf8'))[0]) {
      if (imported === undefined) continue;
      if (imported.startsWith('.')) visit(join(dirname(file), imported));
      else packages.add(imported);
    }
  };
  visit(resolve(specifier));
  return { files: [...files].map((file) => basename(file)), sources: [...sources], packages: [...packages] };
}

/**
 * The bundler heads each source with its path, unless it minifies. Then the map names the sources, but only those that
 * the package ships: of Effect, which would be bundled with them, the names of its types are left.
 */
function sourcesOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const headed = [...text.matchAll(/^\/\/ (\S+\.[jt]s)$/gm)].map(([, path = '']) => `/${path}`);
  if (headed.length > 0) return headed;
  const { sources } = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { readonly sources: readonly string[] };
  const shipped = sources.map((path) => join('/', path));
  return text.includes('~effect/') ? [...shipped, '/node_modules/effect/'] : shipped;
}
