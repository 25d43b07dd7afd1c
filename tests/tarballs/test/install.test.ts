// What a user gets: every package packed, installed into an empty project outside of this workspace, type-checked and
// run.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageEntries, publishedFolders } from '../../../scripts/package-entries.ts';
import { problemsOf } from '../../../scripts/release/judge-tarball.mjs';
import { repositoryUrl } from '../../../scripts/release/repository.mjs';
import { runIn } from '../../../scripts/release/run-in.mjs';
import { SBOM_FILE, type sbomOf } from '../../../scripts/release/sbom.mjs';
import { readTarball } from '../../../scripts/release/tarball.mjs';
import { runtimes } from '../../runtimes/support/runtimes.ts';
import { packageManagers } from '../support/package-managers.ts';
import { type PackedPackages, packPackages } from '../support/packed-packages.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const root = join(here, '../..');
const programs = ['main.ts', 'with-effect.ts'] as const;

const strict = { strict: true, target: 'es2022', types: ['node'], rootDir: '.', outDir: 'dist' };
const compilers = {
  nodenext: { ...strict, module: 'nodenext' },
  bundler: { ...strict, module: 'esnext', moduleResolution: 'bundler', noEmit: true },
};

let folder: string;
let packages: PackedPackages;
let installed: Readonly<Record<string, Promise<string>>>;

beforeAll(async () => {
  packages = await packPackages(root);
  ({ folder } = packages);
  // All at once: they mostly wait for the network.
  installed = Object.fromEntries(
    packageManagers.map(({ name, install, settings }) => {
      const project = emptyProject(name, settings(packages.registry.url));
      const ready = install(project, join(folder, 'caches')).then(() => project);
      // A failure is told to the test that asks for this project, which may be later.
      ready.catch(() => {});
      return [name, ready];
    }),
  );
}, 60_000);

afterAll(async () => {
  await Promise.allSettled(Object.values(installed ?? {}));
  await packages?.dispose();
}, 60_000);

/**
 * A project of its own that asks for all packages by range, as if they were published. Only npm's has Effect, which is
 * 60 MB.
 */
function emptyProject(name: string, settings: Readonly<Record<string, string>>): string {
  const project = join(folder, name);
  mkdirSync(project);
  const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  if (name !== 'npm') delete dependencies['effect'];
  const asked = Object.entries(dependencies).map(([dependency, range]) => [
    dependency,
    range.startsWith('workspace:') ? `^${versionOf(dependency)}` : range,
  ]);
  const manifest = { name: 'app', private: true, type: 'module', dependencies: Object.fromEntries(asked) as object };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest, null, 2));
  for (const [file, text] of Object.entries(settings)) writeFileSync(join(project, file), text);
  writeFileSync(join(project, 'flags.json'), '{"schemaVersion":1,"flags":{"new_checkout":{"status":"enabled"}}}');
  const files = name === 'npm' ? programs : programs.slice(0, 1);
  for (const file of files) cpSync(join(here, 'project', file), join(project, file));
  for (const [compiler, compilerOptions] of Object.entries(compilers))
    writeFileSync(
      join(project, `tsconfig.${compiler}.json`),
      // The declarations of packages, which are most of the work, are checked once with Effect and once without.
      JSON.stringify(
        { compilerOptions: { ...compilerOptions, skipLibCheck: !checksLibraries(name, compiler) }, files },
        null,
        2,
      ),
    );
  return project;
}

function checksLibraries(manager: string, compiler: string): boolean {
  return compiler === 'nodenext' && (manager === 'npm' || manager === 'pnpm');
}

function versionOf(name: string): string {
  const path = join(root, 'packages', name.replace('@clarity/flags-', ''), 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

it('no tarball lacks what it should hold, or holds tests, scripts, credentials or source maps that lead nowhere', () => {
  const packed = join(folder, 'packed');
  const files = readdirSync(packed);
  expect(files).toHaveLength(publishedFolders().length);
  const expected = { repository: repositoryUrl(), machinePath: root };
  expect(files.flatMap((file) => problemsOf(readTarball(join(packed, file)), expected))).toEqual([]);
});

it('F97 each tarball lists what is inside it, copies of others too', () => {
  const copies: Readonly<Record<string, readonly string[]>> = {
    '@clarity/flags-changes': ['jsonc-parser@3.3.1'],
    '@clarity/flags-core': ['effect@4.1.0'],
    '@clarity/flags-otlp': ['@noble/hashes@2.4.0'],
  };
  const packed = join(folder, 'packed');
  for (const { manifest, files } of readdirSync(packed).map((file) => readTarball(join(packed, file)))) {
    const sbom = JSON.parse(files.get(SBOM_FILE) ?? '{}') as ReturnType<typeof sbomOf>;
    const asked = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})];
    expect(sbom.components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`))).toEqual(asked);
    const parts = sbom.metadata.component.components.map(
      ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`,
    );
    expect(parts, manifest.name).toEqual(copies[manifest.name] ?? []);
  }
});

it('the program imports every entry of every package', () => {
  const text = programs.map((program) => readFileSync(join(here, 'project', program), 'utf8')).join('');
  // `contracts` needs vitest, and `main` of the command line runs it: see below.
  const left = new Set(['@clarity/flags-testing/contracts', '@clarity/flags-cli/main']);
  const entries = publishedFolders().flatMap((path) =>
    packageEntries(join(root, path)).map(({ specifier }) => specifier),
  );
  expect(entries.filter((entry) => !left.has(entry) && !text.includes(`from '${entry}'`))).toEqual([]);
});

describe.each(packageManagers)('installed by $name', ({ name }) => {
  it('the packages are copies, complete, and outside of this workspace', { timeout: 180_000 }, async () => {
    const project = await installed[name]!;
    for (const path of publishedFolders()) {
      const copy = realpathSync(join(project, 'node_modules', `@clarity/flags-${path.slice('packages/'.length)}`));
      expect(copy.startsWith(folder), copy).toBe(true);
      expect(existsSync(join(copy, 'README.md')), copy).toBe(true);
    }
  });

  it.each(Object.keys(compilers))(
    'a strict program compiles, module resolution %s',
    { timeout: 120_000 },
    async (compiler) => {
      const project = await installed[name]!;
      const tsc = join(root, 'node_modules/.bin/tsc');
      expect(await runIn(project, tsc, ['--project', `tsconfig.${compiler}.json`])).toBe('');
    },
  );

  // Each Node where npm installed, and for the others the runtime that one would use beside them.
  const suitable = runtimes.filter(({ name: runtime }) =>
    name === 'npm'
      ? runtime !== 'Bun' && runtime !== 'Deno'
      : runtime === name || (name === 'pnpm' && /Node/.test(runtime) && runtime === runtimes[0]?.name),
  );

  it.each(suitable)('and runs in $name', async ({ run }) => {
    const project = await installed[name]!;
    const { code, stdout, stderr } = await run(join(project, 'dist/main.js'));
    expect(stdout, stderr).not.toBe('');
    expect(JSON.parse(stdout)).toEqual({
      plain: true,
      typed: true,
      evaluated: true,
      explained: true,
      atTheEdge: true,
      health: 200,
      refused: 'unavailable',
      functions: true,
      stores: 8,
    });
    expect(code).toBe(0);
  });

  it('the command line is there', async () => {
    const project = await installed[name]!;
    const said = await runIn(project, join(project, 'node_modules/.bin/clarity-flags'), [
      'validate',
      'flags.json',
      '--format',
      'json',
    ]);
    expect(JSON.parse(said)).toMatchObject({ valid: true });
  });
});

it('a program of Effect compiles and runs where the application installed Effect, as npm did here', async () => {
  const project = await installed['npm']!;
  const said = await runIn(project, process.execPath, ['dist/with-effect.js']);
  // The source is shared with a plain client, which an entry of its own holds: the last one closes it.
  expect(JSON.parse(said)).toEqual({ on: true, fromStore: true, layers: 6, closedByTheFirst: 0, closed: 1 });
});
