import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { builtGraph } from '../support/built-graph.ts';
import { runtimes } from '../support/runtimes.ts';

const fromEffect = /\/node_modules\/effect\//;
const core = dirname(createRequire(import.meta.url).resolve('@clarity/flags-core/package.json'));

describe('the built ./evaluation, ./explain, ./definition and ./ports', () => {
  it.each(['evaluation', 'explain', 'definition', 'ports'])(
    'hold nothing of Effect and load no package: %s',
    (entry) => {
      const graph = builtGraph(`@clarity/flags-core/${entry}`);
      expect(graph.packages).toEqual([]);
      expect(graph.sources).not.toHaveLength(0);
      expect(graph.sources.filter((source) => fromEffect.test(source))).toEqual([]);
      expect(graph.sources.filter((source) => source.includes('/src/drivers/background/'))).toEqual([]);
    },
  );
});

// Each file costs about a millisecond of CPU time at every cold start: docs/decisions/0008-few-files-to-load.md.
it.each([
  ['', 2],
  ['/evaluation', 1],
  ['/edge', 1],
  ['/threads', 2],
  ['/driver', 2],
])('the built @clarity/flags-core%s is at most %i file(s) to load', (entry, most) => {
  expect(builtGraph(`@clarity/flags-core${entry}`).files.length).toBeLessThanOrEqual(most);
});

describe('the built main entry', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it('carries its own copy of what it uses of Effect and loads no package but those of the runtime', () => {
    const graph = builtGraph('@clarity/flags-core');
    expect(graph.packages.filter((name) => !name.startsWith('node:'))).toEqual([]);
    expect(graph.sources.some((source) => fromEffect.test(source))).toBe(true);
  });

  it.each(runtimes)('loads in $name where no Effect is installed', async ({ run }) => {
    const folder = mkdtempSync(join(tmpdir(), 'clarity-alone-'));
    folders.push(folder);
    for (const part of ['dist', 'package.json']) {
      cpSync(join(core, part), join(folder, 'node_modules/@clarity/flags-core', part), { recursive: true });
    }
    const file = pathToFileURL(join(folder, 'node_modules/@clarity/flags-core/dist/index.js')).href;
    const { code, stdout, stderr } = await run('src/import.mjs', file);
    expect(stderr).toBe('');
    expect(stdout.trim()).toContain('createFlagClient');
    expect(code).toBe(0);
  });
});

describe('the built ./effect', () => {
  it("takes Effect from the application, so that its values are the application's own", () => {
    const graph = builtGraph('@clarity/flags-core/effect');
    expect(graph.sources.filter((source) => fromEffect.test(source))).toEqual([]);
    expect(graph.packages.filter((name) => name.startsWith('effect/'))).not.toHaveLength(0);
    expect(graph.packages.filter((name) => !name.startsWith('effect/') && !name.startsWith('node:'))).toEqual([]);
  });
});

describe('the built file store', () => {
  it("names Node's modules in full, as Deno and bundlers know them", () => {
    const { packages } = builtGraph('@clarity/flags-file');
    expect(packages).toContain('node:fs/promises');
    expect(packages.filter((name) => !name.startsWith('node:') && !name.startsWith('@clarity/flags-'))).toEqual([]);
  });
});
