import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';

/** What a file needs to be loaded, at however many removes: its static imports, without types. */
function loadedBy(file: URL, seen = new Map<string, readonly string[]>()): ReadonlyMap<string, readonly string[]> {
  if (seen.has(file.href)) return seen;
  const specifiers = [
    ...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm),
  ].map(([, specifier = '']) => specifier);
  seen.set(file.href, specifiers);
  for (const specifier of specifiers) if (specifier.startsWith('.')) loadedBy(new URL(specifier, file), seen);
  return seen;
}

describe('in a bare clone, where nothing is installed', () => {
  it.each(['../dev.mjs', '../dev/tasks.mjs', '../../.ci/demo.mjs'])('%s can be loaded', (path) => {
    const loaded = loadedBy(new URL(path, import.meta.url));
    const packages = [...loaded].flatMap(([file, specifiers]) =>
      specifiers
        .filter((one) => !one.startsWith('.') && !one.startsWith('node:') && !builtinModules.includes(one))
        .map((one) => `${file.slice(file.lastIndexOf('/scripts/') + 1)} imports ${one}`),
    );
    expect(packages).toEqual([]);
  });

  it('loads more than the file that is asked for', () => {
    expect(loadedBy(new URL('../dev/tasks.mjs', import.meta.url)).size).toBeGreaterThan(8);
  });
});
